import type { ServiceFactory } from '../../cloud';
import { DataKeys, PREFIXED_REFUSALS } from '../../encryption/data-keys';
import { snsRights } from './authorization';
import { Publisher } from './publish';
import { snsResources } from './resources';
import { TopicStore } from './store';
import { subscriptionOperations, topicOperations } from './topics';

/** SNS: standard topics, subscriptions of queues and functions with filters, email addresses that stay pending. */
export const sns: ServiceFactory = (cloud) => {
  const store = new TopicStore(cloud);
  const publisher = new Publisher(cloud, store, new DataKeys(cloud, 'sns', PREFIXED_REFUSALS));
  return {
    name: 'sns',
    signingNames: ['sns'],
    sdk: '@aws-sdk/client-sns',
    rights: snsRights,
    guard: (arn) => {
      const topic = store.topics.get(arn);
      return { resource: arn, absent: topic === undefined, policy: topic?.attributes.Policy || undefined };
    },
    resources: snsResources,
    operations: { ...topicOperations(cloud, store), ...subscriptionOperations(cloud, store), ...publisher.operations },
    start: () => publisher.deliveries.start(),
    stop: () => publisher.deliveries.stop(),
  };
};
