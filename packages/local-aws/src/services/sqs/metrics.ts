import type { Timer } from '../../clock/clock';
import type { Cloud } from '../../cloud';
import type { QueueStore } from './store';

const MINUTE_MS = 60_000;
const HEARTBEAT_MS = 5 * MINUTE_MS;

/**
 * The depth of each queue in CloudWatch: at the minute after a change, and while messages lie there, every five minutes
 * (AWS: every minute). A jump of the clock over days so costs hundreds of steps, not thousands.
 */
export class QueueMetrics {
  private timer: Timer | undefined;
  private due = Number.POSITIVE_INFINITY;
  private readonly dirty = new Set<string>();

  constructor(
    private readonly cloud: Cloud,
    private readonly store: QueueStore,
  ) {}

  start(): void {
    for (const { value } of this.store.queues.entries())
      if (this.store.counts(value).oldest !== undefined) this.changed(value.name);
  }

  stop(): void {
    this.timer?.cancel();
  }

  changed(name: string): void {
    this.dirty.add(name);
    this.arm((Math.floor(this.cloud.clock.now() / MINUTE_MS) + 1) * MINUTE_MS);
  }

  private arm(at: number): void {
    if (at >= this.due) return;
    this.timer?.cancel();
    this.due = at;
    this.timer = this.cloud.clock.at(at, () => this.publish());
  }

  private async publish(): Promise<void> {
    this.due = Number.POSITIVE_INFINITY;
    const names = [...this.dirty];
    this.dirty.clear();
    const Timestamp = new Date(this.cloud.clock.now() - 1);
    const data = names.flatMap((name) => {
      const queue = this.store.queues.get(name);
      if (queue === undefined) return [];
      const { visible, inFlight, delayed, oldest } = this.store.counts(queue);
      if (oldest !== undefined) this.dirty.add(name);
      const age = oldest === undefined ? 0 : (this.cloud.clock.now() - oldest) / 1000;
      const values: readonly (readonly [string, number, string])[] = [
        ['ApproximateNumberOfMessagesVisible', visible, 'Count'],
        ['ApproximateNumberOfMessagesNotVisible', inFlight, 'Count'],
        ['ApproximateNumberOfMessagesDelayed', delayed, 'Count'],
        ['ApproximateAgeOfOldestMessage', age, 'Seconds'],
      ];
      const Dimensions = [{ Name: 'QueueName', Value: name }];
      return values.map(([MetricName, Value, Unit]) => ({ MetricName, Value, Unit, Dimensions, Timestamp }));
    });
    if (this.dirty.size > 0) this.arm((Math.floor(this.cloud.clock.now() / HEARTBEAT_MS) + 1) * HEARTBEAT_MS);
    if (data.length === 0) return;
    await this.cloud
      .call('cloudwatch', 'PutMetricData', { Namespace: 'AWS/SQS', MetricData: data }, this.cloud.asService('sqs.amazonaws.com'))
      .catch((error: unknown) => this.cloud.log('sqs', `metrics dropped: ${String(error)}`));
  }
}
