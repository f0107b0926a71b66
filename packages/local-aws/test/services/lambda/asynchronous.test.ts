import type { Operations } from '../../../src/cloud';
import { lambda } from '../../../src/services/lambda';
import { sourceZip } from '../../../src/services/lambda/source-zip';
import { FakeCloud, logStub } from '../../support/fake-cloud';

const MINUTE_MS = 60_000;
const DEAD = 'arn:aws:sqs:eu-west-1:000000000000:dead';
const TOPIC = 'arn:aws:sns:eu-west-1:000000000000:told';
const SOURCE = `
let calls = 0;
exports.handler = async (event) => {
  if (event === 'count') return calls;
  calls += 1;
  if (event.bad) throw new Error('bad event');
};`;

let cloud: FakeCloud;
const sent: { MessageBody: string; MessageAttributes?: Record<string, { StringValue: string }> }[] = [];
const published: { Message: string }[] = [];
const metrics: { MetricName: string; Values: number[]; Counts: number[] }[] = [];
const stubs: Record<string, Operations> = {
  logs: logStub().operations,
  sqs: {
    GetQueueUrl: () => ({ QueueUrl: 'queue' }),
    SendMessage: (input) => void sent.push(input),
  },
  sns: { Publish: (input) => void published.push(input) },
  cloudwatch: { PutMetricData: (input: { MetricData: typeof metrics }) => void metrics.push(...input.MetricData) },
};

async function invoke(event: unknown, InvocationType = 'Event'): Promise<unknown> {
  const input = { FunctionName: 'work', InvocationType, Payload: Buffer.from(JSON.stringify(event)) };
  const { Payload } = await cloud.call<{ Payload?: Uint8Array }>('lambda', 'Invoke', input);
  await cloud.activity.idle();
  return Payload === undefined ? undefined : JSON.parse(Buffer.from(Payload).toString());
}

const calls = (): Promise<unknown> => invoke('count', 'RequestResponse');

beforeAll(async () => {
  cloud = await FakeCloud.start({ services: [lambda], stubs, startAt: Date.UTC(2030, 0, 1), paused: true });
  await cloud.call('lambda', 'CreateFunction', {
    FunctionName: 'work',
    Role: 'arn:aws:iam::000000000000:role/work',
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile: sourceZip('index.js', SOURCE) },
    DeadLetterConfig: { TargetArn: DEAD },
  });
});

afterAll(() => cloud.stop());

test('an event is retried after one and after two minutes, then goes to the dead-letter queue and the destination', async () => {
  await cloud.call('lambda', 'PutFunctionEventInvokeConfig', {
    FunctionName: 'work',
    DestinationConfig: { OnFailure: { Destination: TOPIC } },
  });
  await invoke({ bad: true });

  expect(await calls()).toBe(1);
  await cloud.clock.advance(MINUTE_MS);
  expect(await calls()).toBe(2);
  expect(sent).toEqual([]);
  await cloud.clock.advance(2 * MINUTE_MS);
  expect(await calls()).toBe(3);
  expect(sent).toMatchObject([
    {
      MessageBody: '{"bad":true}',
      MessageAttributes: { ErrorMessage: { StringValue: 'bad event' }, ErrorCode: { StringValue: '200' } },
    },
  ]);
  expect(JSON.parse(published[0]?.Message ?? '')).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: { bad: true },
    responsePayload: { errorType: 'Error', errorMessage: 'bad event' },
  });
});

test('what succeeds is told to the destination of successes, and to no other', async () => {
  published.length = 0;
  sent.length = 0;
  await cloud.call('lambda', 'PutFunctionEventInvokeConfig', {
    FunctionName: 'work',
    DestinationConfig: { OnSuccess: { Destination: TOPIC }, OnFailure: { Destination: DEAD } },
  });

  await invoke({ good: true });

  expect(published.map(({ Message }) => JSON.parse(Message))).toMatchObject([
    {
      requestContext: { condition: 'Success', approximateInvokeCount: 1 },
      requestPayload: { good: true },
      responsePayload: null,
    },
  ]);
  expect(sent).toEqual([]);
});

test('the function is counted in the metrics of Lambda', async () => {
  await cloud.clock.advance(MINUTE_MS);
  const total = (name: string): number =>
    metrics
      .filter(({ MetricName }) => MetricName === name)
      .flatMap(({ Values, Counts }) => Values.map((value, index) => value * (Counts[index] ?? 0)))
      .reduce((sum, value) => sum + value, 0);

  expect([total('Invocations'), total('Errors'), total('Throttles')]).toEqual([7, 3, 0]);
  expect(total('Duration')).toBeGreaterThan(0);
});
