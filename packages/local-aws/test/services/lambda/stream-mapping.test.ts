import type { Operations } from '../../../src/cloud';
import { kinesis } from '../../../src/services/kinesis';
import { lambda } from '../../../src/services/lambda';
import { sourceZip } from '../../../src/services/lambda/source-zip';
import { FakeCloud, logStub } from '../../support/fake-cloud';

const STREAM = 'arn:aws:kinesis:eu-west-1:000000000000:stream/events';
const QUEUE = 'arn:aws:sqs:eu-west-1:000000000000:failed';
const SECOND = 1000;

/** Fails for `poison` (by error, or by naming the record), remembers every batch it got. */
const SOURCE = `
const batches = [];
exports.handler = async (event) => {
  if (!event.Records) return batches;
  const texts = event.Records.map((record) => Buffer.from(record.kinesis.data, 'base64').toString());
  batches.push(texts);
  const poison = texts.findIndex((text) => text.startsWith('poison'));
  if (poison < 0) return null;
  if (process.env.PARTIAL === undefined) throw new Error('poison');
  return { batchItemFailures: [{ itemIdentifier: event.Records[poison].kinesis.sequenceNumber }] };
};`;

let cloud: FakeCloud;
let sent: { MessageBody: string }[];
const sqs: Operations = {
  GetQueueUrl: (input: { QueueName: string }) => ({ QueueUrl: `queue:${input.QueueName}` }),
  SendMessage: (input: { MessageBody: string }) => {
    sent.push(input);
    return {};
  },
};

async function start(environment: Record<string, string> = {}, stateDir?: string): Promise<void> {
  const stubs = { sqs, logs: logStub().operations, cloudwatch: { PutMetricData: () => ({}) } };
  cloud = await FakeCloud.start({
    services: [lambda, kinesis],
    stubs,
    startAt: Date.UTC(2030, 0, 1),
    paused: true,
    ...(stateDir && { stateDir }),
  });
  if (stateDir !== undefined) return;
  await cloud.call('kinesis', 'CreateStream', { StreamName: 'events', ShardCount: 1 });
  await cloud.call('lambda', 'CreateFunction', {
    FunctionName: 'sink',
    Role: 'arn:aws:iam::000000000000:role/sink',
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile: sourceZip('index.js', SOURCE) },
    Environment: { Variables: environment },
  });
}

async function map(settings: object): Promise<string> {
  const input = { FunctionName: 'sink', EventSourceArn: STREAM, StartingPosition: 'TRIM_HORIZON', ...settings };
  return (await cloud.call<{ UUID: string }>('lambda', 'CreateEventSourceMapping', input)).UUID;
}

function put(...texts: string[]): Promise<unknown> {
  const Records = texts.map((text) => ({ PartitionKey: 'key', Data: Buffer.from(text) }));
  return cloud.call('kinesis', 'PutRecords', { StreamName: 'events', Records });
}

async function batches(): Promise<string[][]> {
  await cloud.activity.idle();
  return delivered();
}

async function delivered(): Promise<string[][]> {
  const { Payload } = await cloud.call<{ Payload: Uint8Array }>('lambda', 'Invoke', { FunctionName: 'sink' });
  return JSON.parse(Buffer.from(Payload).toString());
}

beforeEach(() => {
  sent = [];
});
afterEach(() => cloud.stop());

test('batches keep the order and the size of the mapping, without waiting for a window on a clock that stands still', async () => {
  await start();
  await put('a', 'b', 'c', 'd', 'e');
  await map({ BatchSize: 2, MaximumBatchingWindowInSeconds: 300 });

  expect(await batches()).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  await put('f');
  expect((await batches()).at(-1)).toEqual(['f']);
});

test('a batching window holds a batch on a running clock until it is full or the window ends', async () => {
  await start();
  cloud.clock.resume();
  await map({ BatchSize: 3, MaximumBatchingWindowInSeconds: 300 });
  await put('a', 'b');
  expect(await batches()).toEqual([]);
  await put('c', 'd');
  expect(await batches()).toEqual([['a', 'b', 'c']]);
  await cloud.clock.advance(300 * SECOND);
  expect(await batches()).toEqual([['a', 'b', 'c'], ['d']]);
});

test('a consumer that never comes to an end holds up no other one', async () => {
  await start();
  await cloud.call('lambda', 'CreateFunction', {
    FunctionName: 'stuck',
    Role: 'arn:aws:iam::000000000000:role/sink',
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Timeout: 900,
    Code: { ZipFile: sourceZip('index.js', 'exports.handler = () => new Promise(() => undefined);') },
  });
  await map({ FunctionName: 'stuck' });
  await map({});

  for (const text of ['a', 'b']) {
    await put(text);
    while (!(await delivered()).flat().includes(text)) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  expect(await delivered()).toEqual([['a'], ['b']]);
});

test('LATEST delivers what is written after the mapping was made, and nothing from before', async () => {
  await start();
  await put('before');
  await map({ StartingPosition: 'LATEST' });
  await put('after');

  expect(await batches()).toEqual([['after']]);
});

test('a failing batch is retried on the clock, then told to the destination, and the shard goes on', async () => {
  await start();
  await map({ MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: QUEUE } } });
  await put('a', 'poison');
  await cloud.activity.idle();
  await put('next');

  expect(await batches()).toEqual([['a', 'poison']]);
  await cloud.clock.advance(10 * SECOND);
  expect(await batches()).toEqual([['a', 'poison'], ['a', 'poison'], ['a', 'poison'], ['next']]);
  expect(sent).toHaveLength(1);
  expect(JSON.parse(sent[0]?.MessageBody ?? '')).toMatchObject({
    version: '1.0',
    requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
    responseContext: { statusCode: 200, functionError: 'Unhandled', executedVersion: '$LATEST' },
    KinesisBatchInfo: { shardId: 'shardId-000000000000', batchSize: 2, streamArn: STREAM },
  });
});

test('bisecting isolates the poisoned record', async () => {
  await start();
  await map({
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 0,
    DestinationConfig: { OnFailure: { Destination: QUEUE } },
  });
  await put('a', 'b', 'poison', 'd');

  expect(await batches()).toEqual([['a', 'b', 'poison', 'd'], ['a', 'b'], ['poison', 'd'], ['poison'], ['d']]);
  expect(sent.map(({ MessageBody }) => JSON.parse(MessageBody).KinesisBatchInfo.batchSize)).toEqual([1]);
});

test('a function that names the failed record gets the batch again from there', async () => {
  await start({ PARTIAL: 'yes' });
  await map({ FunctionResponseTypes: ['ReportBatchItemFailures'], BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1 });
  await put('a', 'poison', 'c');
  await cloud.clock.advance(10 * SECOND);

  expect(await batches()).toEqual([['a', 'poison', 'c'], ['poison', 'c'], ['poison'], ['poison'], ['c']]);
});

test('records that are too old are discarded unseen', async () => {
  await start();
  await put('old');
  await cloud.clock.advance(120 * SECOND);
  await put('new');
  await map({ MaximumRecordAgeInSeconds: 60, DestinationConfig: { OnFailure: { Destination: QUEUE } } });

  expect(await batches()).toEqual([['new']]);
  expect(JSON.parse(sent[0]?.MessageBody ?? '').requestContext.condition).toBe('MaximumRecordAgeExceeded');
});

test('a restart goes on behind the last batch that succeeded', async () => {
  await start();
  const uuid = await map({});
  await put('a');
  await batches();
  const { stateDir } = cloud;
  await cloud.stop(true);

  await start({}, stateDir);
  await put('b');
  expect(await batches()).toEqual([['b']]);
  await cloud.call('lambda', 'DeleteEventSourceMapping', { UUID: uuid });
  await put('c');
  expect(await batches()).toEqual([['b']]);
});
