import type { CreateFunctionCommandInput, UpdateFunctionConfigurationCommandInput } from '@aws-sdk/client-lambda';
import { NODE_RUNTIMES } from '../../compute/node-runtime';
import { AwsError } from '../../errors';
import type { Configuration } from './store';

type Input = CreateFunctionCommandInput | UpdateFunctionConfigurationCommandInput;

const MAX_ENVIRONMENT = 4096;
const RESERVED = new Set([
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_EXECUTION_ENV',
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
  'TZ',
]);
const DEFAULTS: Configuration = {
  description: '',
  runtime: '',
  handler: '',
  role: '',
  timeout: 3,
  memory: 128,
  environment: {},
  ephemeralMb: 512,
  architecture: 'x86_64',
  tracing: 'PassThrough',
  logFormat: 'Text',
};

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { status: 400, members: { Type: 'User' } });
}

function range(name: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  const bound = value < low ? `greater than or equal to ${low}` : `less than or equal to ${high}`;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

function check(configuration: Configuration): void {
  const { runtime, handler, role, environment } = configuration;
  if (!NODE_RUNTIMES.includes(runtime))
    throw invalid(
      `The runtime parameter of ${runtime} is not supported by the local AWS, which runs ${NODE_RUNTIMES.join(', ')}.`,
    );
  if (!/^[^\s]{1,128}$/.test(handler))
    throw invalid(
      `Value '${handler}' at 'handler' failed to satisfy constraint: Member must satisfy regular expression pattern: [^\\s]+`,
    );
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/.test(role))
    throw invalid(
      `Value '${role}' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+`,
    );
  range('timeout', configuration.timeout, 1, 900);
  range('memorySize', configuration.memory, 128, 10_240);
  range('ephemeralStorage.size', configuration.ephemeralMb, 512, 10_240);
  const reserved = Object.keys(environment).filter((name) => RESERVED.has(name));
  if (reserved.length > 0)
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  if (Buffer.byteLength(JSON.stringify(environment)) > MAX_ENVIRONMENT)
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.`,
    );
}

function refuseUnsupported(input: Input): void {
  if ((input.Layers ?? []).length > 0) throw invalid('The local AWS does not support layers.');
  if (input.SnapStart?.ApplyOn !== undefined && input.SnapStart.ApplyOn !== 'None')
    throw invalid('The local AWS does not support SnapStart.');
  if ((input.VpcConfig?.SubnetIds ?? []).length > 0) throw invalid('The local AWS has no networks but the loopback.');
  if (input.ImageConfig !== undefined) throw invalid('The local AWS runs functions from zip archives, not from images.');
  if ((input.FileSystemConfigs ?? []).length > 0) throw invalid('The local AWS does not support file systems.');
}

/** Applies the members that a request gives to a configuration (the defaults for a new function), and checks the result. */
export function configure(input: Input, current: Configuration = DEFAULTS): Configuration {
  refuseUnsupported(input);
  const { kmsKeyArn, deadLetterArn, logGroup, ...rest } = current;
  const key = input.KMSKeyArn ?? kmsKeyArn;
  const deadLetter = input.DeadLetterConfig === undefined ? deadLetterArn : input.DeadLetterConfig.TargetArn;
  const group = input.LoggingConfig?.LogGroup ?? logGroup;
  const configuration: Configuration = {
    ...rest,
    description: input.Description ?? rest.description,
    runtime: input.Runtime ?? rest.runtime,
    handler: input.Handler ?? rest.handler,
    role: input.Role ?? rest.role,
    timeout: input.Timeout ?? rest.timeout,
    memory: input.MemorySize ?? rest.memory,
    environment: input.Environment?.Variables ?? rest.environment,
    ephemeralMb: input.EphemeralStorage?.Size ?? rest.ephemeralMb,
    tracing: input.TracingConfig?.Mode ?? rest.tracing,
    logFormat: input.LoggingConfig?.LogFormat ?? rest.logFormat,
    ...('Architectures' in input && input.Architectures?.[0] !== undefined ? { architecture: input.Architectures[0] } : {}),
    ...(key === undefined || key === '' ? {} : { kmsKeyArn: key }),
    ...(deadLetter === undefined || deadLetter === '' ? {} : { deadLetterArn: deadLetter }),
    ...(group === undefined ? {} : { logGroup: group }),
  };
  check(configuration);
  return configuration;
}
