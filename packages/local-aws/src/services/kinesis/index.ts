import type { Timer } from '../../clock/clock';
import type { ServiceFactory } from '../../cloud';
import { DataKeys, PREFIXED_REFUSALS } from '../../encryption/data-keys';
import { MinuteMetrics } from '../../metering/minute-metrics';
import { kinesisRights } from './authorization';
import { readOperations } from './reads';
import { kinesisResources } from './resources';
import { KinesisStore } from './store';
import { streamOperations } from './streams';
import { StreamWriter } from './writes';

const TRIM_EVERY_MS = 6 * 3_600_000;

/** Kinesis Data Streams: shards by hash range, ordered records, iterators, retention by the clock. Shards are not split or merged. */
export const kinesis: ServiceFactory = (cloud) => {
  const store = new KinesisStore(cloud);
  const keys = new DataKeys(cloud, 'kinesis', PREFIXED_REFUSALS);
  const metrics = new MinuteMetrics(cloud, 'AWS/Kinesis', 'kinesis.amazonaws.com');
  let trimming: Timer | undefined;
  // Readers never see what is past its retention; this only gives the room back.
  const armTrim = (): void => {
    trimming = cloud.clock.after(TRIM_EVERY_MS, async () => {
      for (const { value } of [...store.streams.entries()]) await store.trim(value);
      armTrim();
    });
  };
  return {
    name: 'kinesis',
    signingNames: ['kinesis'],
    sdk: '@aws-sdk/client-kinesis',
    rights: kinesisRights,
    operations: {
      ...streamOperations(cloud, store),
      ...new StreamWriter(cloud, store, keys, metrics).operations(),
      ...readOperations(cloud, store, keys, metrics),
    },
    resources: kinesisResources,
    start: armTrim,
    async stop() {
      trimming?.cancel();
      await metrics.flush();
    },
  };
};
