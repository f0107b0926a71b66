import type { ServiceFactory } from '../../cloud';
import { kmsOperations } from './operations';
import { kmsResources } from './resources';

export const kms: ServiceFactory = (cloud) => ({
  name: 'kms',
  signingNames: ['kms'],
  sdk: '@aws-sdk/client-kms',
  operations: kmsOperations(cloud),
  resources: kmsResources,
});
