import type * as Sdk from '@aws-sdk/client-kinesis';
import type { Call, Cloud, Operations } from '../../cloud';
import type { DataKeys } from '../../encryption/data-keys';
import { AwsError } from '../../errors';
import type { MinuteMetrics } from '../../metering/minute-metrics';
import { horizon } from './sequence';
import { type DataRecord, type KinesisStore, type ShardRecord, type StreamRecord, sealedStream } from './store';

/** A place in a shard, as an iterator carries it. */
interface Place {
  readonly incarnation: string;
  readonly stream: string;
  readonly shard: number;
  /** Sequence number from which to read, itself included or not. */
  readonly from: string;
  readonly inclusive: boolean;
  readonly issued: number;
}

const ITERATOR_MS = 5 * 60_000;
const MAX_RECORDS = 10_000;
const MAX_BYTES = 10 * 1024 * 1024;

function encode(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64');
}

function decode(iterator: string): Place {
  try {
    const place = JSON.parse(Buffer.from(iterator, 'base64').toString()) as Place;
    if (typeof place.from === 'string' && typeof place.shard === 'number') return place;
  } catch {
    // Answered below.
  }
  throw new AwsError('InvalidArgumentException', 'Invalid ShardIterator.');
}

/** The stream that an iterator leads to; empty when it cannot be read. */
export function streamOfIterator(iterator: string | undefined): string {
  try {
    return decode(iterator ?? '').stream;
  } catch {
    return '';
  }
}

/** What the operations share. */
function readScope(cloud: Cloud, store: KinesisStore, keys: DataKeys, metrics: MinuteMetrics) {
  const shardOf = (stream: StreamRecord, id: string | undefined): ShardRecord => {
    const shard = stream.shards.find((candidate) => candidate.id === id);
    if (shard !== undefined) return shard;
    throw new AwsError(
      'ResourceNotFoundException',
      `Shard ${id} in stream ${stream.name} under account ${cloud.account} does not exist`,
    );
  };
  const start = (stream: StreamRecord, shard: ShardRecord, input: Sdk.GetShardIteratorCommandInput): [string, boolean] => {
    switch (input.ShardIteratorType) {
      case 'TRIM_HORIZON':
        return ['', true];
      case 'LATEST':
        return [store.lastSequence(stream, shard) ?? '', false];
      case 'AT_TIMESTAMP': {
        if (input.Timestamp === undefined)
          throw new AwsError('InvalidArgumentException', 'Must specify a timestamp for AT_TIMESTAMP.');
        return [horizon(input.Timestamp.getTime()), true];
      }
      case 'AT_SEQUENCE_NUMBER':
      case 'AFTER_SEQUENCE_NUMBER': {
        const sequence = input.StartingSequenceNumber ?? '';
        if (!/^\d{1,128}$/.test(sequence))
          throw new AwsError('InvalidArgumentException', `StartingSequenceNumber ${sequence} is invalid.`);
        return [sequence, input.ShardIteratorType === 'AT_SEQUENCE_NUMBER'];
      }
      default:
        throw new AwsError('InvalidArgumentException', `ShardIteratorType ${input.ShardIteratorType} is invalid.`);
    }
  };
  return { store, shardOf, start, cloud, keys, metrics };
}
type ReadScope = ReturnType<typeof readScope>;

function getShardIterator({ store, shardOf, start, cloud }: ReadScope, input: Sdk.GetShardIteratorCommandInput) {
  const stream = store.stream(input);
  const shard = shardOf(stream, input.ShardId);
  const [from, inclusive] = start(stream, shard, input);
  const { incarnation, name } = stream;
  const issued = cloud.clock.now();
  return { ShardIterator: encode({ incarnation, stream: name, shard: shard.index, from, inclusive, issued }) };
}

async function getRecords(
  { cloud, store, keys, metrics }: ReadScope,
  input: Sdk.GetRecordsCommandInput,
  call: Call,
): Promise<Partial<Sdk.GetRecordsCommandOutput>> {
  const place = decode(input.ShardIterator ?? '');
  const now = cloud.clock.now();
  if (now - place.issued > ITERATOR_MS)
    throw new AwsError(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at time ${new Date(place.issued).toISOString()} while right now it is ${new Date(now).toISOString()} which is further in the future than the tolerated delay of ${ITERATOR_MS} milliseconds.`,
    );
  const limit = input.Limit ?? MAX_RECORDS;
  if (limit < 1 || limit > MAX_RECORDS)
    throw new AwsError('InvalidArgumentException', `Limit must be between 1 and ${MAX_RECORDS}; given ${limit}`);
  const stream = store.stream({ StreamName: place.stream });
  if (stream.incarnation !== place.incarnation)
    throw new AwsError('ResourceNotFoundException', `Stream ${stream.name} under account ${cloud.account} not found.`);
  const sealed = sealedStream(stream);
  if (sealed !== undefined) await keys.open(sealed, call.caller);
  const { records, more } = readFrom(store, stream, place, limit);
  const last = records.at(-1);
  const next = last === undefined ? place : { ...place, from: last.sequence, inclusive: false };
  const behind = more && last !== undefined ? now - last.record.at : 0;
  const dimensions = { StreamName: stream.name };
  metrics.add(
    'GetRecords.IteratorAgeMilliseconds',
    'Milliseconds',
    last === undefined ? 0 : now - last.record.at,
    dimensions,
    stream.name,
  );
  metrics.add('GetRecords.Records', 'Count', records.length, dimensions, stream.name);
  return {
    Records: records.map(({ sequence, record }) => ({
      SequenceNumber: sequence,
      PartitionKey: record.key,
      Data: record.data as Uint8Array<ArrayBuffer>,
      ApproximateArrivalTimestamp: new Date(record.at),
      ...(stream.keyId === undefined ? {} : { EncryptionType: 'KMS' as const }),
    })),
    NextShardIterator: encode({ ...next, issued: now }),
    MillisBehindLatest: behind,
  };
}

/** Iterators and GetRecords. */
export function readOperations(cloud: Cloud, store: KinesisStore, keys: DataKeys, metrics: MinuteMetrics): Operations {
  const scope = readScope(cloud, store, keys, metrics);
  return {
    GetShardIterator: (input: Sdk.GetShardIteratorCommandInput) => getShardIterator(scope, input),
    GetRecords: (input: Sdk.GetRecordsCommandInput, call: Call) => getRecords(scope, input, call),
  };
}

interface Found {
  readonly sequence: string;
  readonly record: DataRecord;
}

/** Records from a place on, at most `limit` of them and 10 MiB, and whether there are more behind them. */
function readFrom(store: KinesisStore, stream: StreamRecord, place: Place, limit: number): { records: Found[]; more: boolean } {
  const prefix = [stream.incarnation, place.shard];
  const from = [place.from, store.trimPoint(stream)].sort()[1] ?? '';
  const records: Found[] = [];
  let bytes = 0;
  for (const { key, value } of store.records.entries({ start: [...prefix, from], end: [...prefix, '\uffff'] })) {
    const sequence = Array.isArray(key) ? String(key[2]) : '';
    if (sequence === place.from && !place.inclusive) continue;
    bytes += value.data.length + value.key.length;
    if (records.length === limit || (records.length > 0 && bytes > MAX_BYTES)) return { records, more: true };
    records.push({ sequence, record: value });
  }
  return { records, more: false };
}
