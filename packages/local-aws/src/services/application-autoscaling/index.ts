import type { ServiceFactory } from '../../cloud';
import { autoScalingRights } from './authorization';
import { policyOperations, targetOperations } from './operations';
import { scalingResources } from './resources';
import { Scaler } from './scaler';
import { ScalingStore } from './store';

/** Application Auto Scaling: target tracking of the instances of SageMaker endpoint variants. */
export const applicationAutoScaling: ServiceFactory = (cloud) => {
  const store = new ScalingStore(cloud);
  const scaler = new Scaler(cloud, store);
  return {
    name: 'application-autoscaling',
    signingNames: ['application-autoscaling'],
    sdk: '@aws-sdk/client-application-auto-scaling',
    rights: autoScalingRights,
    resources: scalingResources,
    operations: { ...targetOperations(cloud, store), ...policyOperations(cloud, store, (policy) => scaler.watch(policy)) },
    start: () => scaler.start(),
  };
};
