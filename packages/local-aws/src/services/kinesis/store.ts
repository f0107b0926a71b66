import { createHash } from 'node:crypto';
import type { Cloud } from '../../cloud';
import type { Sealed } from '../../encryption/data-keys';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';
import { horizon } from './sequence';

export interface ShardRecord {
  readonly id: string;
  readonly index: number;
  /** Hash key range, decimal strings. */
  readonly low: string;
  readonly high: string;
  readonly firstSequence: string;
}

export interface StreamRecord {
  readonly name: string;
  readonly arn: string;
  /** Distinguishes the stream from an earlier one of the same name. */
  readonly incarnation: string;
  readonly created: number;
  readonly mode: 'ON_DEMAND' | 'PROVISIONED';
  readonly retentionHours: number;
  readonly maxRecordKiB: number;
  /** Key of the server-side encryption; absent = none. */
  readonly keyId?: string;
  readonly shards: readonly ShardRecord[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface DataRecord {
  readonly key: string;
  readonly data: Uint8Array;
  readonly at: number;
}

const HASH_SPACE = 2n ** 128n;
const HOUR_MS = 3_600_000;
const TRIM_CHUNK = 5000;

/** Cuts the hash space into even ranges, one per shard. */
export function makeShards(count: number, firstSequence: (index: number) => string): ShardRecord[] {
  const share = HASH_SPACE / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    id: `shardId-${String(index).padStart(12, '0')}`,
    index,
    low: String(share * BigInt(index)),
    high: String(index === count - 1 ? HASH_SPACE - 1n : share * BigInt(index + 1) - 1n),
    firstSequence: firstSequence(index),
  }));
}

/** The shard that takes a partition key (MD5) or an explicit hash key. */
export function shardFor(stream: StreamRecord, partitionKey: string, explicitHash: string | undefined): ShardRecord {
  const first = stream.shards[0];
  if (first === undefined) throw new Error(`stream ${stream.name} has no shards`);
  const count = stream.shards.length;
  if (count === 1) return first;
  const hash =
    explicitHash === undefined ? BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`) : BigInt(explicitHash);
  const index = Number(hash / (HASH_SPACE / BigInt(count)));
  return stream.shards[Math.min(index, count - 1)] ?? first;
}

/** Streams and their records; records are keyed [incarnation, shard index, sequence number]. */
export class KinesisStore {
  readonly streams: Table<StreamRecord>;
  readonly records: Table<DataRecord>;

  constructor(private readonly cloud: Cloud) {
    this.streams = cloud.storage.table('kinesis/streams');
    this.records = cloud.storage.table('kinesis/records');
  }

  arn(name: string): string {
    return `arn:aws:kinesis:${this.cloud.region}:${this.cloud.account}:stream/${name}`;
  }

  /** Finds a stream by name or ARN. */
  stream(reference: { readonly StreamName?: string | undefined; readonly StreamARN?: string | undefined }): StreamRecord {
    const name = reference.StreamARN?.slice(reference.StreamARN.indexOf('/') + 1) ?? reference.StreamName;
    if (name === undefined) throw new AwsError('InvalidArgumentException', 'Missing StreamName or StreamARN');
    const record = this.streams.get(name);
    if (record === undefined)
      throw new AwsError('ResourceNotFoundException', `Stream ${name} under account ${this.cloud.account} not found.`);
    return record;
  }

  /** Last sequence number that a shard holds. */
  lastSequence(stream: StreamRecord, shard: ShardRecord): string | undefined {
    const low = [stream.incarnation, shard.index];
    for (const { key } of this.records.entries({ start: [...low, '\uffff'], end: low, reverse: true, limit: 1 }))
      return Array.isArray(key) ? String(key[2]) : undefined;
    return undefined;
  }

  /** Earliest sequence number that readers still see. */
  trimPoint(stream: StreamRecord): string {
    return horizon(this.cloud.clock.now() - stream.retentionHours * HOUR_MS);
  }

  /** Removes what is past its retention, or everything, in bounded transactions. */
  async trim(stream: StreamRecord, all = false): Promise<void> {
    for (const shard of stream.shards) {
      const start = [stream.incarnation, shard.index];
      const end = [...start, all ? '\uffff' : this.trimPoint(stream)];
      for (let removed = TRIM_CHUNK; removed === TRIM_CHUNK; ) {
        removed = await this.cloud.storage.transaction(() => {
          const keys = [...this.records.entries({ start, end, limit: TRIM_CHUNK })].map(({ key }) => key);
          for (const key of keys) void this.records.remove(key);
          return keys.length;
        });
      }
    }
  }
}

/** A stream with a key as what its data keys are for. */
export function sealedStream({ incarnation, keyId, arn }: StreamRecord): Sealed | undefined {
  return keyId === undefined ? undefined : { id: incarnation, keyId, context: { 'aws:kinesis:arn': arn } };
}
