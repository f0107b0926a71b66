import type { Timer } from '../../clock/clock';
import type { Cloud } from '../../cloud';
import { MinuteMetrics } from '../../metering/minute-metrics';
import { signalsOf } from '../../signals/signals';
import { Delivery } from './delivery';
import { DeliveryBuffer } from './delivery-buffer';
import { DirectSource, ShardSource } from './sources';
import type { DeliveryStreamRecord, FirehoseStore } from './store';

interface Running {
  delivery: Delivery;
  readonly buffers: DeliveryBuffer[];
  unsubscribe: () => void;
  retry?: Timer;
  ended: boolean;
}

const RETRY_MS = 60_000;

/** Keeps one buffer per shard of every delivery stream's source, or one for what is put to it directly. */
export class DeliveryRunner {
  readonly metrics: MinuteMetrics;
  private readonly running = new Map<string, Running>();

  constructor(
    private readonly cloud: Cloud,
    private readonly store: FirehoseStore,
  ) {
    this.metrics = new MinuteMetrics(cloud, 'AWS/Firehose', 'firehose.amazonaws.com');
  }

  async start(stream: DeliveryStreamRecord): Promise<void> {
    const running: Running = {
      delivery: new Delivery(this.cloud, this.metrics, stream),
      buffers: [],
      unsubscribe: () => undefined,
      ended: false,
    };
    this.running.set(stream.name, running);
    await this.open(stream, running);
  }

  /** Delivers by a changed configuration from now on. */
  change(stream: DeliveryStreamRecord): void {
    const running = this.running.get(stream.name);
    if (running !== undefined) running.delivery = new Delivery(this.cloud, this.metrics, stream);
  }

  /** Something was put to a delivery stream. */
  wake(name: string): void {
    for (const buffer of this.running.get(name)?.buffers ?? []) buffer.wake();
  }

  async stop(name: string): Promise<void> {
    const running = this.running.get(name);
    if (running === undefined) return;
    this.running.delete(name);
    running.ended = true;
    running.unsubscribe();
    running.retry?.cancel();
    await Promise.all(running.buffers.map((buffer) => buffer.stop()));
  }

  async stopAll(): Promise<void> {
    for (const name of [...this.running.keys()]) await this.stop(name);
    await this.metrics.flush();
  }

  /** A stream that cannot be read now is tried again later. */
  private async open(stream: DeliveryStreamRecord, running: Running): Promise<void> {
    const { cloud, store } = this;
    try {
      for (const source of await this.sources(stream))
        running.buffers.push(new DeliveryBuffer(cloud, source, () => running.delivery));
    } catch (error) {
      await running.delivery.report('Kinesis.Unavailable', error instanceof Error ? error.message : String(error));
      if (!running.ended) running.retry = cloud.clock.after(RETRY_MS, () => this.open(stream, running));
      return;
    }
    if (running.ended) return;
    const streamArn = stream.source?.streamArn;
    if (streamArn !== undefined) running.unsubscribe = signalsOf(cloud).subscribe(streamArn, () => this.wake(stream.name));
    const pending = streamArn !== undefined || [...store.direct.under([stream.incarnation], { limit: 1 })].length > 0;
    if (pending) this.wake(stream.name);
  }

  private async sources(stream: DeliveryStreamRecord): Promise<(ShardSource | DirectSource)[]> {
    const { cloud, store } = this;
    if (stream.source === undefined) return [new DirectSource(cloud, store, stream.incarnation)];
    const caller = cloud.asRole(stream.source.roleArn, 'firehose', 'firehose', stream.arn);
    const input = { StreamARN: stream.source.streamArn };
    const { Shards } = await cloud.call<{ Shards: { ShardId: string }[] }>('kinesis', 'ListShards', input, caller);
    return Shards.map(({ ShardId }) => new ShardSource(cloud, store, stream, ShardId));
  }
}
