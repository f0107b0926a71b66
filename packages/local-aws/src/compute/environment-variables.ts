import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../cloud';
import type { FunctionSpec } from './function-spec';
import { sdkModules } from './node-runtime';

/** AWS's own value: libraries tell by it that they run in Lambda. Nothing answers there; a runtime of our own needs no HTTP. */
const RUNTIME_API = '127.0.0.1:9001';

export interface EnvironmentFacts {
  readonly logStream: string;
  /** The environment's own scratch folder. */
  readonly folder: string;
  /** Clock state, see runtime/clock.cjs. */
  readonly clock: string;
}

/** The whole environment of a process: AWS's own variables, the function's, the role's credentials; nothing of this server's. */
export async function environmentVariables(
  cloud: Cloud,
  spec: FunctionSpec,
  facts: EnvironmentFacts,
): Promise<Record<string, string>> {
  const credentials = await cloud.sessionFor(spec.roleArn, spec.name, 'lambda');
  const cache = join(cloud.stateDir, 'lambda', 'compile-cache');
  mkdirSync(cache, { recursive: true });
  return {
    ...spec.environment,
    _HANDLER: spec.handler,
    AWS_REGION: cloud.region,
    AWS_DEFAULT_REGION: cloud.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: spec.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: facts.logStream,
    ...(spec.logFormat === 'JSON' ? { AWS_LAMBDA_LOG_FORMAT: 'JSON' } : {}),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_LAMBDA_RUNTIME_API: RUNTIME_API,
    AWS_ENDPOINT_URL: cloud.endpoint,
    LAMBDA_TASK_ROOT: spec.folder,
    LAMBDA_RUNTIME_DIR: join(__dirname, 'runtime'),
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    NODE_PATH: sdkModules(cloud.stateDir),
    HOME: facts.folder,
    TMPDIR: facts.folder,
    LOCAL_CLOCK: facts.clock,
    LOCAL_COMPILE_CACHE: cache,
  };
}
