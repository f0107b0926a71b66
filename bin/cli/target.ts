import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Model, Stage } from '../../core/definition';
import { type Names, names } from '../../core/naming';
import { Failure } from './failure';
import { type LoadedPlatform, loadPlatform } from './platform-folder';
import { type LocalServer, requireServer } from './state-folder';

/** Where commands act: a local AWS or an account; the same SDK clients either way. */
export interface Target extends LoadedPlatform {
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
  readonly platform: string;
}

/** Reads `--target`, `--stage`, `--state` and `--platform`. Throws Failure when the stage is unknown or no local AWS runs. */
export async function openTarget(options: TargetOptions): Promise<Target> {
  const loaded = await loadPlatform(options.platform);
  const stage = stageNamed(loaded, options.stage);
  const common = { ...loaded, stage, names: names(stage.name) };
  if (options.target === 'aws') return { ...common, kind: 'aws', client: {}, server: undefined };
  if (options.target !== 'local') throw new Failure(`--target: allowed are local and aws, given '${options.target}'`, 2);
  const server = requireServer(options.state);
  return { ...common, kind: 'local', client: clientOf(server), server };
}

/** A stage of the definitions. Throws Failure that lists them. */
export function stageNamed({ platform: { stages } }: Pick<LoadedPlatform, 'platform'>, name: string): Stage {
  const found = stages.find((stage) => stage.name === name);
  if (found !== undefined) return found;
  throw new Failure(`--stage: no stage '${name}', allowed: ${stages.map((stage) => stage.name).join(', ')}`, 2);
}

/** A model of the definitions. Throws Failure that lists them. */
export function modelNamed({ platform }: Pick<LoadedPlatform, 'platform'>, name: string | undefined): Model {
  const found = platform.models.find((model) => model.name === name);
  if (found !== undefined) return found;
  throw new Failure(`no model '${name ?? ''}', allowed: ${platform.models.map((model) => model.name).join(', ')}`, 2);
}

export function clientOf(server: LocalServer): Target['client'] {
  return { endpoint: server.endpoint, region: server.region, credentials: server.credentials };
}

/** Addresses of a deployed application. */
export interface Application {
  readonly apiUrl: string;
  readonly issuer: string;
  /** The platform's own user pool; undefined where every issuer is another's. */
  readonly userPoolId: string | undefined;
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
  if (apiId === undefined || stage === undefined || issuer === undefined) return undefined;
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
