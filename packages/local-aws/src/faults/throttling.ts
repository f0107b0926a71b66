import { AwsError } from '../errors';

/** Errors that every service may answer, with their status; they are in no model. */
export const COMMON_ERRORS: ReadonlyMap<string, number> = new Map([
  ['AccessDeniedException', 400],
  ['InternalFailure', 500],
  ['ServiceUnavailable', 503],
  ['ThrottlingException', 400],
]);

const OWN: Readonly<Record<string, () => AwsError>> = {
  kinesis: () => new AwsError('ProvisionedThroughputExceededException', 'Rate exceeded for shard.', { status: 400 }),
  dynamodb: () =>
    new AwsError(
      'ProvisionedThroughputExceededException',
      'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
      { status: 400 },
    ),
  lambda: () =>
    new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
      status: 429,
      members: { Reason: 'CallerRateLimitExceeded', Type: 'User', retryAfterSeconds: '1' },
    }),
  s3: () => new AwsError('SlowDown', 'Please reduce your request rate.', { status: 503 }),
  firehose: () => new AwsError('ServiceUnavailableException', 'Slow down.', { status: 503 }),
  apigateway: () => new AwsError('TooManyRequestsException', 'Too Many Requests', { status: 429 }),
  athena: () => new AwsError('TooManyRequestsException', 'Rate exceeded', { status: 400 }),
  'cognito-idp': () => new AwsError('TooManyRequestsException', 'Rate exceeded', { status: 400 }),
  sqs: () => new AwsError('RequestThrottled', 'The request was denied due to request throttling.', { status: 400 }),
  sns: () => new AwsError('Throttled', 'Rate exceeded', { status: 429 }),
  cloudformation: () => new AwsError('Throttling', 'Rate exceeded', { status: 400 }),
  cloudwatch: () => new AwsError('Throttling', 'Rate exceeded', { status: 400 }),
  iam: () => new AwsError('Throttling', 'Rate exceeded', { status: 400 }),
  sts: () => new AwsError('Throttling', 'Rate exceeded', { status: 400 }),
};

/** The service's own way to say that it was asked too often. */
export function throttlingError(service: string): AwsError {
  return OWN[service]?.() ?? new AwsError('ThrottlingException', 'Rate exceeded', { status: 400 });
}
