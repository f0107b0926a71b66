import type { Timer } from '../../clock/clock';
import type { Cloud } from '../../cloud';
import { signalsOf } from '../../signals/signals';
import type { Invoker } from './invoker';
import type { MappingRecord, MappingStore } from './mapping-store';
import { ShardCursor } from './shard-cursor';
import { ShardReader } from './shard-reader';
import type { LambdaStore } from './store';

interface Running {
  readonly readers: ShardReader[];
  unsubscribe: () => void;
  retry?: Timer;
  ended: boolean;
}

const RETRY_MS = 60_000;

/** Keeps one reader per shard of every enabled mapping. */
export class MappingRunner {
  private readonly running = new Map<string, Running>();

  constructor(
    private readonly cloud: Cloud,
    private readonly store: LambdaStore,
    private readonly mappings: MappingStore,
    private readonly invoker: Invoker,
  ) {}

  /** Starts the readers of a mapping; a stream that cannot be read now is tried again later. */
  async start(mapping: MappingRecord): Promise<void> {
    if (!mapping.enabled || this.running.has(mapping.uuid)) return;
    const running: Running = { readers: [], unsubscribe: () => undefined, ended: false };
    this.running.set(mapping.uuid, running);
    try {
      await this.open(mapping, running);
    } catch (error) {
      this.cloud.log('lambda', `mapping ${mapping.uuid} of ${mapping.functionName}: ${String(error)}`);
      this.stop(mapping.uuid);
      const retry = this.cloud.clock.after(RETRY_MS, () => {
        this.running.delete(mapping.uuid);
        return this.start(mapping);
      });
      this.running.set(mapping.uuid, { ...running, retry, ended: true });
    }
  }

  stop(uuid: string): void {
    const running = this.running.get(uuid);
    if (running === undefined) return;
    running.ended = true;
    running.unsubscribe();
    running.retry?.cancel();
    for (const reader of running.readers) reader.stop();
    this.running.delete(uuid);
  }

  stopAll(): void {
    for (const uuid of [...this.running.keys()]) this.stop(uuid);
  }

  private async open(mapping: MappingRecord, running: Running): Promise<void> {
    const { cloud, store, mappings, invoker } = this;
    const { role } = store.version(mapping.functionName, mapping.qualifier);
    const caller = cloud.asRole(role, mapping.functionName, 'lambda');
    const input = { StreamARN: mapping.source };
    const { Shards } = await cloud.call<{ Shards: { ShardId: string }[] }>('kinesis', 'ListShards', input, caller);
    for (const { ShardId } of Shards) {
      const shard = { streamArn: mapping.source, shardId: ShardId, region: cloud.region };
      const cursor = new ShardCursor(cloud, mappings, mapping, shard, caller);
      await cursor.anchor();
      running.readers.push(new ShardReader({ cloud, store, invoker, cursor, mapping, shard }));
    }
    if (running.ended) return;
    const wake = (): void => {
      for (const reader of running.readers) reader.wake();
    };
    running.unsubscribe = signalsOf(cloud).subscribe(mapping.source, wake);
    wake();
  }
}
