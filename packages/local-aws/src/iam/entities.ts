import type { Storage, Table } from '../storage/storage';
import { Watch } from '../storage/watch';

interface EntityRecord {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly created: number;
  readonly description?: string;
}

export interface RoleRecord extends EntityRecord {
  readonly maxSessionSeconds: number;
  /** Trust policy document (JSON text). */
  readonly trust: string;
  /** Inline policy documents (JSON text) by name. */
  readonly inline: Readonly<Record<string, string>>;
  /** ARNs of attached managed policies. */
  readonly attached: readonly string[];
  readonly boundary?: string;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

export interface PolicyRecord extends EntityRecord {
  readonly document: string;
}

/** Roles by name and customer managed policies by ARN. */
export interface IamStore {
  readonly roles: Table<RoleRecord>;
  readonly policies: Table<PolicyRecord>;
  /** Grows with every change, so that what was read from here can be kept until then; NaN, like nothing, while a change is under way. */
  version(): number;
}

const stores = new WeakMap<Storage, IamStore>();

/** The store's roles and policies; one object for all who ask, so that all see its changes. */
export function iamStore(storage: Storage): IamStore {
  const known = stores.get(storage);
  if (known !== undefined) return known;
  let version = 0;
  const watch = new Watch(storage, () => {
    version += 1;
  });
  const store = {
    roles: watch.table(storage.table<RoleRecord>('iam/roles')),
    policies: watch.table(storage.table<PolicyRecord>('iam/policies')),
    version: () => (watch.mayKeep ? version : Number.NaN),
  };
  stores.set(storage, store);
  return store;
}
