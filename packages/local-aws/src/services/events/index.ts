import type { ServiceFactory } from '../../cloud';
import { eventsRights } from './authorization';
import { Bus } from './bus';
import { eventsResources } from './resources';
import { ruleOperations, targetOperations } from './rules';
import { RuleSchedules } from './schedules';
import { RuleStore } from './store';

/** EventBridge: the default bus, rules with patterns and schedules, targets with input, retries and dead-letter queues. */
export const events: ServiceFactory = (cloud) => {
  const store = new RuleStore(cloud);
  const bus = new Bus(cloud, store);
  const schedules = new RuleSchedules(cloud, store, bus);
  return {
    name: 'events',
    signingNames: ['events'],
    sdk: '@aws-sdk/client-eventbridge',
    rights: eventsRights,
    resources: eventsResources,
    operations: { ...ruleOperations(cloud, store, schedules), ...targetOperations(store), ...bus.operations },
    start() {
      bus.deliveries.start();
      schedules.timetable.start();
    },
    stop() {
      bus.deliveries.stop();
      schedules.timetable.stop();
    },
  };
};
