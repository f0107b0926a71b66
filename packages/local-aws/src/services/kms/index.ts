import type { ServiceFactory } from '../../cloud';
import { kmsRights } from './authorization';
import { KeyDirectory } from './directory';
import { Grants } from './grants';
import { kmsOperations } from './operations';
import { kmsResources } from './resources';

export const kms: ServiceFactory = (cloud) => {
  const directory = new KeyDirectory(cloud);
  const grants = new Grants(cloud);
  return {
    name: 'kms',
    signingNames: ['kms'],
    sdk: '@aws-sdk/client-kms',
    rights: kmsRights(directory),
    guard: (arn) => directory.guard(arn, grants),
    operations: kmsOperations(cloud, directory, grants),
    resources: kmsResources,
  };
};
