import type { Timer } from '../clock/clock';
import type { Cloud } from '../cloud';

interface Series {
  readonly name: string;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly minute: number;
  /** How often each value was seen. */
  readonly values: Map<number, number>;
}

const MINUTE_MS = 60_000;
const MAX_VALUES = 150;

/** Metrics that a service emits about itself: collected per minute of the clock and put to CloudWatch when the minute ends. */
export class MinuteMetrics {
  private series = new Map<string, Series>();
  private timer: Timer | undefined;

  constructor(
    private readonly cloud: Cloud,
    private readonly namespace: string,
    private readonly principal: string,
  ) {}

  /** Adds one value of a metric; equal values of a minute are counted, not repeated. */
  add(name: string, unit: string, value: number, dimensions: Readonly<Record<string, string>>, key: string): void {
    const minute = Math.floor(this.cloud.clock.now() / MINUTE_MS) * MINUTE_MS;
    const id = `${minute}|${name}|${key}`;
    let series = this.series.get(id);
    if (series === undefined) {
      series = { name, unit, dimensions, minute, values: new Map() };
      this.series.set(id, series);
      this.timer ??= this.cloud.clock.at(minute + MINUTE_MS, () => this.flush());
    }
    series.values.set(value, (series.values.get(value) ?? 0) + 1);
  }

  /** Puts what was collected; a cloud without CloudWatch drops it with a line in the log. */
  async flush(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    const MetricData = [...this.series.values()].flatMap(toData);
    this.series = new Map();
    if (MetricData.length === 0) return;
    const put = this.cloud.call(
      'cloudwatch',
      'PutMetricData',
      { Namespace: this.namespace, MetricData },
      this.cloud.asService(this.principal),
    );
    await put.catch((error: unknown) => this.cloud.log(this.namespace, `metrics dropped: ${String(error)}`));
  }
}

function toData(series: Series): object[] {
  const entries = [...series.values];
  const Dimensions = Object.entries(series.dimensions).map(([Name, Value]) => ({ Name, Value }));
  const data: object[] = [];
  for (let start = 0; start < entries.length; start += MAX_VALUES) {
    const part = entries.slice(start, start + MAX_VALUES);
    data.push({
      MetricName: series.name,
      Unit: series.unit,
      Dimensions,
      Timestamp: new Date(series.minute),
      Values: part.map(([value]) => value),
      Counts: part.map(([, count]) => count),
    });
  }
  return data;
}
