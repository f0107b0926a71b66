import { exampleTemplates } from '../../support/example-templates';

const templates = exampleTemplates();
const GUARD = {
  Namespace: 'AWS/SageMaker',
  Dimensions: [
    { Name: 'EndpointName', Value: 'slipway-prod-flight-delay' },
    { Name: 'VariantName', Value: 'champion' },
  ],
  Period: 60,
  EvaluationPeriods: 1,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
  AlarmActions: ['<OnCall>'],
};

test('more than one failed invocation of a hundred within a minute rolls a canary back, and calls people', () => {
  expect(templates.properties('prod', 'serving', 'EndpointflightdelayAlarmsErrors')).toMatchObject({
    ...GUARD,
    AlarmName: 'slipway-prod-flight-delay-errors',
    MetricName: 'Invocation5XXErrors',
    Statistic: 'Average',
    Threshold: 0.01,
  });
});

test('so does a 99th percentile above half a second, which the service counts in microseconds', () => {
  expect(templates.properties('prod', 'serving', 'EndpointflightdelayAlarmsLatency')).toMatchObject({
    ...GUARD,
    AlarmName: 'slipway-prod-flight-delay-latency',
    MetricName: 'ModelLatency',
    ExtendedStatistic: 'p99',
    Threshold: 500_000,
  });
});
