import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { STATISTIC_NAMES } from '../../../core/drift';
import { ModelMetrics } from '../../../lib/monitoring/metrics';
import { exampleModel } from '../../support/example-templates';

const { model, stage } = exampleModel('dev');
const metrics = new ModelMetrics(stage, model);

test('a metric has a value per monitoring window, by model and stage', () => {
  const drift = metrics.driftRatio();

  expect(drift.namespace).toBe('Slipway');
  expect(drift.metricName).toBe('DriftRatio');
  expect(drift.dimensions).toEqual({ Model: 'flight-delay', Stage: 'dev' });
  expect(drift.statistic).toBe('Maximum');
  expect(drift.period.toSeconds()).toBe(86_400);
});

test('the period follows the window of the model', () => {
  const hourly = new ModelMetrics(stage, { ...model, monitoring: { ...model.monitoring, window: '1h' } });

  expect(hourly.driftRatio().period.toSeconds()).toBe(3600);
});

test('the worst value is the lowest where higher is better, and the highest where lower is', () => {
  expect(metrics.quality('precision')).toMatchObject({ metricName: 'LivePrecision', statistic: 'Minimum' });
  expect(metrics.quality('expectedCalibrationError')).toMatchObject({ metricName: 'LiveCalibrationError', statistic: 'Maximum' });
});

test('a metric that is not kept is refused by name', () => {
  expect(() => metrics.quality('speed')).toThrow("flight-delay: 'speed' is no metric of live quality");
});

test('all metrics of live quality are those of the task', () => {
  expect(metrics.allQuality().map(({ metricName }) => metricName)).toEqual([
    'LiveAuc',
    'LivePrecision',
    'LiveRecall',
    'LiveF1',
    'LiveCalibrationError',
  ]);
});

test('a statistic is searched for, so that it covers every input', () => {
  const psi = metrics.statistic('psi');

  expect(psi).not.toBeInstanceOf(Metric);
  expect(psi.toMetricConfig().mathExpression?.expression).toBe(
    'SEARCH(\'{Slipway,Stage,Model,Feature} MetricName="PopulationStability" Stage="dev" Model="flight-delay"\', \'Maximum\', 86400)',
  );
  expect(metrics.allStatistics().map(([name]) => name)).toEqual(STATISTIC_NAMES);
});
