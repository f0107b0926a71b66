import { randomBytes } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-kms';
import type { Caller, Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import type { Context } from '../../iam/policy/patterns';
import type { Table } from '../../storage/storage';
import type { KeyRecord } from './records';

export interface GrantRecord {
  readonly id: string;
  readonly key: string;
  readonly grantee: string;
  readonly retiring?: string;
  readonly operations: readonly string[];
  readonly constraints?: Sdk.GrantConstraints;
  readonly name?: string;
  readonly created: number;
  readonly issuer: string;
}

function contextOf(context: Context): Map<string, string> {
  const prefix = 'kms:encryptioncontext:';
  return new Map(
    [...context].filter(([key]) => key.startsWith(prefix)).map(([key, [value = '']]) => [key.slice(prefix.length), value]),
  );
}

function satisfies(constraints: Sdk.GrantConstraints | undefined, context: Context): boolean {
  const given = contextOf(context);
  const holds = (wanted: Record<string, string>): boolean =>
    Object.entries(wanted).every(([key, value]) => given.get(key.toLowerCase()) === value);
  const { EncryptionContextEquals: equal, EncryptionContextSubset: subset } = constraints ?? {};
  if (equal !== undefined && !(holds(equal) && given.size === Object.keys(equal).length)) return false;
  return subset === undefined || holds(subset);
}

/** Grants: rights on a key that are given besides its policy and can be taken back one by one. */
export class Grants {
  private readonly grants: Table<GrantRecord>;

  constructor(private readonly cloud: Cloud) {
    this.grants = cloud.storage.table('kms/grants');
  }

  /** Whether a grant lets the caller do this with the key. */
  allow(keyId: string, caller: Caller, action: string, context: Context): boolean {
    const operation = action.replace(/^kms:/, '');
    return [...this.grants.under([keyId])].some(
      ({ value }) =>
        [caller.arn, caller.roleArn].includes(value.grantee) &&
        value.operations.includes(operation) &&
        satisfies(value.constraints, context),
    );
  }

  operations(
    find: (reference: string | undefined) => Promise<KeyRecord>,
    usable: (reference: string | undefined) => Promise<KeyRecord>,
  ): Operations {
    const described = ({ id, key, grantee, retiring, operations, constraints, name, created, issuer }: GrantRecord) => ({
      KeyId: key,
      GrantId: id,
      GranteePrincipal: grantee,
      Operations: [...operations],
      IssuingAccount: issuer,
      CreationDate: new Date(created),
      ...(retiring === undefined ? {} : { RetiringPrincipal: retiring }),
      ...(constraints === undefined ? {} : { Constraints: constraints }),
      ...(name === undefined ? {} : { Name: name }),
    });
    const remove = async (key: KeyRecord, id: string | undefined): Promise<void> => {
      if (this.grants.get([key.id, id ?? '']) === undefined) throw new AwsError('NotFoundException', `Grant ID ${id} not found`);
      await this.grants.remove([key.id, id ?? '']);
    };
    return {
      CreateGrant: async (input: Sdk.CreateGrantCommandInput) => {
        const key = await usable(input.KeyId);
        const id = randomBytes(32).toString('hex');
        await this.grants.put([key.id, id], {
          id,
          key: key.arn,
          grantee: input.GranteePrincipal ?? '',
          operations: input.Operations ?? [],
          created: this.cloud.clock.now(),
          issuer: `arn:aws:iam::${this.cloud.account}:root`,
          ...(input.RetiringPrincipal === undefined ? {} : { retiring: input.RetiringPrincipal }),
          ...(input.Constraints === undefined ? {} : { constraints: input.Constraints }),
          ...(input.Name === undefined ? {} : { name: input.Name }),
        });
        // Grants take effect at once here, so a token says no more than the id.
        return { GrantId: id, GrantToken: Buffer.from(id).toString('base64') };
      },
      ListGrants: async (input: Sdk.ListGrantsCommandInput) => {
        const key = await find(input.KeyId);
        return { Grants: [...this.grants.under([key.id])].map(({ value }) => described(value)), Truncated: false };
      },
      RevokeGrant: async (input: Sdk.RevokeGrantCommandInput) => remove(await find(input.KeyId), input.GrantId),
      RetireGrant: async (input: Sdk.RetireGrantCommandInput) => {
        const id = input.GrantId ?? Buffer.from(input.GrantToken ?? '', 'base64').toString();
        const found = [...this.grants.entries()].find(({ value }) => value.id === id)?.value;
        if (found === undefined) throw new AwsError('NotFoundException', `Grant ID ${id} not found`);
        await remove(await find(found.key), id);
      },
    };
  }
}
