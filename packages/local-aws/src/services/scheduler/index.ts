import type { ServiceFactory } from '../../cloud';
import { schedulerRights } from './authorization';
import { groupOperations, scheduleOperations } from './operations';
import { schedulerResources } from './resources';
import { ScheduleRunner } from './runner';
import { ScheduleStore } from './store';

/** EventBridge Scheduler: rate, cron and one-time schedules by the clock, each target invoked in the schedule's role. */
export const scheduler: ServiceFactory = (cloud) => {
  const store = new ScheduleStore(cloud);
  const runner = new ScheduleRunner(cloud, store);
  return {
    name: 'scheduler',
    signingNames: ['scheduler'],
    sdk: '@aws-sdk/client-scheduler',
    rights: schedulerRights,
    resources: schedulerResources,
    operations: { ...scheduleOperations(cloud, store, runner), ...groupOperations(cloud, store, runner) },
    start() {
      runner.deliveries.start();
      runner.timetable.start();
    },
    stop() {
      runner.deliveries.stop();
      runner.timetable.stop();
    },
  };
};
