import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import type { Caller } from '../../../src/cloud';
import { LocalCloud } from '../../../src/server';
import { roleProperties } from '../../support/role';

const stateDir = mkdtempSync(join(tmpdir(), 'lambda-stack-'));
let cloud: LocalCloud;
let client: CloudFormationClient;
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

async function settled(): Promise<string> {
  for (;;) {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'stack' })).catch(() => ({ Stacks: undefined }));
    const status = Stacks?.[0]?.StackStatus ?? 'GONE';
    if (!status.endsWith('IN_PROGRESS')) return status;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function deploy(body: object, ChangeSetType: 'CREATE' | 'UPDATE'): Promise<string> {
  const ChangeSetName = `set-${ChangeSetType}`;
  const input = { StackName: 'stack', ChangeSetName, ChangeSetType, TemplateBody: JSON.stringify(body) };
  await client.send(new CreateChangeSetCommand({ ...input, Capabilities: ['CAPABILITY_IAM'] }));
  for (let status = ''; status !== 'CREATE_COMPLETE'; ) {
    const set = await client.send(new DescribeChangeSetCommand({ StackName: 'stack', ChangeSetName }));
    status = set.Status ?? '';
    if (status === 'FAILED') return set.StatusReason ?? '';
  }
  await client.send(new ExecuteChangeSetCommand({ StackName: 'stack', ChangeSetName }));
  const status = await settled();
  if (!status.includes('ROLLBACK')) return status;
  const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: 'stack' }));
  return `${status} ${(StackEvents ?? []).map(({ ResourceStatusReason }) => ResourceStatusReason ?? '').join('; ')}`;
}

async function invoke(): Promise<{ seen: string[]; table: string; timeout: string }> {
  await cloud.activity.idle();
  const { Payload } = await cloud.call<{ Payload: Uint8Array }>('lambda', 'Invoke', { FunctionName: 'sink' }, root);
  return JSON.parse(Buffer.from(Payload).toString());
}

beforeAll(async () => {
  cloud = await LocalCloud.start({ stateDir });
  root = { kind: 'root', arn: 'arn:aws:iam::000000000000:root', account: cloud.account };
  client = new CloudFormationClient({
    region: cloud.region,
    endpoint: cloud.endpoint,
    credentials: await cloud.identities.root(),
  });
});

afterAll(async () => {
  client.destroy();
  await cloud.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

test('a stack of function, stream, mapping and table is deployed, works, changes in place and goes', async () => {
  expect(await deploy(template(256, 24), 'CREATE')).toBe('CREATE_COMPLETE');
  await cloud.call('kinesis', 'PutRecord', { StreamName: 'events', PartitionKey: 'k', Data: Buffer.from('hello') }, root);
  expect(await invoke()).toMatchObject({ seen: ['hello'], table: expect.stringMatching(/^stack-Table-/), timeout: '256' });

  expect(await deploy(template(512, 48, `${SOURCE}\n`), 'UPDATE')).toBe('UPDATE_COMPLETE');
  await cloud.call('kinesis', 'PutRecord', { StreamName: 'events', PartitionKey: 'k', Data: Buffer.from('again') }, root);
  expect(await invoke()).toMatchObject({ seen: ['again'], timeout: '512' });
  const { StreamDescriptionSummary } = await cloud.call<{ StreamDescriptionSummary: { RetentionPeriodHours: number } }>(
    'kinesis',
    'DescribeStreamSummary',
    { StreamName: 'events' },
    root,
  );
  expect(StreamDescriptionSummary.RetentionPeriodHours).toBe(48);

  await client.send(new DeleteStackCommand({ StackName: 'stack' }));
  expect(await settled()).toMatch(/GONE|DELETE_COMPLETE/);
  for (const table of ['lambda/functions', 'lambda/mappings', 'lambda/statements', 'kinesis/streams', 'dynamodb/tables'])
    expect([...cloud.storage.table(table).entries()]).toEqual([]);
});
