import type { ServiceFactory } from '../../cloud';
import { bucketOperations } from './buckets';
import { listOperations } from './listings';
import { multipartOperations } from './multipart';
import { objectOperations } from './objects';
import { s3Resources } from './resources';
import { S3Store } from './store';

export const s3: ServiceFactory = (cloud) => {
  const store = new S3Store(cloud);
  return {
    name: 's3',
    signingNames: ['s3'],
    sdk: '@aws-sdk/client-s3',
    operations: {
      ...bucketOperations(cloud, store),
      ...listOperations(store),
      ...objectOperations(cloud, store),
      ...multipartOperations(cloud, store),
    },
    resources: s3Resources,
  };
};
