import type { ServiceFactory } from '../../cloud';
import { policyOperations, roleOperations } from './operations';
import { iamResources } from './resources';
import { iamStore } from './store';

export const iam: ServiceFactory = (cloud) => {
  const store = iamStore(cloud.storage);
  return {
    name: 'iam',
    signingNames: ['iam'],
    sdk: '@aws-sdk/client-iam',
    operations: { ...roleOperations(cloud, store), ...policyOperations(cloud, store) },
    resources: iamResources,
  };
};
