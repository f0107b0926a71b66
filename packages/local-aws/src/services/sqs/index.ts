import type { ServiceFactory } from '../../cloud';
import { DataKeys } from '../../encryption/data-keys';
import { sqsRights } from './authorization';
import { Messages } from './messages';
import { QueueMetrics } from './metrics';
import { Poller } from './poller';
import { queueOperations } from './queues';
import { sqsResources } from './resources';
import { QueueStore } from './store';

/** SQS' own codes for the errors of KMS. */
const KMS_ERRORS = {
  NotFoundException: 'KmsNotFound',
  DisabledException: 'KmsDisabled',
  KMSInvalidStateException: 'KmsInvalidState',
  AccessDeniedException: 'KmsAccessDenied',
};

/** SQS: standard queues with visibility, delay, retention, redrive to a dead-letter queue, and long polls. */
export const sqs: ServiceFactory = (cloud) => {
  const store = new QueueStore(cloud);
  const metrics = new QueueMetrics(cloud, store);
  const poller = new Poller(cloud, store, (name) => metrics.changed(name));
  return {
    name: 'sqs',
    signingNames: ['sqs'],
    sdk: '@aws-sdk/client-sqs',
    rights: sqsRights,
    guard: (arn) => {
      const queue = store.queues.get(arn.split(':')[5] ?? '');
      return { resource: arn, absent: queue === undefined, policy: queue?.attributes.Policy || undefined };
    },
    resources: sqsResources,
    operations: {
      ...queueOperations(cloud, store, (name) => poller.changed(name)),
      ...new Messages(cloud, store, poller, new DataKeys(cloud, 'sqs', KMS_ERRORS)).operations,
    },
    start: () => metrics.start(),
    stop() {
      metrics.stop();
      poller.stop();
    },
  };
};
