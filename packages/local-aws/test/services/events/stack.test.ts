import type { Caller } from '../../../src/cloud';
import type { LocalCloud } from '../../../src/server';
import { StackBench } from '../../support/stack-bench';

let cloud: LocalCloud;
let stacks: StackBench;
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

beforeAll(async () => {
  stacks = await StackBench.start();
  cloud = stacks.bench.cloud;
  root = { kind: 'root', arn: 'arn:aws:iam::000000000000:root', account: cloud.account };
});

afterAll(() => stacks.stop());

test('a stack of queues, topics, alarms, rules and schedules is deployed, changes in place and goes without a trace', async () => {
  expect(await stacks.deployOrReasons('stack', template(1_209_600, 0, 'rate(1 hour)'))).toBe('CREATE_COMPLETE');
  const outputs = await stacks.outputs('stack');
  expect(outputs.Topic).toBe('arn:aws:sns:eu-west-1:000000000000:on-call');
  expect(outputs.Url).toMatch(/^https:\/\/sqs\.eu-west-1\.amazonaws\.com\/000000000000\/stack-Failed-/);

  expect(await stacks.deployOrReasons('stack', template(86_400, 5, 'rate(2 hours)'))).toBe('UPDATE_COMPLETE');
  const queue = { QueueUrl: outputs.Url, AttributeNames: ['All'] };
  expect(await cloud.call('sqs', 'GetQueueAttributes', queue, root)).toMatchObject({
    Attributes: { MessageRetentionPeriod: '86400', Policy: expect.stringContaining('Deny') },
  });
  const alarm = { AlarmNames: [outputs.Alarm] };
  expect(await cloud.call('cloudwatch', 'DescribeAlarms', alarm, root)).toMatchObject({ MetricAlarms: [{ Threshold: 5 }] });

  expect(await stacks.delete('stack')).toBe('GONE');
  for (const name of ['sqs/queues', 'sns/topics', 'sns/subscriptions', 'cloudwatch/alarms', 'events/rules', 'scheduler/due'])
    expect([...cloud.storage.table(name).entries()]).toEqual([]);
});
