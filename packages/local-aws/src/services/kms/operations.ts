import { randomBytes } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-kms';
import type { Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import type { KeyDirectory } from './directory';
import { seal, sealingKey, unseal } from './envelope';
import type { Grants } from './grants';
import { Keys } from './keys';
import type { KeyRecord } from './records';

const MAX_PLAINTEXT = 4096;
const DAY_MS = 86_400_000;
const MIN_WINDOW_DAYS = 7;
const MAX_WINDOW_DAYS = 30;

/** Keys, aliases and the cryptography under them. */
export function kmsOperations(cloud: Cloud, directory: KeyDirectory, grants: Grants): Operations {
  const keys = new Keys(cloud, directory);
  return {
    ...cryptography(keys),
    ...keyOperations(cloud, keys),
    ...aliasOperations(cloud, keys),
    ...grants.operations(
      (reference) => keys.find(reference),
      (reference) => keys.usable(reference),
    ),
  };
}

function encrypt(record: KeyRecord, data: Uint8Array, context: Record<string, string> | undefined): Buffer {
  return seal(record.id, Buffer.from(record.material, 'base64'), data, context ?? {});
}

/** What the operations share. */
function cryptographyScope(keys: Keys) {
  const dataKey = async (input: Sdk.GenerateDataKeyCommandInput) => {
    const record = await keys.usable(input.KeyId);
    const size = input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32);
    const plaintext = randomBytes(size);
    return { KeyId: record.arn, Plaintext: plaintext, CiphertextBlob: encrypt(record, plaintext, input.EncryptionContext) };
  };
  return { keys, dataKey };
}
type CryptographyScope = ReturnType<typeof cryptographyScope>;

async function answerEncrypt({ keys }: CryptographyScope, input: Sdk.EncryptCommandInput) {
  const data = input.Plaintext ?? new Uint8Array();
  if (data.length > MAX_PLAINTEXT)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to ${MAX_PLAINTEXT}`,
    );
  const record = await keys.usable(input.KeyId);
  return {
    KeyId: record.arn,
    CiphertextBlob: encrypt(record, data, input.EncryptionContext),
    EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
  };
}

async function decrypt({ keys }: CryptographyScope, input: Sdk.DecryptCommandInput) {
  const blob = input.CiphertextBlob ?? new Uint8Array();
  const record = await keys.usable(sealingKey(blob));
  if (input.KeyId !== undefined && (await keys.find(input.KeyId)).id !== record.id) {
    throw new AwsError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  }
  const plaintext = unseal(Buffer.from(record.material, 'base64'), blob, input.EncryptionContext ?? {});
  return { KeyId: record.arn, Plaintext: plaintext, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
}

async function generateDataKeyWithoutPlaintext({ dataKey }: CryptographyScope, input: Sdk.GenerateDataKeyCommandInput) {
  const { KeyId, CiphertextBlob } = await dataKey(input);
  return { KeyId, CiphertextBlob };
}

function cryptography(keys: Keys): Operations {
  const scope = cryptographyScope(keys);
  const { dataKey } = scope;
  return {
    Encrypt: (input: Sdk.EncryptCommandInput) => answerEncrypt(scope, input),
    Decrypt: (input: Sdk.DecryptCommandInput) => decrypt(scope, input),
    GenerateDataKey: dataKey,
    GenerateDataKeyWithoutPlaintext: (input: Sdk.GenerateDataKeyCommandInput) => generateDataKeyWithoutPlaintext(scope, input),
  };
}

/** What the operations share. */
function keyScope(cloud: Cloud, keys: Keys) {
  return { keys, cloud };
}
type KeyScope = ReturnType<typeof keyScope>;

async function createKey({ keys }: KeyScope, input: Sdk.CreateKeyCommandInput) {
  return {
    KeyMetadata: keys.describe(await keys.create(input.Policy, input.Description ?? '')),
  };
}

function listKeys({ keys }: KeyScope) {
  return {
    Keys: [...keys.directory.keys.entries()].map(({ value }) => ({ KeyId: value.id, KeyArn: value.arn })),
    Truncated: false,
  };
}

async function enableKey({ keys }: KeyScope, input: Sdk.EnableKeyCommandInput) {
  await keys.alive(input.KeyId);
  await keys.change(input.KeyId, { enabled: true });
}

async function disableKey({ keys }: KeyScope, input: Sdk.DisableKeyCommandInput) {
  await keys.alive(input.KeyId);
  await keys.change(input.KeyId, { enabled: false });
}

async function disableKeyRotation({ keys }: KeyScope, input: Sdk.DisableKeyRotationCommandInput) {
  const { rotationDays: _, ...record } = await keys.find(input.KeyId);
  await keys.put(record);
}

async function getKeyRotationStatus({ keys }: KeyScope, input: Sdk.GetKeyRotationStatusCommandInput) {
  const { rotationDays } = await keys.find(input.KeyId);
  return {
    KeyRotationEnabled: rotationDays !== undefined,
    ...(rotationDays === undefined ? {} : { RotationPeriodInDays: rotationDays }),
  };
}

async function getKeyPolicy({ keys }: KeyScope, input: Sdk.GetKeyPolicyCommandInput) {
  return {
    Policy: (await keys.find(input.KeyId)).policy,
    PolicyName: 'default',
  };
}

async function scheduleKeyDeletion({ keys, cloud }: KeyScope, input: Sdk.ScheduleKeyDeletionCommandInput) {
  const days = input.PendingWindowInDays ?? 30;
  if (!(days >= MIN_WINDOW_DAYS && days <= MAX_WINDOW_DAYS))
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${days}' at 'pendingWindowInDays' failed to satisfy constraint: Member must be between ${MIN_WINDOW_DAYS} and ${MAX_WINDOW_DAYS}`,
    );
  await keys.alive(input.KeyId);
  const record = await keys.change(input.KeyId, { deletion: cloud.clock.now() + days * DAY_MS });
  return { KeyId: record.arn, DeletionDate: new Date(record.deletion ?? 0), KeyState: 'PendingDeletion' };
}

async function cancelKeyDeletion({ keys }: KeyScope, input: Sdk.CancelKeyDeletionCommandInput) {
  const { deletion: _, ...record } = await keys.find(input.KeyId);
  await keys.put({ ...record, enabled: false });
  return { KeyId: record.arn };
}

function keyOperations(cloud: Cloud, keys: Keys): Operations {
  const scope = keyScope(cloud, keys);
  return {
    CreateKey: (input: Sdk.CreateKeyCommandInput) => createKey(scope, input),
    DescribeKey: async (input: Sdk.DescribeKeyCommandInput) => ({ KeyMetadata: keys.describe(await keys.find(input.KeyId)) }),
    ListKeys: () => listKeys(scope),
    EnableKey: (input: Sdk.EnableKeyCommandInput) => enableKey(scope, input),
    DisableKey: (input: Sdk.DisableKeyCommandInput) => disableKey(scope, input),
    EnableKeyRotation: async (input: Sdk.EnableKeyRotationCommandInput) =>
      void (await keys.change(input.KeyId, { rotationDays: input.RotationPeriodInDays ?? 365 })),
    DisableKeyRotation: (input: Sdk.DisableKeyRotationCommandInput) => disableKeyRotation(scope, input),
    GetKeyRotationStatus: (input: Sdk.GetKeyRotationStatusCommandInput) => getKeyRotationStatus(scope, input),
    PutKeyPolicy: async (input: Sdk.PutKeyPolicyCommandInput) =>
      void (await keys.change(input.KeyId, { policy: input.Policy ?? '{}' })),
    GetKeyPolicy: (input: Sdk.GetKeyPolicyCommandInput) => getKeyPolicy(scope, input),
    UpdateKeyDescription: async (input: Sdk.UpdateKeyDescriptionCommandInput) =>
      void (await keys.change(input.KeyId, { description: input.Description ?? '' })),
    ScheduleKeyDeletion: (input: Sdk.ScheduleKeyDeletionCommandInput) => scheduleKeyDeletion(scope, input),
    CancelKeyDeletion: (input: Sdk.CancelKeyDeletionCommandInput) => cancelKeyDeletion(scope, input),
  };
}

function aliasOperations(cloud: Cloud, keys: Keys): Operations {
  const { aliases } = keys.directory;
  const prefix = `arn:aws:kms:${cloud.region}:${cloud.account}`;
  return {
    CreateAlias: async (input: Sdk.CreateAliasCommandInput) => {
      const name = input.AliasName ?? '';
      if (name.startsWith('alias/aws/')) throw new AwsError('NotAuthorizedException', 'The alias prefix alias/aws/ is reserved.');
      if (aliases.get(name) !== undefined)
        throw new AwsError('AlreadyExistsException', `An alias with the name ${prefix}:${name} already exists`);
      await aliases.put(name, (await keys.find(input.TargetKeyId)).id);
    },
    ListAliases: async (input: Sdk.ListAliasesCommandInput) => {
      const only = input.KeyId === undefined ? undefined : (await keys.find(input.KeyId)).id;
      const all = [...aliases.entries()]
        .map(({ key, value }) => ({ AliasName: String(key), AliasArn: `${prefix}:${String(key)}`, TargetKeyId: value }))
        .filter(({ TargetKeyId }) => only === undefined || TargetKeyId === only);
      return { Aliases: all, Truncated: false };
    },
    UpdateAlias: async (input: Sdk.UpdateAliasCommandInput) => {
      if (aliases.get(input.AliasName ?? '') === undefined)
        throw new AwsError('NotFoundException', `Alias ${prefix}:${input.AliasName} is not found.`);
      await aliases.put(input.AliasName ?? '', (await keys.find(input.TargetKeyId)).id);
    },
    DeleteAlias: async (input: Sdk.DeleteAliasCommandInput) => {
      if (aliases.get(input.AliasName ?? '') === undefined)
        throw new AwsError('NotFoundException', `Alias ${prefix}:${input.AliasName} is not found.`);
      await aliases.remove(input.AliasName ?? '');
    },
  };
}
