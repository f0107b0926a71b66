import { randomUUID } from 'node:crypto';
import type { Call, Operations, ServiceFactory } from '../../cloud';
import { s3Rights } from './authorization';
import { bucketOperations } from './buckets';
import { Lifecycle } from './lifecycle';
import { lifecycleOperations } from './lifecycle-rules';
import { listOperations } from './listings';
import { multipartOperations } from './multipart';
import { objectOperations } from './objects';
import { s3Resources } from './resources';
import { S3Store } from './store';
import { removeStrayFiles } from './stray-files';

/** S3: buckets, versions, uploads in parts, encryption under KMS keys, and lifecycle rules on the clock. */
export const s3: ServiceFactory = (cloud) => {
  const store = new S3Store(cloud);
  const objects = objectOperations(cloud, store);
  const uploads = multipartOperations(cloud, store);
  // The service acts for itself: no policy of a bucket keeps its own lifecycle out.
  const run = async (operations: Operations, name: string, input: object): Promise<unknown> => {
    const call: Call = { caller: cloud.asService('s3.amazonaws.com'), region: cloud.region, requestId: randomUUID() };
    return operations[name]?.(input, call);
  };
  const lifecycle = new Lifecycle(cloud, store, {
    deleteObject: (Bucket, Key, VersionId) => run(objects, 'DeleteObject', { Bucket, Key, VersionId }),
    abortUpload: (UploadId) => run(uploads, 'AbortMultipartUpload', { UploadId }),
  });
  return {
    name: 's3',
    signingNames: ['s3'],
    sdk: '@aws-sdk/client-s3',
    rights: s3Rights,
    guard: (arn) => ({ resource: arn, policy: store.buckets.get(arn.slice('arn:aws:s3:::'.length).split('/')[0] ?? '')?.policy }),
    operations: {
      ...bucketOperations(cloud, store),
      ...lifecycleOperations(store, () => lifecycle.arm()),
      ...listOperations(store),
      ...objects,
      ...uploads,
    },
    resources: s3Resources,
    start: () => {
      lifecycle.arm();
      // In the background: requests do not wait for it.
      removeStrayFiles(store).catch((error: unknown) => cloud.log('s3', `stray files: ${String(error)}`));
    },
    stop: () => lifecycle.stop(),
  };
};
