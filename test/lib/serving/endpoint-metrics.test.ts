import { EndpointMetrics } from '../../../lib/serving/endpoint-metrics';

const metrics = new EndpointMetrics('an-endpoint');

test.each([
  ['invocations', metrics.invocations(), 'Invocations', 'Sum'],
  ['failures', metrics.failures(), 'Invocation5XXErrors', 'Sum'],
  ['failure rate', metrics.failureRate(), 'Invocation5XXErrors', 'Average'],
  ['latency', metrics.latencyP99(), 'ModelLatency', 'p99'],
])('%s of an endpoint are those of its variant, by the minute', (_, metric, metricName, statistic) => {
  expect(metric).toMatchObject({
    namespace: 'AWS/SageMaker',
    metricName,
    statistic,
    dimensions: { EndpointName: 'an-endpoint', VariantName: 'champion' },
  });
  expect(metric.period.toSeconds()).toBe(60);
});
