import { METRICS } from '../../../core/metrics';
import { METRIC_NAMESPACE } from '../../../core/naming';
import { EmfMetrics } from '../../../lambda/runtime/observability';

test('a metric has exactly the dimensions it was given, also where the environment names a service', () => {
  process.env.POWERTOOLS_SERVICE_NAME = 'watch';
  const at = Date.now();
  const written: string[] = [];
  const log = jest.spyOn(process.stdout, 'write').mockImplementation((line) => written.push(String(line)) > 0);
  try {
    const [name] = Object.values(METRICS);
    if (name === undefined) throw new Error('no metric is defined');
    new EmfMetrics().put({ name, value: 0.25, unit: 'Count', dimensions: { Stage: 'dev', Model: 'm' }, at });
    const record = JSON.parse(written[0] ?? '{}');
    expect(record).toMatchObject({ Stage: 'dev', Model: 'm', [name]: 0.25, _aws: { Timestamp: at } });
    expect(record._aws.CloudWatchMetrics).toEqual([
      { Namespace: METRIC_NAMESPACE, Dimensions: [['Stage', 'Model']], Metrics: [{ Name: name, Unit: 'Count' }] },
    ]);
    expect(record).not.toHaveProperty('service');
  } finally {
    log.mockRestore();
    delete process.env.POWERTOOLS_SERVICE_NAME;
  }
});
