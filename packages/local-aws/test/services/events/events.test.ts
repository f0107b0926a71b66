import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeRuleCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import type { Caller } from '../../../src/cloud';
import { LocalCloud } from '../../../src/server';

const START = Date.UTC(2030, 0, 1, 12);
const HOUR_MS = 3_600_000;
const stateDir = mkdtempSync(join(tmpdir(), 'events-'));
let cloud: LocalCloud;
let client: EventBridgeClient;
let root: Caller;

beforeAll(async () => {
  cloud = await LocalCloud.start({ stateDir, startAt: START });
  cloud.clock.pause();
  root = { kind: 'root', arn: 'arn:aws:iam::000000000000:root', account: cloud.account };
  client = new EventBridgeClient({ region: cloud.region, endpoint: cloud.endpoint, credentials: await cloud.identities.root() });
});

afterAll(async () => {
  client.destroy();
  await cloud.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

async function queue(QueueName: string): Promise<string> {
  const arn = `arn:aws:sqs:eu-west-1:000000000000:${QueueName}`;
  const Statement = [
    { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: arn },
  ];
  await cloud.call('sqs', 'CreateQueue', { QueueName, Attributes: { Policy: JSON.stringify({ Statement }) } }, root);
  return arn;
}

interface Received {
  readonly Body: string;
  readonly MessageAttributes?: Record<string, { StringValue: string }>;
}

async function received(name: string): Promise<Received[]> {
  await cloud.activity.idle();
  const QueueUrl = `https://sqs.eu-west-1.amazonaws.com/000000000000/${name}`;
  const input = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
  return (await cloud.call<{ Messages?: Received[] }>('sqs', 'ReceiveMessage', input, root)).Messages ?? [];
}

async function rule(Name: string, pattern: object, ...Targets: Target[]): Promise<void> {
  await client.send(new PutRuleCommand({ Name, EventPattern: JSON.stringify(pattern) }));
  await client.send(new PutTargetsCommand({ Rule: Name, Targets }));
}

test('an event reaches the targets of the rules that it matches, each with its own input', async () => {
  const Arn = await queue('inputs');
  await rule(
    'inputs',
    { source: ['app'], detail: { state: ['Failed'] } },
    { Id: 'path', Arn, InputPath: '$.detail.state' },
    { Id: 'constant', Arn, Input: '{"fixed":1}' },
    {
      Id: 'template',
      Arn,
      InputTransformer: {
        InputPathsMap: { state: '$.detail.state', n: '$.detail.n', none: '$.detail.none' },
        InputTemplate: '{"text":"was <state>","state":<state>,"n":<n>,"rule":"<aws.events.rule-name>","none":"<none>"}',
      },
    },
    { Id: 'whole', Arn },
  );
  const entry = (state: string) => ({
    Source: 'app',
    DetailType: 'Test',
    Detail: JSON.stringify({ state, n: 2 }),
    Resources: ['r'],
  });
  await client.send(new PutEventsCommand({ Entries: [entry('Failed'), entry('Fine')] }));

  const bodies = (await received('inputs')).map(({ Body }) => JSON.parse(Body));
  expect(bodies).toHaveLength(4);
  expect(bodies).toEqual(
    expect.arrayContaining([
      'Failed',
      { fixed: 1 },
      { text: 'was Failed', state: 'Failed', n: 2, rule: 'inputs', none: '' },
      expect.objectContaining({
        version: '0',
        'detail-type': 'Test',
        source: 'app',
        account: '000000000000',
        region: 'eu-west-1',
        time: '2030-01-01T12:00:00Z',
        resources: ['r'],
        detail: { state: 'Failed', n: 2 },
      }),
    ]),
  );
});

test('only services may use their sources; other entries fail one by one', async () => {
  const entries = [
    { Source: 'aws.sagemaker', DetailType: 'x', Detail: '{}' },
    { Source: 'app', DetailType: 'x', Detail: '[1]' },
    { Source: 'app', DetailType: 'x', Detail: '{}' },
  ];
  const { FailedEntryCount, Entries } = await client.send(new PutEventsCommand({ Entries: entries }));

  expect(FailedEntryCount).toBe(2);
  expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual(['NotAuthorizedForSourceException', 'MalformedDetail', undefined]);
  const own = await cloud.call(
    'events',
    'PutEvents',
    { Entries: entries.slice(0, 1) },
    cloud.asService('sagemaker.amazonaws.com'),
  );
  expect(own).toMatchObject({ FailedEntryCount: 0 });
});

test('an event that a target does not take goes to its dead-letter queue with the reason', async () => {
  const dead = await queue('dead');
  const Arn = 'arn:aws:lambda:eu-west-1:000000000000:function:gone';
  await rule(
    'gone',
    { source: ['gone'] },
    { Id: 'f', Arn, DeadLetterConfig: { Arn: dead }, RetryPolicy: { MaximumRetryAttempts: 2 } },
  );
  await client.send(new PutEventsCommand({ Entries: [{ Source: 'gone', DetailType: 'x', Detail: '{"a":1}' }] }));

  const [message] = await received('dead');
  expect(JSON.parse(message?.Body ?? '').detail).toEqual({ a: 1 });
  expect(message?.MessageAttributes).toMatchObject({
    ERROR_CODE: { StringValue: 'ResourceNotFoundException' },
    TARGET_ARN: { StringValue: Arn },
    RULE_ARN: { StringValue: 'arn:aws:events:eu-west-1:000000000000:rule/gone' },
  });
});

test('a rule with a schedule fires at each of its times in a jump of the clock', async () => {
  const Arn = await queue('scheduled');
  await client.send(new PutRuleCommand({ Name: 'hourly', ScheduleExpression: 'cron(15 * * * ? *)' }));
  await client.send(new PutTargetsCommand({ Rule: 'hourly', Targets: [{ Id: 'q', Arn }] }));
  await cloud.clock.advance(3 * HOUR_MS);

  const events = (await received('scheduled')).map(({ Body }) => JSON.parse(Body));
  expect(events.map(({ time }) => time)).toEqual(['2030-01-01T12:15:00Z', '2030-01-01T13:15:00Z', '2030-01-01T14:15:00Z']);
  expect(events[0]).toMatchObject({ source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} });
});

test('refuses patterns and rules as EventBridge does', async () => {
  const put = new PutRuleCommand({ Name: 'bad', EventPattern: '{"source":"x"}' });
  await expect(client.send(put)).rejects.toMatchObject({
    name: 'InvalidEventPatternException',
    message: 'Event pattern is not valid. Reason: "source" must be an object or an array',
  });
  await expect(client.send(new DescribeRuleCommand({ Name: 'none' }))).rejects.toThrow(
    'Rule none does not exist on EventBus default.',
  );
});
