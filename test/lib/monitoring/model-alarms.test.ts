import { exampleTemplates } from '../../support/example-templates';

const templates = exampleTemplates();
const OF_THE_MODEL = [
  { Name: 'Model', Value: 'flight-delay' },
  { Name: 'Stage', Value: 'prod' },
];
const TRAIN_AND_TELL = ['<RetrainingFunction.Arn>', '<OnCall>'];

test('drift beyond a limit in three windows of three calls the retrain function itself, and people', () => {
  expect(templates.properties('prod', 'application', 'AlarmsflightdelayDrift')).toMatchObject({
    AlarmName: 'slipway-prod-flight-delay-drift',
    Namespace: 'Slipway',
    MetricName: 'DriftRatio',
    Dimensions: OF_THE_MODEL,
    Statistic: 'Maximum',
    Period: 86_400,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 1,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 3,
    AlarmActions: TRAIN_AND_TELL,
  });
});

test('live precision below its floor does the same at once', () => {
  expect(templates.properties('prod', 'application', 'AlarmsflightdelayPrecisionFloor')).toMatchObject({
    AlarmName: 'slipway-prod-flight-delay-precision-floor',
    Namespace: 'Slipway',
    MetricName: 'LivePrecision',
    Dimensions: OF_THE_MODEL,
    Statistic: 'Minimum',
    Period: 86_400,
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 0.5,
    EvaluationPeriods: 1,
    AlarmActions: TRAIN_AND_TELL,
  });
});

test('a gate without a floor has no alarm', () => {
  const names = templates.propertiesOf('prod', 'application', 'AWS::CloudWatch::Alarm').map(({ AlarmName }) => AlarmName);

  expect(names.filter((name) => /-(drift|floor)$/.test(String(name)))).toEqual([
    'slipway-prod-flight-delay-drift',
    'slipway-prod-flight-delay-precision-floor',
  ]);
});

test('a window without a verdict leaves an alarm as it is', () => {
  for (const id of ['AlarmsflightdelayDrift', 'AlarmsflightdelayPrecisionFloor'])
    expect(templates.properties('prod', 'application', id)).toMatchObject({ TreatMissingData: 'ignore' });
});
