import type { ServiceFactory } from '../../cloud';
import { recordOperations } from '../sagemaker/feature-store';

/** Feature Store's data plane: records of feature groups. */
export const sagemakerFeatureStoreRuntime: ServiceFactory = (cloud) => ({
  name: 'sagemaker-featurestore-runtime',
  signingNames: ['sagemaker'],
  sdk: '@aws-sdk/client-sagemaker-featurestore-runtime',
  operations: recordOperations(cloud),
});
