import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type Model, type Stage, seconds } from '../../core/definition';
import { STATISTIC_NAMES, STATISTICS, type StatisticName } from '../../core/drift';
import { DIMENSIONS, METRICS, modelDimensions } from '../../core/metrics';
import { METRIC_NAMESPACE } from '../../core/naming';
import { taskOf } from '../../core/tasks';

/** Metrics that the platform keeps of a model: one value per monitoring window. */
export class ModelMetrics {
  private readonly period: Duration;

  constructor(
    private readonly stage: Stage,
    private readonly model: Model,
  ) {
    this.period = Duration.seconds(seconds(model.monitoring.window));
  }

  /** Largest drift statistic of all inputs as a share of its limit. */
  driftRatio(): Metric {
    return this.metric(METRICS.driftRatio, Stats.MAXIMUM);
  }

  /** A metric of live quality, by its name in the task; the worst value of the period. Throws for one that is not kept. */
  quality(name: string): Metric {
    const metric = taskOf(this.model).metrics[name];
    if (metric?.live === undefined) throw new Error(`${this.model.name}: '${name}' is no metric of live quality`);
    return this.metric(metric.live, metric.better === 'higher' ? Stats.MINIMUM : Stats.MAXIMUM);
  }

  /** Every metric of live quality that the model's task keeps. */
  allQuality(): Metric[] {
    const { metrics } = taskOf(this.model);
    return Object.keys(metrics).flatMap((name) => (metrics[name]?.live === undefined ? [] : [this.quality(name)]));
  }

  /** A drift statistic of every input, as many as there are. */
  statistic(name: StatisticName): IMetric {
    const own = Object.entries(modelDimensions(this.stage.name, this.model.name)).map(([key, value]) => `${key}="${value}"`);
    const schema = [METRIC_NAMESPACE, ...Object.values(DIMENSIONS)].join(',');
    const search = `{${schema}} MetricName="${STATISTICS[name].metric}" ${own.join(' ')}`;
    return new MathExpression({
      expression: `SEARCH('${search}', 'Maximum', ${this.period.toSeconds()})`,
      label: '',
      period: this.period,
      usingMetrics: {},
    });
  }

  /** Every drift statistic, by name. */
  allStatistics(): [StatisticName, IMetric][] {
    return STATISTIC_NAMES.map((name) => [name, this.statistic(name)]);
  }

  private metric(metricName: string, statistic: string): Metric {
    const dimensionsMap = modelDimensions(this.stage.name, this.model.name);
    return new Metric({ namespace: METRIC_NAMESPACE, metricName, statistic, period: this.period, dimensionsMap });
  }
}
