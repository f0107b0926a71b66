import type { Cloud } from '../../../cloud';
import type { SageMakerModule } from '../module';
import type { TagStore } from '../tags';
import { groupOperations } from './groups';
import { packageOperations } from './packages';
import { Registry } from './records';
import { modelPackageGroup } from './resources';

/** The model registry: groups, and in each group versions of a model with their approval. */
export function registry(cloud: Cloud, tagStore: TagStore): SageMakerModule {
  const records = new Registry(cloud);
  return {
    operations: { ...groupOperations(cloud, records, tagStore), ...packageOperations(cloud, records) },
    resources: [modelPackageGroup],
  };
}
