import type { ServiceFactory } from '../../cloud';
import { iamStore } from '../../iam/entities';
import { iamRights } from './authorization';
import { policyOperations, roleOperations } from './operations';
import { iamResources } from './resources';

export const iam: ServiceFactory = (cloud) => {
  const store = iamStore(cloud.storage);
  return {
    name: 'iam',
    signingNames: ['iam'],
    sdk: '@aws-sdk/client-iam',
    rights: iamRights(store),
    operations: { ...roleOperations(cloud, store), ...policyOperations(cloud, store) },
    resources: iamResources,
  };
};
