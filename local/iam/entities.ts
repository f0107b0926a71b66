import type { Storage, Table } from '../storage/storage';
import { watched } from '../storage/watched';

export interface RoleRecord {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly created: number;
  readonly description?: string;
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

export interface PolicyRecord {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly created: number;
  readonly description?: string;
  readonly document: string;
}

/** Roles by name and customer managed policies by ARN. */
export interface IamStore {
  readonly roles: Table<RoleRecord>;
  readonly policies: Table<PolicyRecord>;
  /** Grows with every change, so that what was read from here can be kept until then. */
  version(): number;
}

const versions = new WeakMap<Storage, { value: number }>();

export function iamStore(storage: Storage): IamStore {
  const version = versions.get(storage) ?? { value: 0 };
  versions.set(storage, version);
  const changed = (): void => {
    version.value += 1;
  };
  return {
    roles: watched(storage.table<RoleRecord>('iam/roles'), changed),
    policies: watched(storage.table<PolicyRecord>('iam/policies'), changed),
    version: () => version.value,
  };
}
