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

/** Actions of statements that are needed otherwise, with the reason for which they stay; `actions` are those that may be idle. */
export const UNNEEDED_ACTIONS: readonly Unneeded[] = [
  {
    policies: /^Pipeline.*PipelineRole/,
    actions: 'sagemaker:AddTags sagemaker:StopTrainingJob sagemaker:StopProcessingJob',
    reason:
      "AWS's pipelines tag their jobs, and stop them with the run, in this role; here tags are not set and no run is stopped",
  },
  {
    policies: /^(Aggregation|Watcher)Function/,
    actions: 'kinesis:DescribeStream kinesis:DescribeStreamConsumer kinesis:ListStreams kinesis:SubscribeToShard',
    reason: "CDK's grant for an event source holds those of enhanced fan-out and of older clients too",
  },
  {
    policies: /^(Retraining|Watcher)Function/,
    actions: 'kms:GenerateDataKey',
    reason: "AWS's DynamoDB asks it of who writes items; the one here opens the table's data key",
  },
  {
    policies: /DeliveryRole/,
    actions: 'kinesis:DescribeStream s3:AbortMultipartUpload glue:GetTable glue:GetTableVersions',
    reason: "AWS's Firehose describes, uploads in parts and reads tables; the one here puts each delivery at once",
  },
  {
    policies: /^FeaturesOfflineRole/,
    actions: 's3:GetObject s3:PutObjectAcl glue:GetDatabase glue:GetTable glue:UpdateTable kms:Decrypt',
    reason: "AWS's Feature Store reads and updates its Iceberg tables, and gives objects an ACL; the one here only writes",
  },
  {
    policies: /^Pipeline.*JobRole/,
    actions: 'athena:GetQueryResults athena:StopQueryExecution glue:GetDatabase glue:GetPartitions s3:GetBucketLocation',
    reason: "what AWS's Athena asks of who queries; here it looks up tables only, and jobs read what was unloaded",
  },
  {
    policies: /^(Pipeline.*JobRole|Endpoint.*Role)/,
    actions: 's3:AbortMultipartUpload kms:DescribeKey logs:CreateLogGroup logs:DescribeLogStreams',
    reason: "AWS's jobs and servers upload in parts, describe the key of their volumes and look for their log stream",
  },
  {
    policies: /^(Pipeline.*JobRole|RegistrySeedRole)/,
    actions: 's3:GetBucket* s3:List*',
    reason: "CDK's grant for an asset holds the reads of its bucket too",
  },
  {
    policies: /^RegistrySeedRole/,
    actions: 'ssm:DeleteParameters',
    reason: 'needed when the stack is deleted, which no loop does',
  },
];
