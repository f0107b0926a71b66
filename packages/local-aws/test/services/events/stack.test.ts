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

const stateDir = mkdtempSync(join(tmpdir(), 'messaging-stack-'));
let cloud: LocalCloud;
let client: CloudFormationClient;
let root: Caller;

function template(retention: number, threshold: number, rate: string) {
  const queueArn = { 'Fn::GetAtt': ['Failed', 'Arn'] };
  const Statement = [
    { Effect: 'Deny', Principal: { Service: 'sns.amazonaws.com' }, Action: '*', Resource: queueArn },
    { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: queueArn },
  ];
  return {
    Resources: {
      Failed: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: retention, KmsMasterKeyId: 'alias/x' } },
      QueuePolicy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Failed' }], PolicyDocument: { Statement } } },
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'on-call' } },
      Mail: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint: 'ml@example.com' },
      },
      TopicPolicy: { Type: 'AWS::SNS::TopicPolicy', Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument: { Statement } } },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          AlarmActions: [{ Ref: 'Topic' }],
          ComparisonOperator: 'GreaterThanThreshold',
          Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Failed', 'QueueName'] } }],
          EvaluationPeriods: 1,
          MetricName: 'ApproximateNumberOfMessagesVisible',
          Namespace: 'AWS/SQS',
          Period: 300,
          Statistic: 'Maximum',
          Threshold: threshold,
          TreatMissingData: 'notBreaching',
        },
      },
      Dashboard: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardName: 'board', DashboardBody: '{"widgets":[]}' } },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: { source: ['aws.sagemaker'] },
          State: 'ENABLED',
          Targets: [{ Id: 'Target0', Arn: queueArn, RetryPolicy: { MaximumRetryAttempts: 10 } }],
        },
      },
      Schedule: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          FlexibleTimeWindow: { Mode: 'OFF' },
          ScheduleExpression: rate,
          ScheduleExpressionTimezone: 'Etc/UTC',
          State: 'ENABLED',
          Target: { Arn: queueArn, RoleArn: 'arn:aws:iam::000000000000:role/scheduler', Input: '{}' },
        },
      },
    },
    Outputs: { Url: { Value: { Ref: 'Failed' } }, Topic: { Value: { Ref: 'Topic' } }, Alarm: { Value: { Ref: 'Alarm' } } },
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
  const set = { StackName: 'stack', ChangeSetName: `set-${ChangeSetType}` };
  await client.send(new CreateChangeSetCommand({ ...set, ChangeSetType, TemplateBody: JSON.stringify(body) }));
  for (let status = ''; status !== 'CREATE_COMPLETE'; ) {
    const described = await client.send(new DescribeChangeSetCommand(set));
    status = described.Status ?? '';
    if (status === 'FAILED') return described.StatusReason ?? '';
  }
  await client.send(new ExecuteChangeSetCommand(set));
  const status = await settled();
  if (!status.includes('ROLLBACK')) return status;
  const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: 'stack' }));
  return `${status} ${(StackEvents ?? []).map(({ ResourceStatusReason }) => ResourceStatusReason ?? '').join('; ')}`;
}

beforeAll(async () => {
  cloud = await LocalCloud.start({ stateDir });
  root = { kind: 'root', arn: 'arn:aws:iam::000000000000:root', account: cloud.account };
  const credentials = await cloud.identities.root();
  client = new CloudFormationClient({ region: cloud.region, endpoint: cloud.endpoint, credentials });
});

afterAll(async () => {
  client.destroy();
  await cloud.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

test('a stack of queues, topics, alarms, rules and schedules is deployed, changes in place and goes without a trace', async () => {
  expect(await deploy(template(1_209_600, 0, 'rate(1 hour)'), 'CREATE')).toBe('CREATE_COMPLETE');
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'stack' }));
  const outputs = new Map(Stacks?.[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  expect(outputs.get('Topic')).toBe('arn:aws:sns:eu-west-1:000000000000:on-call');
  expect(outputs.get('Url')).toMatch(/^https:\/\/sqs\.eu-west-1\.amazonaws\.com\/000000000000\/stack-Failed-/);

  expect(await deploy(template(86_400, 5, 'rate(2 hours)'), 'UPDATE')).toBe('UPDATE_COMPLETE');
  const queue = { QueueUrl: outputs.get('Url'), AttributeNames: ['All'] };
  expect(await cloud.call('sqs', 'GetQueueAttributes', queue, root)).toMatchObject({
    Attributes: { MessageRetentionPeriod: '86400', Policy: expect.stringContaining('Deny') },
  });
  const alarm = { AlarmNames: [outputs.get('Alarm')] };
  expect(await cloud.call('cloudwatch', 'DescribeAlarms', alarm, root)).toMatchObject({ MetricAlarms: [{ Threshold: 5 }] });

  await client.send(new DeleteStackCommand({ StackName: 'stack' }));
  expect(await settled()).toMatch(/GONE|DELETE_COMPLETE/);
  for (const name of ['sqs/queues', 'sns/topics', 'sns/subscriptions', 'cloudwatch/alarms', 'events/rules', 'scheduler/due'])
    expect([...cloud.storage.table(name).entries()]).toEqual([]);
});
