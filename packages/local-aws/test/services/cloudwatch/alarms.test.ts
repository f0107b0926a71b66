import { cloudwatch } from '../../../src/services/cloudwatch';
import { FakeCloud } from '../../support/fake-cloud';

const START = Date.UTC(2030, 0, 1, 12);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const FUNCTION = 'arn:aws:lambda:eu-west-1:000000000000:function:retrain';
const TOPIC = 'arn:aws:sns:eu-west-1:000000000000:on-call';

let cloud: FakeCloud;
let invoked: { at: number; event: Record<string, unknown> }[];
let published: { Subject: string; Message: string }[];
let events: { Detail: string; DetailType: string }[];

beforeEach(async () => {
  invoked = [];
  published = [];
  events = [];
  cloud = await FakeCloud.start({
    services: [cloudwatch],
    startAt: START,
    paused: true,
    stubs: {
      lambda: {
        Invoke: (input) => void invoked.push({ at: cloud.clock.now(), event: JSON.parse(Buffer.from(input.Payload).toString()) }),
      },
      sns: { Publish: (input) => void published.push(input) },
      events: { PutEvents: (input) => void events.push(...input.Entries) },
    },
  });
});
afterEach(() => cloud.stop());

async function alarm(name: string, input: object = {}): Promise<void> {
  await cloud.call('cloudwatch', 'PutMetricAlarm', {
    AlarmName: name,
    Namespace: 'Models',
    MetricName: 'Drift',
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    AlarmActions: [FUNCTION, TOPIC],
    ...input,
  });
}

async function put(Value: number, MetricName = 'Drift'): Promise<void> {
  await cloud.call('cloudwatch', 'PutMetricData', { Namespace: 'Models', MetricData: [{ MetricName, Value }] });
}

async function state(name: string): Promise<string> {
  const { MetricAlarms } = await cloud.call<{ MetricAlarms: { StateValue: string }[] }>('cloudwatch', 'DescribeAlarms', {
    AlarmNames: [name],
  });
  return MetricAlarms[0]?.StateValue ?? '';
}

test('a breaching minute raises the alarm just after it ends; function, topic and bus are told in the forms of AWS', async () => {
  await alarm('drift', { TreatMissingData: 'notBreaching', AlarmDescription: 'drifts' });
  await cloud.clock.advance(10_000);
  expect(await state('drift')).toBe('OK');
  await put(2);
  await cloud.clock.advance(MINUTE_MS);

  expect(await state('drift')).toBe('ALARM');
  expect(invoked).toHaveLength(1);
  expect(invoked[0]?.at).toBe(START + 61_000);
  expect(invoked[0]?.event).toMatchObject({
    source: 'aws.cloudwatch',
    alarmArn: 'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:drift',
    accountId: '000000000000',
    time: '2030-01-01T12:01:01.000+0000',
    region: 'eu-west-1',
    alarmData: {
      alarmName: 'drift',
      state: {
        value: 'ALARM',
        reason:
          'Threshold Crossed: 1 out of the last 1 datapoint [2.0 (01/01/30 12:00:00)] was greater than the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).',
      },
      previousState: { value: 'OK' },
      configuration: {
        description: 'drifts',
        metrics: [{ id: 'm1', returnData: true, metricStat: { metric: { namespace: 'Models', name: 'Drift' }, period: 60 } }],
      },
    },
  });
  expect(published[0]?.Subject).toBe('ALARM: "drift" in EU (Ireland)');
  expect(JSON.parse(published[0]?.Message ?? '')).toMatchObject({
    NewStateValue: 'ALARM',
    OldStateValue: 'OK',
    Trigger: { StatisticType: 'Statistic', Statistic: 'MAXIMUM', TreatMissingData: 'notBreaching' },
  });
  expect(events.map(({ Detail }) => JSON.parse(Detail).state.value)).toEqual(['OK', 'ALARM']);

  await cloud.clock.advance(5 * MINUTE_MS);
  expect(await state('drift')).toBe('OK');
  expect(invoked).toHaveLength(1);
});

test('an alarm looks at each period for itself and at the metric of its own dimensions only', async () => {
  const Dimensions = [{ Name: 'Model', Value: 'delay' }];
  await alarm('each', { Statistic: 'Average', EvaluationPeriods: 2, TreatMissingData: 'notBreaching', Dimensions });
  const minute = async (value: number, dimensions: object[] = Dimensions): Promise<void> => {
    const MetricData = [{ MetricName: 'Drift', Dimensions: dimensions, Value: value }];
    await cloud.call('cloudwatch', 'PutMetricData', { Namespace: 'Models', MetricData });
    await cloud.clock.advance(MINUTE_MS);
  };

  // On average far above the threshold, but not in the last period.
  for (const value of [100, 0, 100, 0]) await minute(value);
  for (const other of [[], [{ Name: 'Model', Value: 'other' }], [...Dimensions, { Name: 'Stage', Value: 'dev' }]])
    for (let count = 0; count < 3; count += 1) await minute(100, other);
  await cloud.clock.advance(2 * MINUTE_MS);
  expect([await state('each'), invoked.length]).toEqual(['OK', 0]);

  for (const value of [2, 2]) await minute(value);
  await cloud.clock.advance(1000);
  expect(await state('each')).toBe('ALARM');
});

test('three breaching days in a row raise an alarm over days; quiet months cost next to nothing', async () => {
  await alarm('daily', { Period: 86_400, EvaluationPeriods: 3, DatapointsToAlarm: 3, TreatMissingData: 'ignore' });
  for (let day = 0; day < 2; day += 1) {
    await put(2);
    await cloud.clock.advance(DAY_MS);
  }
  expect(await state('daily')).toBe('INSUFFICIENT_DATA');
  await put(2);
  await cloud.clock.advance(2 * HOUR_MS);
  expect(await state('daily')).toBe('ALARM');
  expect(invoked).toHaveLength(1);

  const armed = jest.spyOn(cloud.clock, 'at');
  await cloud.clock.advance(90 * DAY_MS);
  expect(await state('daily')).toBe('ALARM');
  expect(armed.mock.calls.length).toBeLessThan(20);
});

test('a percentile with few samples keeps the state when the alarm says so, and math can be alarmed on', async () => {
  await alarm('p99', { Statistic: undefined, ExtendedStatistic: 'p99', EvaluateLowSampleCountPercentile: 'ignore' });
  await alarm('math', {
    MetricName: undefined,
    Namespace: undefined,
    Statistic: undefined,
    Period: undefined,
    Metrics: [
      { Id: 'ratio', Expression: 'errors / calls', ReturnData: true },
      {
        Id: 'errors',
        MetricStat: { Metric: { Namespace: 'Models', MetricName: 'Errors' }, Period: 60, Stat: 'Sum' },
        ReturnData: false,
      },
      {
        Id: 'calls',
        MetricStat: { Metric: { Namespace: 'Models', MetricName: 'Calls' }, Period: 60, Stat: 'Sum' },
        ReturnData: false,
      },
    ],
  });
  await put(5);
  await put(30, 'Errors');
  await put(10, 'Calls');
  await cloud.clock.advance(MINUTE_MS + 2000);

  expect(await state('p99')).toBe('INSUFFICIENT_DATA');
  expect(await state('math')).toBe('ALARM');
});

test('a state set by hand acts at once and lasts until the next evaluation; history tells', async () => {
  await alarm('hand', { TreatMissingData: 'notBreaching' });
  await cloud.clock.advance(2000);
  await cloud.call('cloudwatch', 'SetAlarmState', { AlarmName: 'hand', StateValue: 'ALARM', StateReason: 'drill' });
  await cloud.activity.idle();
  expect(invoked).toHaveLength(1);
  await cloud.clock.advance(2 * MINUTE_MS);
  expect(await state('hand')).toBe('OK');

  const { AlarmHistoryItems } = await cloud.call<{ AlarmHistoryItems: { HistorySummary: string }[] }>(
    'cloudwatch',
    'DescribeAlarmHistory',
    { AlarmName: 'hand', HistoryItemType: 'StateUpdate' },
  );
  expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([
    'Alarm updated from ALARM to OK',
    'Alarm updated from OK to ALARM',
    'Alarm updated from INSUFFICIENT_DATA to OK',
  ]);
});

test.each([
  [{ Period: 45 }, 'Invalid value for parameter Period'],
  [{ EvaluationPeriods: 3, DatapointsToAlarm: 4 }, 'DatapointsToAlarm must be greater than or equal to 1'],
  [{ Period: 86_400, EvaluationPeriods: 8 }, 'more than 7 days'],
  [{ ThresholdMetricId: 'band' }, 'The local AWS does not support ThresholdMetricId of an alarm.'],
])('refuses an alarm with %j', async (input, message) => {
  await expect(alarm('bad', input)).rejects.toThrow(message);
});
