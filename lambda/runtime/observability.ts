import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, type MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC_NAMESPACE } from '../../core/naming';

/** One value of a custom metric. */
export interface MetricDatum {
  /** A name of core/metrics, or the live name of a task's metric. */
  readonly name: string;
  readonly value: number;
  readonly unit: (typeof MetricUnit)[keyof typeof MetricUnit];
  readonly dimensions: Readonly<Record<string, string>>;
  /** Milliseconds since 1970 that the value belongs to. @default - now */
  readonly at?: number;
}

export interface MetricSink {
  put(datum: MetricDatum): void;
}

/** Writes each value as one line of the embedded metric format. */
export class EmfMetrics implements MetricSink {
  private readonly metrics = new Metrics({ namespace: METRIC_NAMESPACE });

  put({ name, value, unit, dimensions, at }: MetricDatum): void {
    const single = this.metrics.singleMetric();
    // An alarm matches a metric by its exact set of dimensions: the `service` that the library adds would hide the metric from it.
    single.clearDefaultDimensions();
    single.addDimensions({ ...dimensions });
    if (at !== undefined) single.setTimestamp(at);
    single.addMetric(name, unit, value);
  }
}

/** The part of the logger that handlers use. */
export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

export function createLogger(): Logger {
  return new Logger();
}
