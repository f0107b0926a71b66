import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { inferenceRecordSchema } from '../../core/serving';
import { parseStrictJson } from '../../core/strict-json';
import type { Log } from '../runtime/observability';
import type { StreamedRecord } from './recorder';

export interface WatchDependencies {
  readonly record: (batch: readonly StreamedRecord[]) => Promise<void>;
  /** Publishes windows that have ended. */
  readonly publish: () => Promise<void>;
  readonly log: Log;
}

/** Batches of the inference stream are counted; any other event (the schedule) publishes what has ended. */
export function makeWatch({ record, publish, log }: WatchDependencies) {
  return async (event: Partial<KinesisStreamEvent>): Promise<KinesisStreamBatchResponse | undefined> => {
    const { Records } = event;
    if (Records === undefined) {
      await publish();
      return undefined;
    }
    const batch = Records.flatMap(({ kinesis, eventID }): StreamedRecord[] => {
      const json = parseStrictJson(Buffer.from(kinesis.data, 'base64').toString('utf8'));
      const parsed = inferenceRecordSchema.safeParse(json.ok ? json.value : undefined);
      if (parsed.success) return [{ shard: eventID.split(':')[0] ?? '', sequence: kinesis.sequenceNumber, record: parsed.data }];
      log.error('unreadable record of the inference stream', { eventID });
      return [];
    });
    try {
      await record(batch);
      return { batchItemFailures: [] };
    } catch (error) {
      log.error('batch failed', { records: Records.length, error: error instanceof Error ? error : new Error(String(error)) });
      return { batchItemFailures: [{ itemIdentifier: Records[0]?.kinesis.sequenceNumber ?? '' }] };
    }
  };
}
