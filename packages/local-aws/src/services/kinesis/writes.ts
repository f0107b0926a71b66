import type * as Sdk from '@aws-sdk/client-kinesis';
import type { Call, Caller, Cloud, Operations } from '../../cloud';
import type { DataKeys } from '../../encryption/data-keys';
import { AwsError, validationError } from '../../errors';
import type { MinuteMetrics } from '../../metering/minute-metrics';
import { signalsOf } from '../../signals/signals';
import { SequenceSource } from './sequence';
import { type KinesisStore, type ShardRecord, type StreamRecord, sealedStream, shardFor } from './store';

interface Entry {
  readonly Data?: Uint8Array | undefined;
  readonly PartitionKey?: string | undefined;
  readonly ExplicitHashKey?: string | undefined;
}

interface Placed {
  readonly shard: ShardRecord;
  readonly sequence: string;
}

const MAX_BATCH_RECORDS = 500;
const MAX_BATCH_BYTES = 10 * 1024 * 1024;

function sizeOf(entry: Entry): number {
  return (entry.Data?.length ?? 0) + Buffer.byteLength(entry.PartitionKey ?? '');
}

const HASH_KEYS = 2n ** 128n;

function isHashKey(text: string): boolean {
  return /^(0|[1-9]\d{0,38})$/.test(text) && BigInt(text) < HASH_KEYS;
}

function check(stream: StreamRecord, entry: Entry, place: string): void {
  const key = entry.PartitionKey ?? '';
  if (key.length < 1 || key.length > 256)
    throw validationError(
      `1 validation error detected: Value '${key}' at '${place}partitionKey' failed to satisfy constraint: Member must have length ${key.length < 1 ? 'greater than or equal to 1' : 'less than or equal to 256'}`,
    );
  const limit = stream.maxRecordKiB * 1024;
  if (sizeOf(entry) > limit)
    throw validationError(
      `1 validation error detected: Value at '${place}data' failed to satisfy constraint: Member must have length less than or equal to ${limit}`,
    );
  if (entry.ExplicitHashKey !== undefined && !isHashKey(entry.ExplicitHashKey))
    throw new AwsError(
      'InvalidArgumentException',
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${entry.ExplicitHashKey}`,
    );
}

/** PutRecord and PutRecords: what they answer is durable, and readers are told at once. */
export class StreamWriter {
  private readonly sources = new Map<string, SequenceSource>();

  constructor(
    private readonly cloud: Cloud,
    private readonly store: KinesisStore,
    private readonly keys: DataKeys,
    private readonly metrics: MinuteMetrics,
  ) {}

  operations(): Operations {
    return {
      PutRecord: async (input: Sdk.PutRecordCommandInput, call: Call) => {
        const stream = this.store.stream(input);
        check(stream, input, '');
        const [placed] = await this.write(stream, [input], call.caller);
        return { ShardId: placed?.shard.id, SequenceNumber: placed?.sequence, ...encryptionOf(stream) };
      },
      PutRecords: async (input: Sdk.PutRecordsCommandInput, call: Call) => {
        const stream = this.store.stream(input);
        const entries = input.Records ?? [];
        if (entries.length < 1 || entries.length > MAX_BATCH_RECORDS)
          throw validationError(
            `1 validation error detected: Value '[${entries.length} records]' at 'records' failed to satisfy constraint: Member must have length ${entries.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${MAX_BATCH_RECORDS}`}`,
          );
        for (const [index, entry] of entries.entries()) check(stream, entry, `records.${index + 1}.member.`);
        if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > MAX_BATCH_BYTES)
          throw new AwsError('InvalidArgumentException', 'Records size exceeds 10 MB limit');
        const placed = await this.write(stream, entries, call.caller);
        return {
          FailedRecordCount: 0,
          Records: placed.map(({ shard, sequence }) => ({ ShardId: shard.id, SequenceNumber: sequence })),
          ...encryptionOf(stream),
        };
      },
    };
  }

  private async write(stream: StreamRecord, entries: readonly Entry[], caller: Caller): Promise<Placed[]> {
    const sealed = sealedStream(stream);
    if (sealed !== undefined) await this.keys.make(sealed, caller);
    const placed = await this.cloud.storage.transaction(() => {
      const now = this.cloud.clock.now();
      return entries.map((entry) => {
        const key = entry.PartitionKey ?? '';
        const shard = shardFor(stream, key, entry.ExplicitHashKey);
        const { sequence, at } = this.source(stream, shard).next(now);
        const data = entry.Data ?? new Uint8Array();
        void this.store.records.put([stream.incarnation, shard.index, sequence], { key, data, at });
        return { shard, sequence };
      });
    });
    this.measure(stream, entries);
    signalsOf(this.cloud).notify(stream.arn);
    return placed;
  }

  private source(stream: StreamRecord, shard: ShardRecord): SequenceSource {
    const key = `${stream.incarnation}/${shard.index}`;
    let source = this.sources.get(key);
    if (source === undefined) {
      source = new SequenceSource(shard.index, this.store.lastSequence(stream, shard));
      this.sources.set(key, source);
    }
    return source;
  }

  private measure(stream: StreamRecord, entries: readonly Entry[]): void {
    const dimensions = { StreamName: stream.name };
    const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
    this.metrics.add('IncomingRecords', 'Count', entries.length, dimensions, stream.name);
    this.metrics.add('IncomingBytes', 'Bytes', bytes, dimensions, stream.name);
    this.metrics.add('WriteProvisionedThroughputExceeded', 'Count', 0, dimensions, stream.name);
  }
}

function encryptionOf(stream: StreamRecord): { EncryptionType: 'KMS' | 'NONE' } {
  return { EncryptionType: stream.keyId === undefined ? 'NONE' : 'KMS' };
}
