import type { AwsError } from '../../../src/errors';
import { checkConstraints } from '../../../src/wire/constraints/check';

function refusal(service: string, operation: string, input: object): [string, string] | undefined {
  try {
    checkConstraints(service, operation, input);
  } catch (error) {
    const { code, message } = error as AwsError;
    return [code, message];
  }
  return undefined;
}

const failed = (value: string, path: string, demand: string): string =>
  `${value} at '${path}' failed to satisfy constraint: ${demand}`;
const one = (problem: string): string => `1 validation error detected: ${problem}`;
const long = 'x'.repeat(129);

test.each<[string, string, object]>([
  ['kinesis', 'PutRecord', { StreamName: 's', PartitionKey: 'k', Data: Buffer.from('x') }],
  ['kinesis', 'PutRecord', { StreamName: 's', PartitionKey: 'k', Data: new Uint8Array() }],
  ['dynamodb', 'GetItem', { TableName: 't', Key: { id: { S: 'a' } } }],
  ['dynamodb', 'PutItem', { TableName: 't', Item: { a: { M: { b: { L: [{ N: '1' }] } } } } }],
  ['lambda', 'CreateFunction', { FunctionName: 'f', Role: 'arn:aws:iam::000000000000:role/r', Code: {}, Runtime: 'nodejs99.x' }],
  ['cloudwatch', 'PutMetricData', { Namespace: 'n', MetricData: [{ MetricName: 'm', Unit: 'Miles' }] }],
  ['s3', 'PutObject', { Bucket: 'B_', Key: 'k' }],
  ['kms', 'DescribeCustomKeyStores', {}],
])('%s %s takes what its model allows, or what is not checked there', (service, operation, input) => {
  expect(refusal(service, operation, input)).toBeUndefined();
});

test.each<[string, string, string, object, string, string]>([
  [
    'a pattern',
    'kinesis',
    'CreateStream',
    { StreamName: 'a b' },
    'ValidationException',
    failed("Value 'a b'", 'streamName', 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+'),
  ],
  [
    'a length',
    'kinesis',
    'CreateStream',
    { StreamName: long },
    'ValidationException',
    failed(`Value '${long}'`, 'streamName', 'Member must have length less than or equal to 128'),
  ],
  [
    'a number',
    'kinesis',
    'GetRecords',
    { ShardIterator: 'i', Limit: 10_001 },
    'ValidationException',
    failed("Value '10001'", 'limit', 'Member must have value less than or equal to 10000'),
  ],
  [
    'an enum',
    'kinesis',
    'GetShardIterator',
    { StreamName: 's', ShardId: 'x', ShardIteratorType: 'FIRST' },
    'ValidationException',
    failed(
      "Value 'FIRST'",
      'shardIteratorType',
      'Member must satisfy enum value set: [AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER, TRIM_HORIZON, LATEST, AT_TIMESTAMP]',
    ),
  ],
  ['what is missing', 'kms', 'DescribeKey', {}, 'ValidationException', failed('Value null', 'keyId', 'Member must not be null')],
  [
    'what is missing in a list',
    'kinesis',
    'PutRecords',
    { StreamName: 's', Records: [{ PartitionKey: 'k', Data: Buffer.alloc(0) }, { PartitionKey: 'k' }] },
    'ValidationException',
    failed('Value null', 'records.2.member.data', 'Member must not be null'),
  ],
  [
    'a secret',
    'kms',
    'Encrypt',
    { KeyId: 'k', Plaintext: Buffer.alloc(4097) },
    'ValidationException',
    failed('Value', 'plaintext', 'Member must have length less than or equal to 4096'),
  ],
  [
    'bytes',
    'kms',
    'Decrypt',
    { CiphertextBlob: Buffer.alloc(0) },
    'ValidationException',
    failed(
      "Value 'java.nio.HeapByteBuffer[pos=0 lim=0 cap=0]'",
      'ciphertextBlob',
      'Member must have length greater than or equal to 1',
    ),
  ],
  [
    'elements of a list',
    'kinesis',
    'RemoveTagsFromStream',
    { StreamName: 's', TagKeys: ['a', long] },
    'ValidationException',
    failed(
      `Value '[a, ${long}]'`,
      'tagKeys',
      'Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1]',
    ),
  ],
  [
    'keys of a map',
    'kinesis',
    'AddTagsToStream',
    { StreamName: 's', Tags: { [long]: 'v' } },
    'ValidationException',
    failed(
      `Value '{${long}=v}'`,
      'tags',
      'Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1]',
    ),
  ],
  [
    'values of a map',
    'kinesis',
    'AddTagsToStream',
    { StreamName: 's', Tags: { a: 'v'.repeat(257) } },
    'ValidationException',
    failed(
      `Value '{a=${'v'.repeat(257)}}'`,
      'tags',
      'Map value must satisfy constraint: [Member must have length less than or equal to 256]',
    ),
  ],
  [
    'lists in a map',
    'dynamodb',
    'BatchWriteItem',
    { RequestItems: { t: [] } },
    'ValidationException',
    failed(
      "Value '{t={...}}'",
      'requestItems',
      'Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]',
    ),
  ],
  [
    'structures in lists in a map',
    'dynamodb',
    'BatchWriteItem',
    { RequestItems: { t: [{ PutRequest: {} }] } },
    'ValidationException',
    failed('Value null', 'requestItems.t.member.1.member.putRequest.item', 'Member must not be null'),
  ],
  [
    'query services',
    'iam',
    'GetRole',
    { RoleName: 'r'.repeat(65) },
    'ValidationError',
    failed(`Value '${'r'.repeat(65)}'`, 'roleName', 'Member must have length less than or equal to 64'),
  ],
  [
    'Logs',
    'logs',
    'CreateLogGroup',
    { logGroupName: 'a:b' },
    'InvalidParameterException',
    failed("Value 'a:b'", 'logGroupName', 'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+'),
  ],
  [
    'Athena',
    'athena',
    'GetQueryExecution',
    {},
    'InvalidRequestException',
    failed('Value null', 'queryExecutionId', 'Member must not be null'),
  ],
  [
    'model servers',
    'sagemaker-runtime',
    'InvokeEndpoint',
    { EndpointName: 'a_b', Body: Buffer.from('x') },
    'ValidationError',
    failed("Value 'a_b'", 'endpointName', 'Member must satisfy regular expression pattern: ^[a-zA-Z0-9](-*[a-zA-Z0-9])*'),
  ],
])('%s: refused in the words of AWS', (_, service, operation, input, code, problem) => {
  expect(refusal(service, operation, input)).toEqual([code, one(problem)]);
});

test('all problems of an input are told together', () => {
  expect(refusal('kinesis', 'GetShardIterator', { ShardIteratorType: 'FIRST', StreamName: 'a b' })).toEqual([
    'ValidationException',
    expect.stringMatching(
      /^3 validation errors detected: Value 'a b' at 'streamName' .*; Value null at 'shardId' .*; Value 'FIRST' at 'shardIteratorType' /,
    ),
  ]);
});

test('SQS, ECR and IAM have words of their own', () => {
  expect(refusal('iam', 'GetRole', { RoleName: 'a b' })).toEqual([
    'ValidationError',
    'The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
  ]);
  expect(refusal('sqs', 'SendMessage', { MessageBody: 'x' })).toEqual([
    'MissingParameter',
    'The request must contain the parameter QueueUrl.',
  ]);
  expect(refusal('ecr', 'CreateRepository', { repositoryName: 'A' })).toEqual([
    'InvalidParameterException',
    expect.stringMatching(
      /^Invalid parameter at 'repositoryName' failed to satisfy constraint: '(must have length greater|must satisfy regular expression pattern)/,
    ),
  ]);
});
