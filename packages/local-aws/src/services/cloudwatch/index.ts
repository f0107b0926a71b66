import type { ServiceFactory } from '../../cloud';
import { AlarmActions } from './alarm-actions';
import { AlarmStore } from './alarm-store';
import { AlarmWatch } from './alarm-watch';
import { alarmOperations } from './alarms';
import { cloudWatchRights } from './authorization';
import { dashboardOperations } from './dashboards';
import { MetricStore } from './metric-store';
import { putOperations } from './put';
import { readOperations } from './read';
import { cloudwatchResources } from './resources';

/** CloudWatch: metrics with exact percentiles and metric math, metric alarms that act, dashboards that are kept. */
export const cloudwatch: ServiceFactory = (cloud) => {
  const metrics = new MetricStore(cloud);
  const alarms = new AlarmStore(cloud);
  const actions = new AlarmActions(cloud, alarms);
  const watch = new AlarmWatch(cloud, metrics, alarms, actions);
  return {
    name: 'cloudwatch',
    signingNames: ['monitoring'],
    sdk: '@aws-sdk/client-cloudwatch',
    rights: cloudWatchRights,
    resources: cloudwatchResources,
    operations: {
      ...putOperations(cloud, metrics, (id, at) => watch.arrived(id, at)),
      ...readOperations(cloud, metrics),
      ...alarmOperations(cloud, alarms, watch),
      ...dashboardOperations(cloud),
    },
    async start() {
      await metrics.expire(cloud.clock.now());
      actions.deliveries.start();
      watch.start();
    },
    stop() {
      watch.stop();
      actions.deliveries.stop();
    },
  };
};
