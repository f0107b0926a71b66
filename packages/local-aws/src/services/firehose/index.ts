import type { ServiceFactory } from '../../cloud';
import { firehoseRights } from './authorization';
import { firehoseResources } from './resources';
import { DeliveryRunner } from './runner';
import { FirehoseStore } from './store';
import { streamOperations } from './streams';
import { writeOperations } from './writes';

/** Firehose: delivery from Kinesis or direct puts to S3, at least once, buffered by size and by the clock, with Parquet conversion. */
export const firehose: ServiceFactory = (cloud) => {
  const store = new FirehoseStore(cloud);
  const runner = new DeliveryRunner(cloud, store);
  return {
    name: 'firehose',
    signingNames: ['firehose'],
    sdk: '@aws-sdk/client-firehose',
    rights: firehoseRights,
    operations: { ...streamOperations(cloud, store, runner), ...writeOperations(cloud, store, runner) },
    resources: firehoseResources,
    async start() {
      for (const { value } of [...store.streams.entries()]) await runner.start(value);
    },
    stop: () => runner.stopAll(),
  };
};
