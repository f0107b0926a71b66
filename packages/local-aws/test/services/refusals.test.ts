import { sourceZip } from '../../src/services/lambda/source-zip';
import { failure } from '../support/cloud-bench';
import { makeRole } from '../support/role';
import { StackBench } from '../support/stack-bench';

let stacks: StackBench;

beforeAll(async () => {
  stacks = await StackBench.start();
  await stacks.call('kinesis', 'CreateStream', { StreamName: 's', ShardCount: 1 });
});
afterAll(() => stacks.stop());

const TABLE = {
  TableName: 'table',
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
};
const ALARM = {
  AlarmName: 'a',
  EvaluationPeriods: 1,
  ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
  ThresholdMetricId: 'band',
  Metrics: [{ Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(m, 2)' }],
};
const FUNCTION = {
  FunctionName: 'f',
  Role: 'r',
  Handler: 'index.handler',
  Runtime: 'nodejs24.x',
  Code: { ZipFile: Buffer.from('x') },
};

const MAPPING = {
  EventSourceArn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/s',
  StartingPosition: 'LATEST',
};

/** What is not supported is told by its name, and never taken and then not done. */
test.each<[string, string, string, object, string]>([
  ['composite alarms', 'cloudwatch', 'PutCompositeAlarm', {}, 'does not support cloudwatch:PutCompositeAlarm'],
  ['anomaly bands', 'cloudwatch', 'PutMetricAlarm', ALARM, 'does not support'],
  ['anomaly detectors', 'cloudwatch', 'PutAnomalyDetector', {}, 'does not support cloudwatch:PutAnomalyDetector'],
  ['metric filters', 'logs', 'PutMetricFilter', {}, 'does not support logs:PutMetricFilter'],
  ['Logs Insights', 'logs', 'StartQuery', {}, 'does not support logs:StartQuery'],
  ['event buses of one\u2019s own', 'events', 'CreateEventBus', { Name: 'own' }, 'does not support events:CreateEventBus'],
  ['rules on them', 'events', 'PutRule', { Name: 'r', EventBusName: 'own', EventPattern: '{}' }, 'has the default bus only'],
  ['FIFO queues', 'sqs', 'CreateQueue', { QueueName: 'q.fifo', Attributes: { FifoQueue: 'true' } }, 'standard queues only'],
  ['FIFO topics', 'sns', 'CreateTopic', { Name: 't.fifo', Attributes: { FifoTopic: 'true' } }, 'standard topics only'],
  [
    'streams of tables',
    'dynamodb',
    'CreateTable',
    { ...TABLE, StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } },
    'does not support DynamoDB Streams',
  ],
  ['secrets as parameters', 'ssm', 'PutParameter', { Name: 'p', Type: 'SecureString', Value: 'x' }, 'SecureString'],
  ['splitting shards', 'kinesis', 'SplitShard', {}, 'does not support kinesis:SplitShard'],
  ['changing their number', 'kinesis', 'UpdateShardCount', {}, 'does not support kinesis:UpdateShardCount'],
  ['layers', 'lambda', 'CreateFunction', { ...FUNCTION, Layers: ['arn:x'] }, 'does not support layers'],
  ['streamed answers', 'lambda', 'InvokeWithResponseStream', {}, 'does not support lambda:InvokeWithResponseStream'],
  ['state machines', 'stepfunctions', 'CreateStateMachine', {}, 'does not support stepfunctions:CreateStateMachine'],
  ['archives of events', 'events', 'CreateArchive', {}, 'does not support events:CreateArchive'],
  ['object lock', 's3', 'PutObjectLockConfiguration', {}, 'does not support s3:PutObjectLockConfiguration'],
  ['asynchronous endpoints', 'sagemaker-runtime', 'InvokeEndpointAsync', {}, 'does not support sagemaker-runtime'],
])('%s are refused: %s %s', async (_, service, operation, input, message) => {
  expect(await failure(stacks.call(service, operation, input))).toMatchObject({ message: expect.stringContaining(message) });
});

test.each<[string, object, string]>([
  ['tumbling windows', { TumblingWindowInSeconds: 60 }, 'does not support tumbling windows'],
  ['event filters', { FilterCriteria: { Filters: [{ Pattern: '{}' }] } }, 'does not support event filters'],
  ['parallel batches of a shard', { ParallelizationFactor: 2 }, 'ParallelizationFactor of 1 only'],
])('%s of a mapping are refused', async (_, input, message) => {
  const FunctionName = `f-${Object.keys(input).join('')}`;
  const Code = { ZipFile: sourceZip('index.js', 'exports.handler = () => 1;') };
  const Role = await makeRole(stacks.bench.cloud, FunctionName, ['lambda']);
  await stacks.call('lambda', 'CreateFunction', { ...FUNCTION, FunctionName, Role, Code });

  const made = stacks.call('lambda', 'CreateEventSourceMapping', { ...MAPPING, FunctionName, ...input });

  expect(await failure(made)).toMatchObject({ message: expect.stringContaining(message) });
});

test.each([
  ['AWS::CloudWatch::CompositeAlarm', { AlarmRule: 'TRUE' }],
  ['AWS::CloudWatch::AnomalyDetector', {}],
  ['AWS::Logs::MetricFilter', { FilterPattern: '', LogGroupName: 'g', MetricTransformations: [] }],
  ['AWS::Events::EventBus', { Name: 'own' }],
  ['AWS::KMS::Grant', {}],
  ['AWS::StepFunctions::StateMachine', { RoleArn: 'arn:aws:iam::000000000000:role/r' }],
  ['AWS::DynamoDB::GlobalTable', { KeySchema: [], AttributeDefinitions: [], Replicas: [] }],
  ['AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }],
])('a template with %s is refused, and no stack comes into being', async (Type, Properties) => {
  const name = Type.replaceAll('::', '-');

  const outcome = await stacks.deploy(name, { It: { Type, Properties } }).catch((error: Error) => error.message);

  expect(outcome).toContain(Type);
  expect(await stacks.status(name)).toBe('GONE');
});
