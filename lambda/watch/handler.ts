import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { inferenceEntrySchema } from '../../core/serving';
import type { Log } from '../runtime/observability';
import { streamBatch } from '../runtime/stream-batch';
import type { StreamedEntry } from './window-counter';

export interface WatchDependencies {
  readonly add: (batch: readonly StreamedEntry[]) => Promise<void>;
  /** Publishes windows that have ended. */
  readonly publish: () => Promise<void>;
  readonly log: Log;
}

/** Batches of the inference stream are counted; any other event (the schedule) publishes what has ended. */
export function makeWatch({ add, publish, log }: WatchDependencies) {
  const count = streamBatch(async (entries) => {
    const batch = entries.flatMap(({ shard, sequence, json }): StreamedEntry[] => {
      const parsed = inferenceEntrySchema.safeParse(json.ok ? json.value : undefined);
      if (parsed.success) return [{ shard, sequence, entry: parsed.data }];
      log.error('unreadable entry of the inference stream', { shard, sequence });
      return [];
    });
    await add(batch);
  }, log);
  return async (event: KinesisStreamEvent | { readonly schedule: string }): Promise<KinesisStreamBatchResponse | undefined> => {
    if ('Records' in event) return count(event);
    await publish();
    return undefined;
  };
}
