import { MinuteMetrics } from '../../src/metering/minute-metrics';
import { FakeCloud } from '../support/fake-cloud';

const START = Date.UTC(2030, 0, 1);
const MINUTE_MS = 60_000;
interface Datum {
  readonly MetricName: string;
  readonly Timestamp: Date;
  readonly Values: number[];
  readonly Counts: number[];
}
let cloud: FakeCloud;
let put: { Namespace: string; MetricData: Datum[] }[];
let metrics: MinuteMetrics;
let broken = false;

beforeEach(async () => {
  put = [];
  broken = false;
  const PutMetricData = (input: (typeof put)[number]) => {
    if (broken) throw new Error('no CloudWatch');
    put.push(input);
  };
  cloud = await FakeCloud.start({ startAt: START, paused: true, stubs: { cloudwatch: { PutMetricData } } });
  metrics = new MinuteMetrics(cloud, 'AWS/Test', 'test.amazonaws.com');
});
afterEach(() => cloud.stop());

test('values are put when their minute ends, equal ones counted, dimensions apart, as the service itself', async () => {
  for (const value of [1, 2, 1]) metrics.add('Latency', 'Milliseconds', value, { Name: 'a' }, 'a');
  metrics.add('Latency', 'Milliseconds', 1, { Name: 'b' }, 'b');
  await cloud.clock.advance(MINUTE_MS - 1);
  expect(put).toEqual([]);
  await cloud.clock.advance(1);

  const common = { MetricName: 'Latency', Unit: 'Milliseconds', Timestamp: new Date(START) };
  expect(put).toEqual([
    {
      Namespace: 'AWS/Test',
      MetricData: [
        { ...common, Dimensions: [{ Name: 'Name', Value: 'a' }], Values: [1, 2], Counts: [2, 1] },
        { ...common, Dimensions: [{ Name: 'Name', Value: 'b' }], Values: [1], Counts: [1] },
      ],
    },
  ]);
  expect(cloud.calls[0]?.caller).toMatchObject({ kind: 'service', arn: 'test.amazonaws.com' });
});

test('each minute has its own data, and a minute without values puts nothing', async () => {
  metrics.add('Count', 'Count', 1, {}, '');
  await cloud.clock.advance(3 * MINUTE_MS);
  metrics.add('Count', 'Count', 2, {}, '');
  await cloud.clock.advance(MINUTE_MS);

  expect(put.map(({ MetricData }) => MetricData.map(({ Timestamp, Values }) => [Timestamp.getTime() - START, Values]))).toEqual([
    [[0, [1]]],
    [[3 * MINUTE_MS, [2]]],
  ]);
});

test('more than 150 values of a minute are split, none lost', async () => {
  for (let value = 0; value < 301; value += 1) metrics.add('Many', 'Count', value, {}, '');
  await metrics.flush();

  const data = put[0]?.MetricData ?? [];
  expect(data.map(({ Values }) => Values.length)).toEqual([150, 150, 1]);
  expect(data.flatMap(({ Values }) => Values)).toEqual(Array.from({ length: 301 }, (_, value) => value));
});

test('a CloudWatch that fails costs the minute and a line in the log, not the next minute', async () => {
  broken = true;
  metrics.add('Count', 'Count', 1, {}, '');
  await cloud.clock.advance(MINUTE_MS);
  broken = false;
  metrics.add('Count', 'Count', 2, {}, '');
  await cloud.clock.advance(MINUTE_MS);

  expect(cloud.lines.join()).toContain('AWS/Test: metrics dropped: Error: no CloudWatch');
  expect(put.flatMap(({ MetricData }) => MetricData.flatMap(({ Values }) => Values))).toEqual([2]);
});
