import type { Caller } from '../../../src/cloud';
import type { LocalCloud } from '../../../src/server';
import { roleProperties } from '../../support/role';
import { StackBench } from '../../support/stack-bench';

let cloud: LocalCloud;
let stacks: StackBench;
let root: Caller;

const SOURCE = `
const seen = [];
exports.handler = async (event) => {
  if (!event.Records) return { seen, table: process.env.TABLE, timeout: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE };
  seen.push(...event.Records.map((record) => Buffer.from(record.kinesis.data, 'base64').toString()));
};`;

function template(memory: number, hours: number, source = SOURCE) {
  return {
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: roleProperties('lambda') },
      Stream: {
        Type: 'AWS::Kinesis::Stream',
        Properties: {
          Name: 'events',
          ShardCount: 1,
          RetentionPeriodHours: hours,
          StreamModeDetails: { StreamMode: 'PROVISIONED' },
        },
      },
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'sink',
          Code: { ZipFile: source },
          Handler: 'index.handler',
          Runtime: 'nodejs24.x',
          MemorySize: memory,
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Environment: { Variables: { TABLE: { Ref: 'Table' } } },
          LoggingConfig: { LogFormat: 'JSON' },
          ReservedConcurrentExecutions: 5,
        },
      },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] },
          Principal: 'events.amazonaws.com',
        },
      },
      Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Function' } } },
      Alias: {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: { Ref: 'Function' },
          FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
          Name: 'live',
        },
      },
      Retries: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: { FunctionName: { Ref: 'Function' }, Qualifier: '$LATEST', MaximumRetryAttempts: 1 },
      },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Stream', 'Arn'] },
          FunctionName: { Ref: 'Function' },
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 10,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        },
      },
    },
    Outputs: { Mapping: { Value: { Ref: 'Mapping' } }, Alias: { Value: { Ref: 'Alias' } } },
  };
}

async function invoke(): Promise<{ seen: string[]; table: string; timeout: string }> {
  await cloud.activity.idle();
  const { Payload } = await cloud.call<{ Payload: Uint8Array }>('lambda', 'Invoke', { FunctionName: 'sink' }, root);
  return JSON.parse(Buffer.from(Payload).toString());
}

beforeAll(async () => {
  stacks = await StackBench.start();
  cloud = stacks.bench.cloud;
  root = { kind: 'root', arn: 'arn:aws:iam::000000000000:root', account: cloud.account };
});

afterAll(() => stacks.stop());

test('a stack of function, stream, mapping and table is deployed, works, changes in place and goes', async () => {
  expect(await stacks.deployOrReasons('stack', template(256, 24))).toBe('CREATE_COMPLETE');
  await cloud.call('kinesis', 'PutRecord', { StreamName: 'events', PartitionKey: 'k', Data: Buffer.from('hello') }, root);
  expect(await invoke()).toMatchObject({ seen: ['hello'], table: expect.stringMatching(/^stack-Table-/), timeout: '256' });

  expect(await stacks.deployOrReasons('stack', template(512, 48, `${SOURCE}\n`))).toBe('UPDATE_COMPLETE');
  await cloud.call('kinesis', 'PutRecord', { StreamName: 'events', PartitionKey: 'k', Data: Buffer.from('again') }, root);
  expect(await invoke()).toMatchObject({ seen: ['again'], timeout: '512' });
  const { StreamDescriptionSummary } = await cloud.call<{ StreamDescriptionSummary: { RetentionPeriodHours: number } }>(
    'kinesis',
    'DescribeStreamSummary',
    { StreamName: 'events' },
    root,
  );
  expect(StreamDescriptionSummary.RetentionPeriodHours).toBe(48);

  expect(await stacks.delete('stack')).toBe('GONE');
  for (const table of ['lambda/functions', 'lambda/mappings', 'lambda/statements', 'kinesis/streams', 'dynamodb/tables'])
    expect([...cloud.storage.table(table).entries()]).toEqual([]);
});
