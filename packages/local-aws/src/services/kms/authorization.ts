import {
  ANY,
  actionsOn,
  type ContextValue,
  type Input,
  type Right,
  type Rights,
  type RightsOf,
  type Scope,
} from '../../iam/rights';
import type { KeyDirectory } from './directory';
import { sealingKey } from './envelope';

function cryptographic(input: Input, scope: Scope): Record<string, ContextValue> {
  const context = (input.EncryptionContext ?? {}) as Record<string, string>;
  const keys = Object.keys(context);
  return {
    'kms:CallerAccount': scope.account,
    ...Object.fromEntries(keys.map((key) => [`kms:EncryptionContext:${key}`, context[key] ?? ''])),
    ...(keys.length === 0 ? {} : { 'kms:EncryptionContextKeys': keys }),
  };
}

function granting({ Operations, GranteePrincipal }: Input): Record<string, ContextValue> {
  return {
    'kms:GrantOperations': (Operations ?? []) as string[],
    'kms:GranteePrincipal': String(GranteePrincipal ?? ''),
    'kms:GrantIsForAWSResource': 'false',
  };
}

/** Rights of KMS' operations. Source: Service Authorization Reference, "AWS Key Management Service". */
export function kmsRights(directory: KeyDirectory): Rights {
  const on =
    (action: string, more: (input: Input) => Record<string, ContextValue> = () => ({})): RightsOf =>
    (input, scope) => [
      {
        action: `kms:${action}`,
        resource: directory.arn(input.KeyId),
        context: { ...cryptographic(input, scope), ...more(input) },
      },
    ];
  const alias = (name: string | undefined, { region, account }: Scope): string =>
    `arn:aws:kms:${region}:${account}:${name ?? ''}`;
  const onAlias =
    (action: string): RightsOf =>
    ({ AliasName, TargetKeyId }: Input, scope): readonly Right[] =>
      // Names of AWS's own are refused by the operation itself.
      String(AliasName).startsWith('alias/aws/')
        ? []
        : [alias(AliasName, scope), directory.arn(TargetKeyId ?? AliasName)].map((resource) => ({
            action: `kms:${action}`,
            resource,
          }));
  return {
    ...actionsOn('kms', [
      [
        `DescribeKey EnableKey DisableKey EnableKeyRotation DisableKeyRotation GetKeyRotationStatus PutKeyPolicy GetKeyPolicy
         UpdateKeyDescription ScheduleKeyDeletion CancelKeyDeletion ListGrants RevokeGrant`,
        ({ KeyId }: Input) => directory.arn(KeyId),
      ],
      ['CreateKey ListKeys ListAliases RetireGrant', ANY],
    ]),
    Encrypt: on('Encrypt'),
    GenerateDataKey: on('GenerateDataKey'),
    GenerateDataKeyWithoutPlaintext: on('GenerateDataKeyWithoutPlaintext'),
    Decrypt: (input, scope) => {
      try {
        return on('Decrypt')({ ...input, KeyId: sealingKey(input.CiphertextBlob ?? new Uint8Array()) }, scope);
      } catch {
        // What no key has sealed is refused by the operation itself.
        return [];
      }
    },
    CreateGrant: on('CreateGrant', granting),
    CreateAlias: onAlias('CreateAlias'),
    UpdateAlias: onAlias('UpdateAlias'),
    DeleteAlias: onAlias('DeleteAlias'),
  };
}
