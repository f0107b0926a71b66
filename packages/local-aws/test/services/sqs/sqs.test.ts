import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { LocalCloud } from '../../../src/server';

const stateDir = mkdtempSync(join(tmpdir(), 'sqs-'));
let cloud: LocalCloud;
let client: SQSClient;

beforeAll(async () => {
  cloud = await LocalCloud.start({ stateDir, startAt: Date.UTC(2030, 0, 1) });
  cloud.clock.pause();
  const credentials = await cloud.identities.root();
  client = new SQSClient({ region: cloud.region, endpoint: cloud.endpoint, credentials });
});

afterAll(async () => {
  client.destroy();
  await cloud.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

async function queue(QueueName: string, Attributes: Record<string, string> = {}): Promise<string> {
  return (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
}

const receive = async (QueueUrl: string, input: object = {}) =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...input }))).Messages ?? [];

test('a message is hidden while it is worked on, comes back after its timeout, and is gone when deleted', async () => {
  const url = await queue('work', { VisibilityTimeout: '60' });
  expect(url).toBe('https://sqs.eu-west-1.amazonaws.com/000000000000/work');
  const attributes = {
    kind: { DataType: 'String', StringValue: 'test' },
    blob: { DataType: 'Binary', BinaryValue: Buffer.from('b') },
  };
  await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'hello', MessageAttributes: attributes }));

  const [first] = await receive(url, { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] });
  expect(first).toMatchObject({
    Body: 'hello',
    Attributes: { ApproximateReceiveCount: '1' },
    MessageAttributes: { kind: { StringValue: 'test' } },
  });
  expect(await receive(url)).toEqual([]);
  await cloud.clock.advance(60_000);
  const [second] = await receive(url, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
  expect(second).toMatchObject({ MessageId: first?.MessageId, Attributes: { ApproximateReceiveCount: '2' } });
  await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
  await client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: second?.ReceiptHandle, VisibilityTimeout: 0 }),
  );
  const [third] = await receive(url);
  await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: third?.ReceiptHandle }));
  await cloud.clock.advance(120_000);
  expect(await receive(url)).toEqual([]);
});

test('a message received too often moves to the dead-letter queue, whose depth is a metric', async () => {
  const dead = await queue('dead');
  const deadLetterTargetArn = 'arn:aws:sqs:eu-west-1:000000000000:dead';
  const url = await queue('source', {
    VisibilityTimeout: '0',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }),
  });
  await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'poison' }));

  expect(await receive(url)).toHaveLength(1);
  expect(await receive(url)).toHaveLength(1);
  expect(await receive(url)).toEqual([]);
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['All'] }));
  expect(Attributes).toMatchObject({ ApproximateNumberOfMessages: '1', QueueArn: deadLetterTargetArn, VisibilityTimeout: '30' });
  await cloud.clock.advance(60_000);
  const { Datapoints } = await cloud.call<{ Datapoints: { Maximum: number }[] }>(
    'cloudwatch',
    'GetMetricStatistics',
    {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: 'dead' }],
      StartTime: new Date(cloud.clock.now() - 600_000),
      EndTime: new Date(cloud.clock.now()),
      Period: 600,
      Statistics: ['Maximum'],
    },
    cloud.asService('test'),
  );
  expect(Datapoints[0]?.Maximum).toBe(1);
  const [message] = await receive(dead, { MessageSystemAttributeNames: ['All'] });
  expect(message?.Attributes?.DeadLetterQueueSourceArn).toBe('arn:aws:sqs:eu-west-1:000000000000:source');
});

test('messages past their retention are gone; delayed ones come at their time; a long poll gets what is sent meanwhile', async () => {
  const url = await queue('short', { MessageRetentionPeriod: '60' });
  await client.send(
    new SendMessageBatchCommand({
      QueueUrl: url,
      Entries: [
        { Id: 'a', MessageBody: 'old' },
        { Id: 'b', MessageBody: 'late', DelaySeconds: 30 },
      ],
    }),
  );
  await cloud.clock.advance(30_000);
  expect((await receive(url, { VisibilityTimeout: 1 })).map(({ Body }) => Body)).toEqual(['old', 'late']);
  await cloud.clock.advance(61_000);
  const poll = receive(url, { WaitTimeSeconds: 20 });
  await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'new' }));
  expect((await poll).map(({ Body }) => Body)).toEqual(['new']);
});

test('answers with the errors of SQS', async () => {
  await expect(client.send(new GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
    message: 'The specified queue does not exist.',
  });
  await expect(queue('bad', { VisibilityTimeout: '43201' })).rejects.toThrow(
    'Invalid value for the parameter VisibilityTimeout.',
  );
  await expect(queue('work', { VisibilityTimeout: '61' })).rejects.toThrow('different value for attribute VisibilityTimeout');
  const url = await queue('tiny', { MaximumMessageSize: '1024' });
  await expect(client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x'.repeat(1025) }))).rejects.toThrow(
    'Message must be shorter than 1024 bytes.',
  );
});
