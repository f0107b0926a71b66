import type { Clock } from '../clock/clock';
import type { Caller } from '../cloud';
import { AwsError } from '../errors';
import type { Storage } from '../storage/storage';
import { Denials } from './denials';
import { type IamStore, iamStore } from './entities';
import type { Guard, Guarded } from './guards';
import { managedPolicy } from './managed-policies';
import { MalformedPolicy, type Policy, parsePolicy } from './policy/document';
import { type AccessRequest, type Decision, evaluate, type Policies, type Principal } from './policy/evaluate';
import { requestContext } from './request-context';
import type { Right } from './rights';
import { StatementUse } from './statement-use';

export interface AuthorizerOptions {
  readonly storage: Storage;
  readonly account: string;
  readonly region: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Guards of resources, by the service part of their ARN. */
  guardOf(service: string): Guard | undefined;
}

/** A service's own word for a refusal. */
export interface RefusalCode {
  readonly code: string;
  readonly status: number;
}

const MAX_DOCUMENTS = 5000;
const NOTHING: Policy = { variables: true, statements: [] };

interface IdentityPolicies {
  readonly named: readonly { readonly name: string; readonly policy: Policy }[];
  readonly boundary?: Policy;
}

function refusalText(request: AccessRequest, decision: Decision & { allowed: false }): string {
  const about = request.resource === '*' ? '' : ` on resource: ${request.resource}`;
  const article = /^[aeiou]/.test(decision.by) ? 'an' : 'a';
  const reason = decision.explicit
    ? `with an explicit deny in ${article} ${decision.by}`
    : `because no ${decision.by} allows the ${request.action} action`;
  return `User: ${request.principal.arn} is not authorized to perform: ${request.action}${about} ${reason}`;
}

/** Decides whether a caller may do what an operation asks for. Deny by default; nothing switches it off. */
export class Authorizer {
  readonly denials: Denials;
  readonly use: StatementUse;
  private readonly store: IamStore;
  private readonly documents = new Map<string, Policy>();
  private readonly roles = new Map<string, IdentityPolicies>();
  /** Roles and services that their trust policies admit. */
  private readonly trusted = new Set<string>();
  private rolesVersion = -1;

  constructor(private readonly options: AuthorizerOptions) {
    this.store = iamStore(options.storage);
    this.denials = new Denials(options.storage, options.clock);
    this.use = new StatementUse();
  }

  /** Throws the service's refusal (`User: .. is not authorized to perform: ..`) at the first right that the caller lacks. */
  check(caller: Caller, rights: readonly Right[], refusal: RefusalCode): void {
    if (rights.length === 0) return;
    if (caller.assumedBy !== undefined) this.checkTrust(caller, refusal);
    for (const right of rights) this.checkRight(caller, right, refusal);
  }

  /** Throws `AccessDenied` unless the role's trust policy lets this caller (or service) have a session of it. */
  checkAssume(roleArn: string, by: Caller): void {
    if (by.kind === 'root') throw new AwsError('AccessDenied', 'Roles may not be assumed by root accounts.', { status: 403 });
    const request = this.request(by, { action: 'sts:AssumeRole', resource: roleArn });
    const decision = this.trustDecision(roleArn, by, request);
    if (decision.allowed) return;
    const text = refusalText(request, decision);
    // The trust policy is a resource policy by its nature, and has a name of its own in AWS's texts.
    const message = text
      .replace('no resource-based policy', 'no role trust policy')
      .replace('an explicit deny in a resource-based policy', 'an explicit deny in the role trust policy');
    this.refuse(request, decision, message, { code: 'AccessDenied', status: 403 });
  }

  /** Whether the trust policy of a role (that there is) lets this caller have a session of it. */
  admits(roleArn: string, by: Caller): boolean {
    return this.trustDecision(roleArn, by, this.request(by, { action: 'sts:AssumeRole', resource: roleArn })).allowed;
  }

  private trustDecision(roleArn: string, by: Caller, request: AccessRequest): Decision {
    const role = this.store.roles.get(roleArn.slice(roleArn.lastIndexOf('/') + 1));
    const trust = role === undefined || role.arn !== roleArn ? NOTHING : this.policy(role.trust);
    return evaluate(request, { ...evaluated(this.identityOf(by)), resource: trust, resourceMustAllow: true });
  }

  /** ARN of a role given by its name or ARN; undefined if there is none. */
  roleArn(reference: string): string | undefined {
    return this.store.roles.get(reference.slice(reference.lastIndexOf('/') + 1))?.arn;
  }

  private checkTrust(caller: Caller, refusal: RefusalCode): void {
    const { assumedBy, roleArn = '' } = caller;
    if (assumedBy === undefined) return;
    this.refresh();
    const key = [roleArn, assumedBy.service, assumedBy.sourceArn ?? ''].join('\n');
    if (this.trusted.has(key)) return;
    const service: Caller = {
      kind: 'service',
      arn: assumedBy.service,
      account: caller.account,
      ...(assumedBy.sourceArn === undefined ? {} : { sourceArn: assumedBy.sourceArn }),
    };
    try {
      this.checkAssume(roleArn, service);
      this.trusted.add(key);
    } catch (error) {
      throw error instanceof AwsError ? new AwsError(refusal.code, error.message, { status: refusal.status }) : error;
    }
  }

  private checkRight(caller: Caller, right: Right, refusal: RefusalCode): void {
    const guard = this.options.guardOf(right.resource.split(':')[2] ?? '');
    // A service that writes its own metrics, events and logs does so without anybody's leave.
    if (caller.kind === 'service' && guard === undefined) return;
    const guarded: Guarded = guard?.(right.resource) ?? { resource: right.resource };
    if (caller.kind === 'service' && guarded.absent === true) return;
    const request = this.request(caller, { ...right, resource: guarded.resource });
    const policies = this.identityOf(caller);
    const applying: Policies = {
      ...evaluated(policies),
      ...(caller.sessionPolicy === undefined ? {} : { session: this.policy(caller.sessionPolicy) }),
      ...(guarded.policy === undefined ? {} : { resource: this.policy(guarded.policy) }),
      ...(guarded.mustAllow === true ? { resourceMustAllow: true } : {}),
      ...(guarded.granted?.(caller, right.action, request.context) === true ? { granted: true } : {}),
    };
    const decision = evaluate(request, applying);
    if (!decision.allowed) this.refuse(request, decision, refusalText(request, decision), refusal);
    if (caller.roleArn === undefined || this.use.knows(caller.roleArn, request, caller.via)) return;
    this.use.try(caller.roleArn, { request, names: policies.named.map(({ name }) => name), policies: applying });
  }

  private refuse(request: AccessRequest, decision: Decision & { allowed: false }, message: string, refusal: RefusalCode): never {
    const { principal, action, resource } = request;
    const who = principal.roleArn ?? principal.arn;
    const where = decision.by === 'resource-based policy' ? `resource-based policy of ${resource}` : `${decision.by} of ${who}`;
    const whom = principal.kind === 'service' ? { Service: principal.arn } : { AWS: who };
    const byResource = decision.by === 'resource-based policy';
    const statement = { Effect: 'Allow', Action: action, Resource: resource, ...(byResource ? { Principal: whom } : {}) };
    this.denials.record({ caller: who, action, resource, message, where, ...(decision.explicit ? {} : { statement }) });
    throw new AwsError(refusal.code, message, { status: refusal.status });
  }

  private request(caller: Caller, right: Right): AccessRequest {
    const principal: Principal = {
      kind: caller.kind,
      arn: caller.arn,
      account: caller.account,
      ...(caller.roleArn === undefined ? {} : { roleArn: caller.roleArn }),
    };
    const { account, region, clock } = this.options;
    const context = requestContext(caller, right, { account, region, now: clock.now() });
    return { principal, action: right.action, resource: right.resource, context };
  }

  private identityOf(caller: Caller): IdentityPolicies {
    if (caller.kind === 'user')
      return { named: [{ name: 'AdministratorAccess', policy: this.managed('arn:aws:iam::aws:policy/AdministratorAccess') }] };
    if (caller.roleArn === undefined) return { named: [] };
    this.refresh();
    let found = this.roles.get(caller.roleArn);
    if (found === undefined) {
      found = this.ofRole(caller.roleArn);
      this.roles.set(caller.roleArn, found);
    }
    return found;
  }

  /** Forgets what was read of roles before their last change. */
  private refresh(): void {
    if (this.rolesVersion === this.store.version()) return;
    this.roles.clear();
    this.trusted.clear();
    this.rolesVersion = this.store.version();
  }

  private ofRole(roleArn: string): IdentityPolicies {
    const role = this.store.roles.get(roleArn.slice(roleArn.lastIndexOf('/') + 1));
    if (role === undefined) return { named: [] };
    return {
      named: [
        ...Object.entries(role.inline).map(([name, text]) => ({ name, policy: this.policy(text) })),
        ...role.attached.map((arn) => ({ name: arn, policy: this.managed(arn) })),
      ],
      ...(role.boundary === undefined ? {} : { boundary: this.managed(role.boundary) }),
    };
  }

  private managed(arn: string): Policy {
    const text = managedPolicy(arn) ?? this.store.policies.get(arn)?.document;
    return text === undefined ? NOTHING : this.policy(text);
  }

  /** A document read once. One that cannot be read allows nothing (operations refuse such documents at the door). */
  private policy(text: string): Policy {
    let found = this.documents.get(text);
    if (found === undefined) {
      try {
        found = parsePolicy(text);
      } catch (error) {
        if (!(error instanceof MalformedPolicy)) throw error;
        found = NOTHING;
      }
      if (this.documents.size >= MAX_DOCUMENTS) this.documents.clear();
      this.documents.set(text, found);
    }
    return found;
  }
}

function evaluated({ named, boundary }: IdentityPolicies): { identity: readonly Policy[]; boundary?: Policy } {
  return { identity: named.map(({ policy }) => policy), ...(boundary === undefined ? {} : { boundary }) };
}
