import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Stage } from '../../core/definition';
import { type Names, names } from '../../core/naming';
import { platform } from '../../platform';
import { Failure } from './failure';
import { type LocalServer, requireServer } from './state-folder';

/** Where commands act: a local AWS or an account; the same SDK clients either way. */
export interface Target {
  readonly kind: 'local' | 'aws';
  readonly stage: Stage;
  readonly names: Names;
  /** Options for every SDK client; empty for an account, where the environment decides. */
  readonly client: {
    readonly endpoint?: string;
    readonly region?: string;
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  readonly server: LocalServer | undefined;
}

export interface TargetOptions {
  readonly target: string;
  readonly stage: string;
  readonly state: string;
}

/** Reads `--target`, `--stage` and `--state`. Throws Failure when the stage is unknown or no local AWS runs. */
export function openTarget(options: TargetOptions): Target {
  const stage = platform.stages.find(({ name }) => name === options.stage);
  if (stage === undefined)
    throw new Failure(`--stage: no stage '${options.stage}', allowed: ${platform.stages.map(({ name }) => name).join(', ')}`, 2);
  if (options.target === 'aws') return { kind: 'aws', stage, names: names(stage.name), client: {}, server: undefined };
  if (options.target !== 'local') throw new Failure(`--target: allowed are local and aws, given '${options.target}'`, 2);
  const server = requireServer(options.state);
  return { kind: 'local', stage, names: names(stage.name), client: clientOf(server), server };
}

export function clientOf(server: LocalServer): Target['client'] {
  return { endpoint: server.endpoint, region: server.region, credentials: server.credentials };
}

/** Addresses of a deployed application. */
export interface Application {
  readonly apiUrl: string;
  readonly issuer: string;
  readonly userPoolId: string;
}

/** The application that a target serves; undefined before it is deployed. */
export async function findApplication(target: Target): Promise<Application | undefined> {
  const client = new CloudFormationClient(target.client);
  const StackName = target.names.of('application');
  const stacks = await client.send(new DescribeStacksCommand({ StackName })).catch((error: unknown) => {
    if (error instanceof Error && error.message.includes('does not exist')) return undefined;
    throw error;
  });
  const outputs = new Map(
    stacks?.Stacks?.[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? '']),
  );
  const [apiId, stage, issuer, userPoolId] = ['ApiId', 'ApiStage', 'Issuer', 'UserPoolId'].map((key) => outputs.get(key));
  if (apiId === undefined || stage === undefined || issuer === undefined || userPoolId === undefined) return undefined;
  const region = await client.config.region();
  const apiUrl =
    target.server === undefined
      ? `https://${apiId}.execute-api.${region}.amazonaws.com/${stage}`
      : `${target.server.endpoint}/restapis/${apiId}/${stage}/_user_request_`;
  return { apiUrl, issuer, userPoolId };
}

/** The application, or a Failure that says how to deploy it. */
export async function requireApplication(target: Target): Promise<Application> {
  const application = await findApplication(target);
  if (application === undefined)
    throw new Failure(
      `the stage ${target.stage.name} is not deployed here`,
      1,
      target.kind === 'local' ? 'Run npm start, or npx slipway local up --deploy.' : 'Run npx cdk deploy --all.',
    );
  return application;
}
