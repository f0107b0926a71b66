import type { ServiceFactory } from '../../cloud';
import { Publisher } from './publish';
import { snsResources } from './resources';
import { TopicStore } from './store';
import { subscriptionOperations, topicOperations } from './topics';

/** SNS: standard topics, subscriptions of queues and functions with filters, email addresses that stay pending. */
export const sns: ServiceFactory = (cloud) => {
  const store = new TopicStore(cloud);
  const publisher = new Publisher(cloud, store);
  return {
    name: 'sns',
    signingNames: ['sns'],
    sdk: '@aws-sdk/client-sns',
    resources: snsResources,
    operations: { ...topicOperations(cloud, store), ...subscriptionOperations(cloud, store), ...publisher.operations },
    start: () => publisher.deliveries.start(),
    stop: () => publisher.deliveries.stop(),
  };
};
