import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import type { Caller } from '../../../src/cloud';
import { LocalCloud } from '../../../src/server';

const stateDir = mkdtempSync(join(tmpdir(), 'sns-'));
let cloud: LocalCloud;
let client: SNSClient;
let root: Caller;
let topic: string;

beforeAll(async () => {
  cloud = await LocalCloud.start({ stateDir });
  root = { kind: 'root', arn: 'arn:aws:iam::000000000000:root', account: cloud.account };
  client = new SNSClient({ region: cloud.region, endpoint: cloud.endpoint, credentials: await cloud.identities.root() });
  topic = (await client.send(new CreateTopicCommand({ Name: 'on-call' }))).TopicArn ?? '';
});

afterAll(async () => {
  client.destroy();
  await cloud.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

/** A queue to which SNS may send. */
async function makeQueue(QueueName: string): Promise<void> {
  const Statement = [{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*' }];
  await cloud.call('sqs', 'CreateQueue', { QueueName, Attributes: { Policy: JSON.stringify({ Statement }) } }, root);
}

async function queue(name: string, Attributes: Record<string, string> = {}): Promise<void> {
  const Endpoint = `arn:aws:sqs:eu-west-1:000000000000:${name}`;
  await makeQueue(name);
  await client.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint, Attributes }));
}

async function bodies(name: string): Promise<string[]> {
  await cloud.activity.idle();
  const QueueUrl = `https://sqs.eu-west-1.amazonaws.com/000000000000/${name}`;
  const { Messages = [] } = await cloud.call<{ Messages?: { Body: string }[] }>(
    'sqs',
    'ReceiveMessage',
    { QueueUrl, MaxNumberOfMessages: 10 },
    root,
  );
  return Messages.map(({ Body }) => Body);
}

test('a message reaches queues in its envelope or raw, as far as their filters let it; email stays pending', async () => {
  await queue('all');
  await queue('raw', { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify({ severity: [{ numeric: ['>=', 3] }] }) });
  await queue('body', { FilterPolicyScope: 'MessageBody', FilterPolicy: JSON.stringify({ model: ['flight'] }) });
  await client.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'email', Endpoint: 'ml@example.com' }));
  const severity = (StringValue: string) => ({ severity: { DataType: 'Number', StringValue } });
  await client.send(
    new PublishCommand({ TopicArn: topic, Subject: 'one', Message: '{"model":"flight"}', MessageAttributes: severity('3') }),
  );
  const entries = [{ Id: 'a', Message: 'two', MessageAttributes: severity('1') }];
  await client.send(new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries: entries }));

  const envelopes = (await bodies('all')).map((text) => JSON.parse(text));
  expect(envelopes).toMatchObject([
    {
      Type: 'Notification',
      TopicArn: topic,
      Subject: 'one',
      Message: '{"model":"flight"}',
      MessageAttributes: { severity: { Type: 'Number', Value: '3' } },
    },
    { Message: 'two' },
  ]);
  expect(await bodies('raw')).toEqual(['{"model":"flight"}']);
  expect((await bodies('body')).map((text) => JSON.parse(text).Message)).toEqual(['{"model":"flight"}']);
  const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }));
  expect(Subscriptions?.find(({ Protocol }) => Protocol === 'email')?.SubscriptionArn).toBe('PendingConfirmation');
});

test('what cannot be delivered goes to the dead-letter queue of its subscription', async () => {
  await makeQueue('dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:000000000000:dead' });
  const Endpoint = 'arn:aws:lambda:eu-west-1:000000000000:function:gone';
  await client.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'lambda', Endpoint, Attributes: { RedrivePolicy } }));
  await client.send(new PublishCommand({ TopicArn: topic, Message: 'lost' }));

  expect((await bodies('dead')).map((text) => JSON.parse(text).Message)).toEqual(['lost']);
});

test('refuses what it cannot deliver, with the errors of SNS', async () => {
  const subscribe = new SubscribeCommand({ TopicArn: topic, Protocol: 'https', Endpoint: 'https://example.com' });
  await expect(client.send(subscribe)).rejects.toThrow('the local AWS delivers to sqs, lambda and (as pending) email');
  const TopicArn = 'arn:aws:sns:eu-west-1:000000000000:none';
  await expect(client.send(new PublishCommand({ TopicArn, Message: 'x' }))).rejects.toMatchObject({
    name: 'NotFoundException',
    message: 'Topic does not exist',
  });
});
