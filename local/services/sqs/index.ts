import type { ServiceFactory } from '../../cloud';
import { Messages } from './messages';
import { QueueMetrics } from './metrics';
import { Poller } from './poller';
import { queueOperations } from './queues';
import { sqsResources } from './resources';
import { QueueStore } from './store';

/** SQS: standard queues with visibility, delay, retention, redrive to a dead-letter queue, and long polls. */
export const sqs: ServiceFactory = (cloud) => {
  const store = new QueueStore(cloud);
  const metrics = new QueueMetrics(cloud, store);
  const poller = new Poller(cloud, store, (name) => metrics.changed(name));
  return {
    name: 'sqs',
    signingNames: ['sqs'],
    sdk: '@aws-sdk/client-sqs',
    resources: sqsResources,
    operations: {
      ...queueOperations(cloud, store, (name) => poller.changed(name)),
      ...new Messages(cloud, store, poller).operations,
    },
    start: () => metrics.start(),
    stop() {
      metrics.stop();
      poller.stop();
    },
  };
};
