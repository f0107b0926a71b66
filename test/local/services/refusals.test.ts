import { failure } from '../support/cloud-bench';
import { StackBench } from './cloudformation/stack-bench';

let stacks: StackBench;

beforeAll(async () => {
  stacks = await StackBench.start();
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

/** What no template or function of the platform uses is told by its name, and never taken and then not done. */
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
])('%s are refused: %s %s', async (_, service, operation, input, message) => {
  expect(await failure(stacks.call(service, operation, input))).toMatchObject({ message: expect.stringContaining(message) });
});

test.each([
  ['AWS::CloudWatch::CompositeAlarm', { AlarmRule: 'TRUE' }],
  ['AWS::CloudWatch::AnomalyDetector', {}],
  ['AWS::Logs::MetricFilter', { FilterPattern: '', LogGroupName: 'g', MetricTransformations: [] }],
  ['AWS::Events::EventBus', { Name: 'own' }],
  ['AWS::KMS::Grant', {}],
  ['AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }],
])('a template with %s is refused, and no stack comes into being', async (Type, Properties) => {
  const name = Type.replaceAll('::', '-');

  const outcome = await stacks.deploy(name, { It: { Type, Properties } }).catch((error: Error) => error.message);

  expect(outcome).toContain(Type);
  expect(await stacks.status(name)).toBe('GONE');
});
