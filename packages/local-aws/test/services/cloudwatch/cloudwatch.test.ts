import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutDashboardCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import type { Caller } from '../../../src/cloud';
import { LocalCloud } from '../../../src/server';

const NOON = Date.UTC(2030, 0, 1, 12);
const MINUTE_MS = 60_000;
const stateDir = mkdtempSync(join(tmpdir(), 'cloudwatch-'));
let cloud: LocalCloud;
let client: CloudWatchClient;
let root: Caller;

const call = <Output>(service: string, operation: string, input: object): Promise<Output> =>
  cloud.call<Output>(service, operation, input, root);

beforeAll(async () => {
  cloud = await LocalCloud.start({ stateDir, startAt: NOON });
  cloud.clock.pause();
  root = { kind: 'root', arn: 'arn:aws:iam::000000000000:root', account: cloud.account };
  client = new CloudWatchClient({
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

test('values with counts give exact statistics, and a percentile is one of the values', async () => {
  const at = new Date(NOON - 10 * MINUTE_MS);
  const Values = Array.from({ length: 100 }, (_, index) => index + 1);
  await client.send(
    new PutMetricDataCommand({
      Namespace: 'Test',
      MetricData: [
        { MetricName: 'Latency', Timestamp: at, Values, Counts: Values.map(() => 10), Unit: 'Milliseconds' },
        { MetricName: 'Latency', Timestamp: at, Values: [1000], Unit: 'Milliseconds' },
        { MetricName: 'Latency', Timestamp: at, Value: 5, Dimensions: [{ Name: 'Model', Value: 'm' }] },
      ],
    }),
  );
  const { Datapoints } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: 'Test',
      MetricName: 'Latency',
      StartTime: new Date(at.getTime() - MINUTE_MS),
      EndTime: new Date(at.getTime() + MINUTE_MS),
      Period: 60,
      Statistics: ['SampleCount', 'Maximum', 'Minimum', 'Sum'],
    }),
  );
  const percentiles = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: 'Test',
      MetricName: 'Latency',
      StartTime: new Date(at.getTime() - MINUTE_MS),
      EndTime: new Date(at.getTime() + MINUTE_MS),
      Period: 60,
      ExtendedStatistics: ['p50', 'p99', 'p100'],
    }),
  );

  expect(Datapoints).toEqual([
    { Timestamp: at, Unit: 'Milliseconds', SampleCount: 1001, Maximum: 1000, Minimum: 1, Sum: 51_500 },
  ]);
  expect(percentiles.Datapoints?.[0]?.ExtendedStatistics).toEqual({ p50: 51, p99: 100, p100: 1000 });
  const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: 'Test' }));
  expect(Metrics?.map(({ Dimensions }) => Dimensions?.length ?? 0).sort()).toEqual([0, 1]);
});

test('a large put, which the client compresses, is read', async () => {
  const Values = Array.from({ length: 150 }, (_, index) => index + 0.5);
  const MetricData = Array.from({ length: 50 }, (_, index) => ({ MetricName: `m${index}`, Values, Timestamp: new Date(NOON) }));
  await client.send(new PutMetricDataCommand({ Namespace: 'Large', MetricData }));

  const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: 'Large' }));

  expect(Metrics).toHaveLength(50);
});

test('metric math combines series, fills gaps and drops divisions by zero', async () => {
  const minute = (index: number): Date => new Date(NOON - (30 - index) * MINUTE_MS);
  const datum = (MetricName: string, Value: number, index: number) => ({ MetricName, Value, Timestamp: minute(index) });
  await client.send(
    new PutMetricDataCommand({
      Namespace: 'Math',
      MetricData: [
        datum('Errors', 1, 0),
        datum('Errors', 3, 2),
        datum('Calls', 10, 0),
        datum('Calls', 0, 1),
        datum('Calls', 6, 2),
      ],
    }),
  );
  const metric = (Id: string, MetricName: string) => ({
    Id,
    MetricStat: { Metric: { Namespace: 'Math', MetricName }, Period: 60, Stat: 'Sum' },
    ReturnData: false,
  });
  const { MetricDataResults } = await client.send(
    new GetMetricDataCommand({
      StartTime: minute(0),
      EndTime: minute(3),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [
        metric('errors', 'Errors'),
        metric('calls', 'Calls'),
        { Id: 'rate', Expression: '100 * FILL(errors, 0) / calls' },
        { Id: 'high', Expression: 'IF(calls > 5 AND errors >= 3, 1, 0)' },
        { Id: 'all', Expression: 'SUM(METRICS()) - AVG([calls])^1' },
      ],
    }),
  );

  expect(MetricDataResults?.map(({ Id, Values }) => [Id, Values])).toEqual([
    ['rate', [10, 50]],
    ['high', [0, 1]],
    ['all', [1, 0, 3]],
  ]);
});

test('refuses what CloudWatch refuses, with its codes', async () => {
  const put = (Namespace: string, Timestamp: number, Value = 1) =>
    client.send(
      new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'm', Value, Timestamp: new Date(Timestamp) }] }),
    );

  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    await expect(put('Test', NOON, value)).rejects.toThrow('for parameter MetricData.member.1.Value is invalid');
  await expect(put('AWS/Mine', NOON)).rejects.toThrow('It must not start with AWS/.');
  await expect(put('Test', NOON - 15 * 86_400_000)).rejects.toThrow('must specify a time no more than two weeks in the past');
  await expect(client.send(new PutDashboardCommand({ DashboardName: 'd', DashboardBody: '{' }))).rejects.toThrow(
    'The field DashboardBody must be a valid JSON object',
  );
});

test('an embedded metric in a log event lands at its own time', async () => {
  await call('logs', 'CreateLogGroup', { logGroupName: '/app' });
  await call('logs', 'CreateLogStream', { logGroupName: '/app', logStreamName: 's' });
  const at = NOON - 3 * 3_600_000;
  const directive = { Namespace: 'Models', Dimensions: [['Model']], Metrics: [{ Name: 'Drift' }] };
  const message = JSON.stringify({ _aws: { Timestamp: at, CloudWatchMetrics: [directive] }, Model: 'm', Drift: 0.5 });
  const logEvents = [{ timestamp: NOON, message }];
  await call('logs', 'PutLogEvents', { logGroupName: '/app', logStreamName: 's', logEvents });

  const { Datapoints } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: 'Models',
      MetricName: 'Drift',
      Dimensions: [{ Name: 'Model', Value: 'm' }],
      StartTime: new Date(at),
      EndTime: new Date(NOON),
      Period: 3600,
      Statistics: ['Maximum'],
    }),
  );

  expect(Datapoints).toEqual([{ Timestamp: new Date(at), Unit: 'None', Maximum: 0.5 }]);
});

test('an alarm without data and without a rule for it stays in INSUFFICIENT_DATA', async () => {
  await call('cloudwatch', 'PutMetricAlarm', {
    AlarmName: 'silent',
    Namespace: 'Test',
    MetricName: 'Never',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  await cloud.clock.advance(MINUTE_MS);

  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ['silent'] }));

  expect(MetricAlarms).toMatchObject([{ StateValue: 'INSUFFICIENT_DATA', StateReason: 'Unchecked: Initial alarm creation' }]);
});
