import type { Caller, Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { MappingRecord, MappingStore } from './mapping-store';
import type { ShardAddress, StreamRecord } from './stream-batch';

interface Page {
  readonly Records: StreamRecord[];
  readonly NextShardIterator?: string;
}

const PAGE = 10_000;

/** The reading place of a mapping in one shard; it survives expired iterators and restarts. */
export class ShardCursor {
  private iterator: string | undefined;
  private lastRead: string | undefined;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: MappingStore,
    private readonly mapping: MappingRecord,
    private readonly shard: ShardAddress,
    private readonly caller: Caller,
  ) {}

  /** Reads at most `limit` of the next records; none if the reader is at the tip. */
  async read(limit: number): Promise<StreamRecord[]> {
    this.iterator ??= await this.open();
    let page: Page;
    try {
      page = await this.page(this.iterator, limit);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ExpiredIteratorException') throw error;
      page = await this.page(await this.open(), limit);
    }
    this.iterator = page.NextShardIterator;
    this.lastRead = page.Records.at(-1)?.SequenceNumber ?? this.lastRead;
    return page.Records;
  }

  /** Makes `sequence` durable as done with. */
  done(sequence: string): Promise<void> {
    return this.store.checkpoints.put([this.mapping.uuid, this.shard.shardId], { after: sequence });
  }

  /** Fixes LATEST at this moment, so that nothing that is written from now on is missed. */
  async anchor(): Promise<void> {
    const key = [this.mapping.uuid, this.shard.shardId];
    if (this.mapping.position !== 'LATEST' || this.store.checkpoints.get(key) !== undefined) return;
    const iterator = await this.shardIterator({ ShardIteratorType: 'LATEST' });
    await this.store.checkpoints.put(key, { iterator, at: this.cloud.clock.now() });
  }

  private page(ShardIterator: string, limit: number): Promise<Page> {
    return this.cloud.call<Page>('kinesis', 'GetRecords', { ShardIterator, Limit: Math.min(limit, PAGE) }, this.caller);
  }

  private async open(): Promise<string> {
    const known = this.store.checkpoints.get([this.mapping.uuid, this.shard.shardId]);
    const after = this.lastRead ?? known?.after;
    if (after !== undefined)
      return this.shardIterator({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: after });
    if (known?.iterator !== undefined && this.iterator === undefined) {
      const usable = await this.page(known.iterator, 1).then(
        () => true,
        () => false,
      );
      if (usable) return known.iterator;
    }
    const { position, timestamp } = this.mapping;
    const at = known?.at ?? timestamp;
    if (position === 'TRIM_HORIZON' || at === undefined) return this.shardIterator({ ShardIteratorType: 'TRIM_HORIZON' });
    return this.shardIterator({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(at) });
  }

  private async shardIterator(position: object): Promise<string> {
    const { streamArn, shardId } = this.shard;
    const input = { StreamARN: streamArn, ShardId: shardId, ...position };
    return (await this.cloud.call<{ ShardIterator: string }>('kinesis', 'GetShardIterator', input, this.caller)).ShardIterator;
  }
}
