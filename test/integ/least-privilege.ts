import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand, ListRolesCommand } from '@aws-sdk/client-iam';

interface Server {
  readonly endpoint: string;
  readonly region: string;
  readonly controlToken: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

interface PolicyStatement {
  readonly Action: string | readonly string[];
}

/** A statement of a role's inline policy, by names that do not change from one deployment to the next. */
export interface RoleStatement {
  /** Logical id of the policy without its hash. */
  readonly policy: string;
  readonly actions: readonly string[];
  /** Whether a call would have been refused without it. */
  readonly needed: boolean;
  /** Actions of a needed statement without which no call would have been refused. */
  readonly idle: readonly string[];
}

export class RunningCloud {
  private readonly server: Server;

  constructor(stateDir: string) {
    this.server = JSON.parse(readFileSync(join(stateDir, 'server.json'), 'utf8')) as Server;
  }

  async control<T>(path: string): Promise<T> {
    const headers = { authorization: `Bearer ${this.server.controlToken}` };
    return (await (await fetch(`${this.server.endpoint}/_local/${path}`, { headers })).json()) as T;
  }

  /** Every statement of the platform's roles, with whether the calls so far could have done without it. */
  async statements(): Promise<readonly RoleStatement[]> {
    const { endpoint, region, credentials } = this.server;
    const iam = new IAMClient({ endpoint, region, credentials });
    const use = await this.control<Record<string, Record<string, { readonly actions: readonly string[] }>>>('statement-use');
    const found: RoleStatement[] = [];
    const { Roles = [] } = await iam.send(new ListRolesCommand({}));
    for (const { RoleName, Arn = '' } of Roles) {
      // The bootstrap's roles are AWS's to write.
      if (RoleName?.startsWith('slipway-') !== true) continue;
      const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
      for (const PolicyName of PolicyNames) {
        const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument)) as { Statement: readonly PolicyStatement[] };
        for (const [index, { Action }] of Statement.entries()) {
          const need = use[Arn]?.[`${PolicyName}\n${index}`];
          const actions = [Action].flat().sort();
          found.push({
            policy: PolicyName.replace(/[0-9A-F]{8}$/, ''),
            actions,
            needed: need !== undefined,
            idle: need === undefined ? [] : actions.filter((action) => !need.actions.includes(action.toLowerCase())),
          });
        }
      }
    }
    iam.destroy();
    return found;
  }
}
