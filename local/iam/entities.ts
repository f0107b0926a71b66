import type { Storage, Table } from '../storage/storage';

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
}

export function iamStore(storage: Storage): IamStore {
  return { roles: storage.table('iam/roles'), policies: storage.table('iam/policies') };
}
