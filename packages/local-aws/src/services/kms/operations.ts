import { randomBytes, randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-kms';
import type { Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { type KeyDirectory, managedService } from './directory';
import { seal, sealingKey, unseal } from './envelope';
import type { Grants } from './grants';
import { defaultPolicy, managedKeyPolicy } from './key-policies';
import type { KeyRecord } from './records';

const MAX_PLAINTEXT = 4096;
const DAY_MS = 86_400_000;
const MIN_WINDOW_DAYS = 7;
const MAX_WINDOW_DAYS = 30;

/** Keys, aliases and the cryptography under them. */
export function kmsOperations(cloud: Cloud, directory: KeyDirectory, grants: Grants): Operations {
  const { keys, aliases } = directory;
  const prefix = `arn:aws:kms:${cloud.region}:${cloud.account}`;

  const make = async (policy: string, description: string, manager: KeyRecord['manager']): Promise<KeyRecord> => {
    const id = randomUUID();
    const record: KeyRecord = {
      id,
      arn: `${prefix}:key/${id}`,
      created: cloud.clock.now(),
      description,
      policy,
      enabled: true,
      manager,
      material: randomBytes(32).toString('base64'),
    };
    await keys.put(id, record);
    return record;
  };

  const making = new Map<string, Promise<void>>();

  /** Makes the key behind an alias of AWS's own; two first uses at once make one key. */
  const makeManaged = (alias: string, service: string): Promise<void> => {
    const known = making.get(alias);
    if (known !== undefined) return known;
    const work = (async () => {
      const managed = await make(managedKeyPolicy(service, cloud), `Default key for ${service}`, 'AWS');
      await aliases.put(alias, managed.id);
    })();
    making.set(alias, work);
    return work.finally(() => making.delete(alias));
  };

  /** Resolves an id, ARN, alias or alias ARN; AWS-managed aliases come into being at first use. */
  const find = async (reference: string | undefined): Promise<KeyRecord> => {
    const name = directory.name(reference);
    const service = managedService(name);
    if (service !== undefined && aliases.get(name) === undefined) await makeManaged(name, service);
    const record = directory.find(name);
    if (record === undefined) {
      const arn = directory.nominalArn(name);
      throw new AwsError(
        'NotFoundException',
        name.startsWith('alias/') ? `Alias ${arn} is not found.` : `Key '${arn}' does not exist`,
      );
    }
    if (record.deletion !== undefined && record.deletion <= cloud.clock.now())
      throw new AwsError('NotFoundException', `Key '${record.arn}' does not exist`);
    return record;
  };

  /** A key that is not on its way out. */
  const alive = async (reference: string | undefined): Promise<KeyRecord> => {
    const record = await find(reference);
    if (record.deletion !== undefined) throw new AwsError('KMSInvalidStateException', `${record.arn} is pending deletion.`);
    return record;
  };

  const usable = async (reference: string | undefined): Promise<KeyRecord> => {
    const record = await alive(reference);
    if (!record.enabled) throw new AwsError('DisabledException', `${record.arn} is disabled.`);
    return record;
  };

  const change = async (reference: string | undefined, changes: Partial<KeyRecord>): Promise<KeyRecord> => {
    const record = { ...(await find(reference)), ...changes };
    await keys.put(record.id, record);
    return record;
  };

  const describe = (record: KeyRecord): Sdk.KeyMetadata => ({
    KeyId: record.id,
    Arn: record.arn,
    AWSAccountId: cloud.account,
    CreationDate: new Date(record.created),
    Description: record.description,
    Enabled: record.enabled && record.deletion === undefined,
    KeyState: record.deletion !== undefined ? 'PendingDeletion' : record.enabled ? 'Enabled' : 'Disabled',
    KeyManager: record.manager,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    Origin: 'AWS_KMS',
    MultiRegion: false,
    ...(record.deletion === undefined ? {} : { DeletionDate: new Date(record.deletion) }),
  });

  const encrypt = (record: KeyRecord, data: Uint8Array, context: Record<string, string> | undefined): Buffer =>
    seal(record.id, Buffer.from(record.material, 'base64'), data, context ?? {});

  const dataKey = async (input: Sdk.GenerateDataKeyCommandInput) => {
    const record = await usable(input.KeyId);
    const size = input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32);
    const plaintext = randomBytes(size);
    return { KeyId: record.arn, Plaintext: plaintext, CiphertextBlob: encrypt(record, plaintext, input.EncryptionContext) };
  };

  const cryptography: Operations = {
    Encrypt: async (input: Sdk.EncryptCommandInput) => {
      const data = input.Plaintext ?? new Uint8Array();
      if (data.length > MAX_PLAINTEXT)
        throw new AwsError(
          'ValidationException',
          `1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to ${MAX_PLAINTEXT}`,
        );
      const record = await usable(input.KeyId);
      return {
        KeyId: record.arn,
        CiphertextBlob: encrypt(record, data, input.EncryptionContext),
        EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      };
    },
    Decrypt: async (input: Sdk.DecryptCommandInput) => {
      const blob = input.CiphertextBlob ?? new Uint8Array();
      const record = await usable(sealingKey(blob));
      if (input.KeyId !== undefined && (await find(input.KeyId)).id !== record.id) {
        throw new AwsError(
          'IncorrectKeyException',
          'The key ID in the request does not identify a CMK that can perform this operation.',
        );
      }
      const plaintext = unseal(Buffer.from(record.material, 'base64'), blob, input.EncryptionContext ?? {});
      return { KeyId: record.arn, Plaintext: plaintext, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
    },
    GenerateDataKey: dataKey,
    GenerateDataKeyWithoutPlaintext: async (input: Sdk.GenerateDataKeyCommandInput) => {
      const { KeyId, CiphertextBlob } = await dataKey(input);
      return { KeyId, CiphertextBlob };
    },
  };

  const control: Operations = {
    CreateKey: async (input: Sdk.CreateKeyCommandInput) => ({
      KeyMetadata: describe(await make(input.Policy ?? defaultPolicy(cloud.account), input.Description ?? '', 'CUSTOMER')),
    }),
    DescribeKey: async (input: Sdk.DescribeKeyCommandInput) => ({ KeyMetadata: describe(await find(input.KeyId)) }),
    ListKeys: () => ({
      Keys: [...keys.entries()].map(({ value }) => ({ KeyId: value.id, KeyArn: value.arn })),
      Truncated: false,
    }),
    EnableKey: async (input: Sdk.EnableKeyCommandInput) => {
      await alive(input.KeyId);
      await change(input.KeyId, { enabled: true });
    },
    DisableKey: async (input: Sdk.DisableKeyCommandInput) => {
      await alive(input.KeyId);
      await change(input.KeyId, { enabled: false });
    },
    EnableKeyRotation: async (input: Sdk.EnableKeyRotationCommandInput) =>
      void (await change(input.KeyId, { rotationDays: input.RotationPeriodInDays ?? 365 })),
    DisableKeyRotation: async (input: Sdk.DisableKeyRotationCommandInput) => {
      const { rotationDays: _, ...record } = await find(input.KeyId);
      await keys.put(record.id, record);
    },
    GetKeyRotationStatus: async (input: Sdk.GetKeyRotationStatusCommandInput) => {
      const { rotationDays } = await find(input.KeyId);
      return {
        KeyRotationEnabled: rotationDays !== undefined,
        ...(rotationDays === undefined ? {} : { RotationPeriodInDays: rotationDays }),
      };
    },
    PutKeyPolicy: async (input: Sdk.PutKeyPolicyCommandInput) =>
      void (await change(input.KeyId, { policy: input.Policy ?? '{}' })),
    GetKeyPolicy: async (input: Sdk.GetKeyPolicyCommandInput) => ({
      Policy: (await find(input.KeyId)).policy,
      PolicyName: 'default',
    }),
    UpdateKeyDescription: async (input: Sdk.UpdateKeyDescriptionCommandInput) =>
      void (await change(input.KeyId, { description: input.Description ?? '' })),
    ScheduleKeyDeletion: async (input: Sdk.ScheduleKeyDeletionCommandInput) => {
      const days = input.PendingWindowInDays ?? 30;
      if (!(days >= MIN_WINDOW_DAYS && days <= MAX_WINDOW_DAYS))
        throw new AwsError(
          'ValidationException',
          `1 validation error detected: Value '${days}' at 'pendingWindowInDays' failed to satisfy constraint: Member must be between ${MIN_WINDOW_DAYS} and ${MAX_WINDOW_DAYS}`,
        );
      await alive(input.KeyId);
      const record = await change(input.KeyId, { deletion: cloud.clock.now() + days * DAY_MS });
      return { KeyId: record.arn, DeletionDate: new Date(record.deletion ?? 0), KeyState: 'PendingDeletion' };
    },
    CancelKeyDeletion: async (input: Sdk.CancelKeyDeletionCommandInput) => {
      const { deletion: _, ...record } = await find(input.KeyId);
      await keys.put(record.id, { ...record, enabled: false });
      return { KeyId: record.arn };
    },
    CreateAlias: async (input: Sdk.CreateAliasCommandInput) => {
      const name = input.AliasName ?? '';
      if (name.startsWith('alias/aws/')) throw new AwsError('NotAuthorizedException', 'The alias prefix alias/aws/ is reserved.');
      if (aliases.get(name) !== undefined)
        throw new AwsError('AlreadyExistsException', `An alias with the name ${prefix}:${name} already exists`);
      await aliases.put(name, (await find(input.TargetKeyId)).id);
    },
    ListAliases: async (input: Sdk.ListAliasesCommandInput) => {
      const only = input.KeyId === undefined ? undefined : (await find(input.KeyId)).id;
      const all = [...aliases.entries()]
        .map(({ key, value }) => ({ AliasName: String(key), AliasArn: `${prefix}:${String(key)}`, TargetKeyId: value }))
        .filter(({ TargetKeyId }) => only === undefined || TargetKeyId === only);
      return { Aliases: all, Truncated: false };
    },
    UpdateAlias: async (input: Sdk.UpdateAliasCommandInput) => {
      if (aliases.get(input.AliasName ?? '') === undefined)
        throw new AwsError('NotFoundException', `Alias ${prefix}:${input.AliasName} is not found.`);
      await aliases.put(input.AliasName ?? '', (await find(input.TargetKeyId)).id);
    },
    DeleteAlias: async (input: Sdk.DeleteAliasCommandInput) => {
      if (aliases.get(input.AliasName ?? '') === undefined)
        throw new AwsError('NotFoundException', `Alias ${prefix}:${input.AliasName} is not found.`);
      await aliases.remove(input.AliasName ?? '');
    },
  };
  return { ...cryptography, ...control, ...grants.operations(find, usable) };
}
