import { exampleTemplates } from '../../support/example-templates';

const templates = exampleTemplates();
const alarm = (id: string) => templates.properties('prod', 'foundation', `Alarms${id}`);
const CALLS = { AlarmActions: ['<OnCall>'], TreatMissingData: 'notBreaching', ComparisonOperator: 'GreaterThanThreshold' };
const FIVE_MINUTES = 300;

test('one request of a hundred that fails in the API, for longer than a period, is an alarm', () => {
  expect(alarm('ApiErrors')).toMatchObject({
    ...CALLS,
    AlarmName: 'slipway-prod-api-error-share',
    Namespace: 'AWS/ApiGateway',
    MetricName: '5XXError',
    Dimensions: [{ Name: 'ApiName', Value: 'slipway-prod-api' }],
    Statistic: 'Average',
    Period: FIVE_MINUTES,
    Threshold: 0.01,
    DatapointsToAlarm: 2,
    EvaluationPeriods: 3,
  });
});

test('so is a slow API, unless too few ask it', () => {
  expect(alarm('ApiLatency')).toMatchObject({
    ...CALLS,
    MetricName: 'Latency',
    ExtendedStatistic: 'p99',
    EvaluateLowSampleCountPercentile: 'ignore',
    Threshold: 2000,
    EvaluationPeriods: 3,
  });
});

test('a share of failed invocations of a function is an alarm, which a lone retry is not', () => {
  expect(alarm('FunctionErrorspredict')).toMatchObject({
    ...CALLS,
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Dimensions: [{ Name: 'FunctionName', Value: 'slipway-prod-predict' }],
    Statistic: 'Average',
    Threshold: 0.05,
    DatapointsToAlarm: 2,
    EvaluationPeriods: 3,
  });
});

test('so are throttles of any function that go on for three periods', () => {
  const { Metrics, ...rest } = alarm('FunctionThrottles1');

  expect(rest).toMatchObject({ ...CALLS, Threshold: 0, EvaluationPeriods: 3 });
  expect(Metrics).toHaveLength(11);
  expect(Metrics).toContainEqual(expect.objectContaining({ Expression: 'SUM([m0,m1,m2,m3,m4,m5,m6,m7,m8,m9])' }));
});

test('records that wait ten minutes in a stream are one', () => {
  for (const name of ['aggregate', 'watch'])
    expect(alarm(`IteratorAge${name}`)).toMatchObject({
      ...CALLS,
      Namespace: 'AWS/Lambda',
      MetricName: 'IteratorAge',
      Dimensions: [{ Name: 'FunctionName', Value: `slipway-prod-${name}` }],
      Statistic: 'Maximum',
      Threshold: 600_000,
    });
});

test.each(['aggregate-failed', 'watch-failed', 'retrain-failed', 'promote-failed', 'quarantine'])(
  'people hear of anything in %s',
  (queue) => {
    expect(alarm(`NotEmpty${queue.replace('-', '')}`)).toMatchObject({
      ...CALLS,
      AlarmName: `slipway-prod-${queue}-not-empty`,
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: `slipway-prod-${queue}` }],
      Statistic: 'Maximum',
      Period: FIVE_MINUTES,
      EvaluationPeriods: 1,
      Threshold: 0,
    });
  },
);

test('a table that refuses is one, and it ends with the next write', () => {
  const { Metrics, ...rest } = alarm('TableThrottlestiles');

  expect(rest).toMatchObject({ ...CALLS, AlarmName: 'slipway-prod-tiles-throttles', Threshold: 0 });
  expect(Metrics).toContainEqual(expect.objectContaining({ Expression: 'SUM([reads, writes, 0 * written])' }));
});

test('so are events that do not reach the lake, and records that cannot be converted', () => {
  expect(alarm('LakeFreshness1')).toMatchObject({ ...CALLS, Threshold: 900, DatapointsToAlarm: 2, EvaluationPeriods: 3 });
  expect(alarm('LakeConversion1')).toMatchObject({ ...CALLS, Threshold: 0, EvaluationPeriods: 1 });
});

test('a monitor that has not run for three hours is one, from the deployment of the monitor on', () => {
  expect(templates.properties('prod', 'application', 'MonitorSilence')).toMatchObject({
    AlarmName: 'slipway-prod-monitor-silence',
    Namespace: 'AWS/Lambda',
    MetricName: 'Invocations',
    Dimensions: [{ Name: 'FunctionName', Value: 'slipway-prod-watch' }],
    Statistic: 'Sum',
    Period: 3600,
    EvaluationPeriods: 3,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
    AlarmActions: ['<OnCall>'],
  });
});
