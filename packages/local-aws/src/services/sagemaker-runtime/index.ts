import type { ServiceFactory } from '../../cloud';
import { invocationsOf } from '../sagemaker/endpoints';
import { runtimeRights } from './authorization';

/** SageMaker's data plane: invocations of real-time endpoints. */
export const sagemakerRuntime: ServiceFactory = (cloud) => {
  const invocations = invocationsOf(cloud);
  return {
    name: 'sagemaker-runtime',
    signingNames: ['sagemaker'],
    sdk: '@aws-sdk/client-sagemaker-runtime',
    rights: runtimeRights,
    operations: { InvokeEndpoint: invocations.invoke },
    processes: { operation: 'InvokeEndpoint', kill: (resource) => invocations.killBusy(resource) },
    stop: () => invocations.flush(),
  };
};
