import type { Outcome } from '../../compute/function-spec';

/** A record as Kinesis's GetRecords gives it. */
export interface StreamRecord {
  readonly SequenceNumber: string;
  readonly PartitionKey: string;
  readonly Data: Uint8Array;
  readonly ApproximateArrivalTimestamp: Date;
}

export interface ShardAddress {
  readonly streamArn: string;
  readonly shardId: string;
  readonly region: string;
}

const MAX_EVENT = 6_291_456;
/** Room for the members of a record besides its data. */
const RECORD_FRAME = 640;

/** How many of the first records fit in one invocation (6 MB, base64), at least one. */
export function fitting(records: readonly StreamRecord[], limit: number): number {
  let size = 0;
  let count = 0;
  for (const record of records) {
    size += Math.ceil(record.Data.length / 3) * 4 + record.PartitionKey.length + RECORD_FRAME;
    if (count === limit || (count > 0 && size > MAX_EVENT)) break;
    count += 1;
  }
  return count;
}

/** The event that a function gets for a batch. */
export function streamEvent(records: readonly StreamRecord[], shard: ShardAddress, roleArn: string): Buffer {
  return Buffer.from(
    JSON.stringify({
      Records: records.map((record) => ({
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: record.PartitionKey,
          sequenceNumber: record.SequenceNumber,
          data: Buffer.from(record.Data.buffer, record.Data.byteOffset, record.Data.length).toString('base64'),
          approximateArrivalTimestamp: record.ApproximateArrivalTimestamp.getTime() / 1000,
        },
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: `${shard.shardId}:${record.SequenceNumber}`,
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: roleArn,
        awsRegion: shard.region,
        eventSourceARN: shard.streamArn,
      })),
    }),
  );
}

/**
 * Index of the first record that a function reports as failed: the number of records if none, 0 for a function error,
 * for an answer of another shape and for an unknown id (the whole batch failed then).
 */
export function firstFailure(records: readonly StreamRecord[], outcome: Outcome, reportsItemFailures: boolean): number {
  if (outcome.functionError !== undefined) return 0;
  if (!reportsItemFailures) return records.length;
  let answer: unknown;
  try {
    answer = JSON.parse(Buffer.from(outcome.payload).toString());
  } catch {
    return 0;
  }
  if (answer === null || answer === '') return records.length;
  const failures = typeof answer === 'object' ? (answer as { batchItemFailures?: unknown }).batchItemFailures : answer;
  if (failures === undefined || failures === null) return records.length;
  if (!Array.isArray(failures)) return 0;
  const indexes = failures.map((failure: { itemIdentifier?: unknown } | null) =>
    records.findIndex(({ SequenceNumber }) => SequenceNumber === failure?.itemIdentifier),
  );
  return indexes.length === 0 ? records.length : Math.max(0, Math.min(...indexes));
}

export interface Discarded {
  readonly records: readonly StreamRecord[];
  readonly shard: ShardAddress;
  readonly functionArn: string;
  readonly condition: 'RetryAttemptsExhausted' | 'MaximumRecordAgeExceeded';
  readonly requestId: string;
  readonly attempts: number;
  readonly executedVersion: string;
  readonly outcome: Outcome | undefined;
}

/** What the on-failure destination is told of a discarded batch: where it lies, not what is in it. */
export function failureRecord(discarded: Discarded, now: number): object {
  const { records, shard, outcome } = discarded;
  const first = records[0];
  const last = records.at(-1);
  return {
    requestContext: {
      requestId: discarded.requestId,
      functionArn: discarded.functionArn,
      condition: discarded.condition,
      approximateInvokeCount: discarded.attempts,
    },
    ...(outcome === undefined
      ? {}
      : {
          responseContext: {
            statusCode: 200,
            executedVersion: discarded.executedVersion,
            functionError: outcome.functionError ?? null,
          },
        }),
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    KinesisBatchInfo: {
      shardId: shard.shardId,
      startSequenceNumber: first?.SequenceNumber,
      endSequenceNumber: last?.SequenceNumber,
      approximateArrivalOfFirstRecord: first?.ApproximateArrivalTimestamp.toISOString(),
      approximateArrivalOfLastRecord: last?.ApproximateArrivalTimestamp.toISOString(),
      batchSize: records.length,
      streamArn: shard.streamArn,
    },
  };
}
