/** Actions, and the resources that they are allowed on. */
export type Allowed = readonly [actions: readonly string[], resources: readonly string[]];

/** What a role is expected to be allowed, in the form of `StageTemplates.grants`. */
export function allowed(...rows: readonly Allowed[]): Record<string, readonly string[]> {
  const byAction: Record<string, string[]> = {};
  for (const [actions, resources] of rows)
    for (const action of actions) byAction[action] = [...(byAction[action] ?? []), ...resources].toSorted();
  return byAction;
}

/** What every function may: write its own log group, and traces. */
export function ownLogsAndTraces(functionId: string): Allowed[] {
  return [
    [['logs:CreateLogStream', 'logs:PutLogEvents'], [`<${functionId}Logs.Arn>`]],
    [['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], ['*']],
  ];
}

/** Send to queues, which the key of logs encrypts. */
export function sendTo(...queues: readonly string[]): Allowed[] {
  return [
    [['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'], queues.map((queue) => `<${queue}.Arn>`)],
    [['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'], ['<KeysLogsArn>']],
  ];
}

/** Read and write what is encrypted with a key. */
export function useKey(key: string): Allowed {
  return [['kms:Decrypt', 'kms:GenerateDataKey'], [key]];
}

/** Read streams, which the key of the lake encrypts. */
export function readStreams(...streams: readonly string[]): Allowed[] {
  const actions = [
    'DescribeStream',
    'DescribeStreamConsumer',
    'DescribeStreamSummary',
    'GetRecords',
    'GetShardIterator',
    'ListShards',
    'ListStreams',
    'SubscribeToShard',
  ];
  return [
    [actions.map((action) => `kinesis:${action}`), streams.map((stream) => `kinesis:stream/${stream}`)],
    [['kms:Decrypt'], ['<KeysLakeArn>']],
  ];
}

/** The condition that a service acts for this account. */
export const OWN_ACCOUNT = { StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' } };

/** The trust policy of a role that one service acts in, in the form of `StageTemplates.trust`. */
export function assumedBy(service: string, condition?: object): object[] {
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } };
  return [{ ...statement, ...(condition === undefined ? {} : { Condition: condition }) }];
}

const IMAGE = 'arn:<AWS::Partition>:ecr:<AWS::Region>:<FrameworkImages.xgboost>:repository/sagemaker-xgboost';

/** What a container of SageMaker may: pull its image, write its log groups and metrics. */
export function pullAndLog(...logGroups: readonly string[]): Allowed[] {
  return [
    [['ecr:GetAuthorizationToken', 'cloudwatch:PutMetricData'], ['*']],
    [['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], [IMAGE]],
    [
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      logGroups.map((group) => `logs:log-group:/aws/sagemaker/${group}*`),
    ],
  ];
}

/** Interfaces in the network of a stage that has one. */
export function beInNetwork(): Allowed[] {
  return [
    [['DhcpOptions', 'NetworkInterfaces', 'SecurityGroups', 'Subnets', 'Vpcs'].map((what) => `ec2:Describe${what}`), ['*']],
    [
      ['Create', 'Delete'].flatMap((verb) => [`ec2:${verb}NetworkInterface`, `ec2:${verb}NetworkInterfacePermission`]),
      [
        'ec2:network-interface/*',
        `ec2:security-group/${PLACEMENT.securityGroups[0]}`,
        ...PLACEMENT.subnets.map((subnet) => `ec2:subnet/${subnet}`),
      ],
    ],
  ];
}

/** Where in that network containers are, as other stacks know it. */
export const PLACEMENT = {
  subnets: [1, 2, 3].map((zone) => `<NetworkisolatedSubnet${zone}Subnet>`),
  securityGroups: ['<NetworkJobsGroupId>'],
} as const;
