import type { Cloud, Operations } from '../../../cloud';
import type { SageMakerModule } from '../module';
import type { TagStore } from '../tags';
import { OfflineCatalog } from './catalog';
import { groupOperations } from './groups';
import { GroupLifecycle } from './lifecycle';
import { OfflineStore } from './offline';
import { OnlineStore } from './online';
import { OnlineKeys } from './online-key';
import { Records } from './record-operations';
import { GroupStore } from './records';
import { featureGroup } from './resources';

interface Parts {
  readonly store: GroupStore;
  readonly online: OnlineStore;
  readonly offline: OfflineStore;
}

const known = new WeakMap<object, Parts>();

/** What `sagemaker` and `sagemaker-featurestore-runtime` of one cloud share. */
function partsOf(cloud: Cloud): Parts {
  let parts = known.get(cloud);
  if (parts === undefined) {
    const store = new GroupStore(cloud);
    parts = { store, online: new OnlineStore(cloud), offline: new OfflineStore(cloud, store) };
    known.set(cloud, parts);
  }
  return parts;
}

/** The operations on records of a cloud's feature groups. */
export function recordOperations(cloud: Cloud): Operations {
  const { store, online, offline } = partsOf(cloud);
  return new OnlineKeys(cloud, store).guard(new Records(cloud, store, online, offline).operations);
}

/** Feature groups with an online store, an offline store in S3, and a Glue table over the latter. */
export function featureStore(cloud: Cloud, tagStore: TagStore): SageMakerModule {
  const parts = partsOf(cloud);
  const lifecycle = new GroupLifecycle({ cloud, ...parts, catalog: new OfflineCatalog(cloud), tagStore });
  return {
    operations: groupOperations(cloud, parts.store, tagStore, lifecycle),
    resources: [featureGroup],
    start: () => lifecycle.start(),
    stop: () => lifecycle.stop(),
  };
}
