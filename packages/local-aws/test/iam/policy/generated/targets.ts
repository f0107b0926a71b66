export const ACCOUNT = '111122223333';
const OTHER_ACCOUNT = '444455556666';
const at = (service: string, rest: string): string => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${rest}`;

/** What is asked for: an action, the resource it is asked on, and the keys that AWS's service authorization reference gives the action. */
export interface Target {
  readonly action: string;
  readonly resource: string;
  readonly keys: readonly string[];
  /** Resources of this kind have a policy; keys and roles must have one. */
  readonly policy?: 'may' | 'must';
}

const on = (resource: string, actions: string, keys: string, policy?: 'may' | 'must'): Target[] =>
  actions.split(' ').map((action) => ({
    action,
    resource,
    keys: keys === '' ? [] : keys.split(' '),
    ...(policy === undefined ? {} : { policy }),
  }));

/** Actions and resources of a data platform. */
export const TARGETS: readonly Target[] = [
  ...on('arn:aws:s3:::lake/raw/flights/1.parquet', 's3:GetObject s3:PutObject s3:DeleteObject', '', 'may'),
  ...on('arn:aws:s3:::lake/raw/$weird', 's3:GetObject', '', 'may'),
  ...on('arn:aws:s3:::lake', 's3:ListBucket', 's3:prefix s3:delimiter s3:max-keys', 'may'),
  ...on('*', 's3:ListAllMyBuckets', ''),
  ...on(at('dynamodb', 'table/entities'), 'dynamodb:GetItem dynamodb:PutItem dynamodb:Query', 'dynamodb:LeadingKeys', 'may'),
  ...on(at('dynamodb', 'table/entities/index/by-day'), 'dynamodb:Query', 'dynamodb:LeadingKeys'),
  ...on(at('sqs', 'dead-letters'), 'sqs:SendMessage sqs:ReceiveMessage', '', 'may'),
  ...on(at('sns', 'on-call'), 'sns:Publish', '', 'may'),
  ...on(at('kinesis', 'stream/events'), 'kinesis:PutRecord kinesis:GetRecords', '', 'may'),
  ...on(at('lambda', 'function:predict'), 'lambda:InvokeFunction', '', 'may'),
  ...on(at('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab'), 'kms:Decrypt kms:GenerateDataKey', 'kms:ViaService', 'must'),
  ...on(
    at('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab'),
    'kms:CreateGrant',
    'kms:GrantIsForAWSResource kms:ViaService',
    'must',
  ),
  ...on(`arn:aws:iam::${ACCOUNT}:role/service/trainer`, 'sts:AssumeRole', 'sts:ExternalId sts:RoleSessionName', 'must'),
  ...on(`arn:aws:iam::${ACCOUNT}:role/service/trainer`, 'iam:PassRole', 'iam:PassedToService'),
  ...on(at('sagemaker', 'endpoint/flight-delay'), 'sagemaker:InvokeEndpoint sagemaker:DescribeEndpoint', ''),
  ...on(at('sagemaker', 'feature-group/flights'), 'sagemaker:PutRecord sagemaker:BatchGetRecord', ''),
  ...on(at('ssm', 'parameter/harbour/champion'), 'ssm:GetParameter ssm:PutParameter', ''),
  ...on(at('logs', 'log-group:/aws/lambda/predict:log-stream:one'), 'logs:PutLogEvents', ''),
  ...on(at('events', 'event-bus/default'), 'events:PutEvents', 'events:source', 'may'),
  // cloudwatch:PutMetricData has had an optional resource of late, for which the other evaluator takes `*` as a pattern.
  ...on('*', 'ecr:GetAuthorizationToken xray:PutTraceSegments', ''),
];

export type Kind = 'assumed-role' | 'user' | 'service';

export interface Who {
  readonly kind: Kind;
  readonly arn: string;
  readonly roleArn?: string;
}

const session = (path: string, role: string): Who => ({
  kind: 'assumed-role',
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/one`,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/${path}${role}`,
});

export const CALLERS: readonly (readonly [weight: number, who: Who])[] = [
  [4, session('', 'reader')],
  [2, session('service/', 'writer')],
  [2, { kind: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/ana` }],
  [1.5, { kind: 'service', arn: 'events.amazonaws.com' }],
];

/** Names that a statement may call somebody by, most of them the caller's own. */
export function principalNames(who: Who): readonly (readonly [weight: number, type: string, name: string])[] {
  const own: (readonly [number, string, string])[] =
    who.kind === 'service'
      ? [[6, 'Service', who.arn]]
      : [
          [3, 'AWS', who.arn],
          [3, 'AWS', who.roleArn ?? who.arn],
        ];
  return [
    ...own,
    [1.5, 'AWS', ACCOUNT],
    [1.5, 'AWS', `arn:aws:iam::${ACCOUNT}:root`],
    [1.5, 'AWS', '*'],
    [1, 'AWS', `arn:aws:iam::${ACCOUNT}:role/somebody`],
    [0.5, 'AWS', OTHER_ACCOUNT],
    [1, 'Service', 'sns.amazonaws.com'],
  ];
}

/** Values that a request's key may have; several at once for those of several values. Keys without a service are AWS's global ones. */
export const VALUES: Readonly<Record<string, readonly string[]>> = {
  'aws:SourceIp': ['203.0.113.9', '198.51.100.1', '2001:db8:1::1'],
  'aws:SecureTransport': ['true', 'false'],
  'aws:CurrentTime': ['2013-01-02T00:00:00Z', '2013-06-01T12:30:00Z'],
  'aws:EpochTime': ['1357084800', '1370089800'],
  'aws:RequestedRegion': ['eu-west-1', 'us-east-1'],
  'aws:SourceArn': [at('events', 'rule/nightly'), at('sns', 'on-call'), 'arn:aws:s3:::lake'],
  'aws:SourceAccount': [ACCOUNT, OTHER_ACCOUNT],
  'aws:PrincipalTag/team': ['blue', 'Blue', 'red', 'b*', 'raw'],
  'aws:CalledVia': ['dynamodb.amazonaws.com', 'athena.amazonaws.com', 'cloudformation.amazonaws.com'],
  'aws:MultiFactorAuthAge': ['10', '300', '3600'],
  'aws:username': ['ana', 'raw'],
  's3:prefix': ['raw/', 'raw/flights', 'Raw/', ''],
  's3:delimiter': ['/'],
  's3:max-keys': ['10', '1000'],
  'dynamodb:LeadingKeys': ['blue', 'red', 'raw'],
  'kms:ViaService': ['s3.eu-west-1.amazonaws.com', 'sqs.eu-west-1.amazonaws.com'],
  'kms:GrantIsForAWSResource': ['true', 'false'],
  'sts:ExternalId': ['one', 'two'],
  'sts:RoleSessionName': ['one', 'ana'],
  'iam:PassedToService': ['sagemaker.amazonaws.com', 'lambda.amazonaws.com'],
  'events:source': ['harbour', 'aws.s3'],
};

export const GLOBAL_KEYS: readonly string[] = Object.keys(VALUES).filter(
  (key) => key.startsWith('aws:') && key !== 'aws:username',
);
export const MULTIVALUED: ReadonlySet<string> = new Set(['aws:CalledVia', 'dynamodb:LeadingKeys', 'events:source']);
