/** A statement that no call of the loop needs here, by its actions, with the reason for which it stays. */
export interface Unneeded {
  /** Policies (logical id without its hash) that it is excused in; all if absent. */
  readonly policies?: RegExp;
  readonly actions: string;
  readonly reason: string;
  /** Some loops need it and others do not. */
  readonly sometimes?: true;
}

/** What AWS asks for and the local AWS, or a loop in which nothing breaks, does not. Everything else must be needed. */
export const UNNEEDED: readonly Unneeded[] = [
  {
    actions: 'xray:PutTelemetryRecords xray:PutTraceSegments',
    reason: 'there is no X-Ray here; traces are sent from an account',
  },
  {
    actions: 'sqs:GetQueueAttributes sqs:GetQueueUrl sqs:SendMessage',
    reason: 'dead letters: nothing fails for good in the loop',
  },
  { actions: 'kms:Decrypt kms:Encrypt kms:GenerateDataKey* kms:ReEncrypt*', reason: 'the key of the dead-letter queue' },
  {
    policies: /^PromotionFunction/,
    actions: 'sagemaker:DescribePipelineExecution',
    reason: 'read when a run has failed, and none does',
  },
  { policies: /^PromotionFunction/, actions: 'sns:Publish', reason: 'on-call is told of refusals and failures only' },
  {
    policies: /^(PromotionFunction|WatcherFunction|EndpointflightdelayRole)/,
    actions: 's3:ListBucket',
    reason: 'S3 tells a missing object from a forbidden one by it, and none is missing',
  },
  {
    policies: /DeliveryRole/,
    actions: 's3:GetBucketLocation s3:ListBucket s3:ListBucketMultipartUploads',
    reason: "AWS's Firehose looks at the bucket; the one here only writes",
  },
  {
    policies: /DeliveryRole/,
    actions: 'logs:CreateLogStream logs:PutLogEvents',
    reason: 'deliveries that fail are logged; none does',
  },
  {
    policies: /^FeaturesOfflineRole/,
    actions: 's3:GetBucketAcl s3:GetBucketLocation s3:ListBucket',
    reason: "AWS's Feature Store looks at the bucket; the one here only writes",
  },
  { actions: 'kms:CreateGrant', reason: 'volumes of instances are folders here and need no grant' },
  { actions: 'ecr:GetAuthorizationToken', reason: 'containers are processes here; no image is pulled' },
  {
    actions: 'ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer',
    reason: 'containers are processes here; no image is pulled',
  },
  { actions: 'cloudwatch:PutMetricData', reason: "metrics of jobs and endpoints are the service's own here" },
  {
    policies: /^EndpointflightdelayRole/,
    actions: 'logs:CreateLogGroup logs:CreateLogStream logs:DescribeLogStreams logs:PutLogEvents',
    reason: 'the serving script hardly ever writes a line while all goes well',
    sometimes: true,
  },
];
