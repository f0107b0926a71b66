import type { ServiceFactory } from '../../cloud';
import { recordOperations } from '../sagemaker/feature-store';
import { recordRights } from './authorization';

/** Feature Store's data plane: records of feature groups. */
export const sagemakerFeatureStoreRuntime: ServiceFactory = (cloud) => ({
  name: 'sagemaker-featurestore-runtime',
  signingNames: ['sagemaker'],
  sdk: '@aws-sdk/client-sagemaker-featurestore-runtime',
  rights: recordRights,
  operations: recordOperations(cloud),
});
