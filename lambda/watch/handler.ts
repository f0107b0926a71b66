import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { inferenceRecordSchema } from '../../core/serving';
import type { Log } from '../runtime/observability';
import { streamBatch } from '../runtime/stream-batch';
import type { StreamedRecord } from './recorder';

export interface WatchDependencies {
  readonly record: (batch: readonly StreamedRecord[]) => Promise<void>;
  /** Publishes windows that have ended. */
  readonly publish: () => Promise<void>;
  readonly log: Log;
}

/** Batches of the inference stream are counted; any other event (the schedule) publishes what has ended. */
export function makeWatch({ record, publish, log }: WatchDependencies) {
  const count = streamBatch(async (records) => {
    const batch = records.flatMap(({ shard, sequence, json }): StreamedRecord[] => {
      const parsed = inferenceRecordSchema.safeParse(json.ok ? json.value : undefined);
      if (parsed.success) return [{ shard, sequence, record: parsed.data }];
      log.error('unreadable record of the inference stream', { shard, sequence });
      return [];
    });
    await record(batch);
  }, log);
  return async (event: KinesisStreamEvent | { readonly schedule: string }): Promise<KinesisStreamBatchResponse | undefined> => {
    if ('Records' in event) return count(event);
    await publish();
    return undefined;
  };
}
