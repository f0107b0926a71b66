import type { Cloud } from '../../cloud';
import type { Guarded } from '../../iam/guards';
import type { Table } from '../../storage/storage';
import type { Grants } from './grants';
import { managedKeyPolicy } from './key-policies';
import type { KeyRecord } from './records';

const MANAGED = 'alias/aws/';

/** Service of an alias of AWS's own (`alias/aws/s3`); undefined for any other name. */
export function managedService(name: string): string | undefined {
  return name.startsWith(MANAGED) ? name.slice(MANAGED.length) : undefined;
}

/** Keys by id and aliases, and the one reader of what refers to them: ids, ARNs, aliases and their ARNs. */
export class KeyDirectory {
  readonly keys: Table<KeyRecord>;
  /** Key id by alias. */
  readonly aliases: Table<string>;

  constructor(private readonly cloud: Cloud) {
    this.keys = cloud.storage.table('kms/keys');
    this.aliases = cloud.storage.table('kms/aliases');
  }

  /** Id or alias that a reference means. */
  name(reference: string | undefined): string {
    return (reference ?? '').replace(/^arn:aws:kms:[^:]*:[^:]*:/, '').replace(/^key\//, '');
  }

  /** The key behind a reference; one of AWS's own only after its first use. */
  find(reference: string | undefined): KeyRecord | undefined {
    const name = this.name(reference);
    const id = name.startsWith('alias/') ? this.aliases.get(name) : name;
    return id === undefined ? undefined : this.keys.get(id);
  }

  /** ARN of the key behind a reference; where there is none (yet), the reference as an ARN. */
  arn(reference: string | undefined): string {
    return this.find(reference)?.arn ?? this.nominalArn(reference);
  }

  /** A reference as an ARN, whether or not there is such a key or alias. */
  nominalArn(reference: string | undefined): string {
    const name = this.name(reference);
    return `arn:aws:kms:${this.cloud.region}:${this.cloud.account}:${name.startsWith('alias/') ? '' : 'key/'}${name}`;
  }

  /** What guards a key: its policy must allow, or a grant. */
  guard(reference: string, grants: Grants): Guarded {
    const key = this.find(reference);
    const resource = this.arn(reference);
    const service = managedService(this.name(reference));
    if (key !== undefined)
      return {
        resource,
        policy: key.policy,
        mustAllow: true,
        granted: (caller, action, context) => grants.allow(key.id, caller, action, context),
      };
    // The first use of one of AWS's own makes it, with this policy.
    return service === undefined ? { resource } : { resource, policy: managedKeyPolicy(service, this.cloud), mustAllow: true };
  }
}
