import type { Cloud } from '../../cloud';
import type { Guarded } from '../../iam/guards';
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
import { sealingKey } from './envelope';
import type { Grants } from './grants';
import type { KeyRecord } from './operations';

/** What AWS writes into the policies of its own keys: everybody in the account, through the service that the key is for. */
function managedPolicy(service: string, { account, region }: Pick<Cloud, 'account' | 'region'>): string {
  const Action = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:CreateGrant', 'kms:DescribeKey'];
  const StringEquals = { 'kms:CallerAccount': account, 'kms:ViaService': `${service}.${region}.amazonaws.com` };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: '*' }, Action, Resource: '*', Condition: { StringEquals } },
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*'],
        Resource: '*',
      },
    ],
  });
}

/** Finds keys by any reference, without making AWS's own as their first use does. */
export class KeyDirectory {
  private readonly keys;
  private readonly aliases;

  constructor(private readonly cloud: Cloud) {
    this.keys = cloud.storage.table<KeyRecord>('kms/keys');
    this.aliases = cloud.storage.table<string>('kms/aliases');
  }

  private name(reference: string): string {
    return reference.replace(/^arn:aws:kms:[^:]*:[^:]*:/, '').replace(/^key\//, '');
  }

  find(reference: string): KeyRecord | undefined {
    const name = this.name(reference);
    const id = name.startsWith('alias/') ? this.aliases.get(name) : name;
    return id === undefined ? undefined : this.keys.get(id);
  }

  /** ARN of the key behind a reference; where there is none (yet), the reference as an ARN. */
  arn(reference: string | undefined): string {
    const name = this.name(reference ?? '');
    const kind = name.startsWith('alias/') ? '' : 'key/';
    return this.find(name)?.arn ?? `arn:aws:kms:${this.cloud.region}:${this.cloud.account}:${kind}${name}`;
  }

  /** What guards a key: its policy must allow, or a grant. */
  guard(reference: string, grants: Grants): Guarded | undefined {
    const name = this.name(reference);
    const key = this.find(name);
    const resource = this.arn(name);
    if (key === undefined && !name.startsWith('alias/aws/')) return { resource };
    const service = name.startsWith('alias/aws/') ? name.slice('alias/aws/'.length) : this.managedFor(key);
    return {
      resource,
      policy: service === undefined ? key?.policy : managedPolicy(service, this.cloud),
      mustAllow: true,
      ...(key === undefined ? {} : { granted: (caller, action, context) => grants.allow(key.id, caller, action, context) }),
    };
  }

  /** Service of one of AWS's own keys. */
  private managedFor(key: KeyRecord | undefined): string | undefined {
    if (key?.manager !== 'AWS') return undefined;
    for (const { key: alias, value } of this.aliases.entries())
      if (value === key.id) return String(alias).slice('alias/aws/'.length);
    return undefined;
  }
}

function cryptographic(input: Input, scope: Scope): Record<string, ContextValue> {
  const context = (input.EncryptionContext ?? {}) as Record<string, string>;
  const keys = Object.keys(context);
  return {
    'kms:CallerAccount': scope.account,
    ...Object.fromEntries(keys.map((key) => [`kms:EncryptionContext:${key}`, context[key] ?? ''])),
    ...(keys.length === 0 ? {} : { 'kms:EncryptionContextKeys': keys }),
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
  const granting = ({ Operations, GranteePrincipal }: Input): Record<string, ContextValue> => ({
    'kms:GrantOperations': (Operations ?? []) as string[],
    'kms:GranteePrincipal': String(GranteePrincipal ?? ''),
    'kms:GrantIsForAWSResource': 'false',
  });
  return {
    ...actionsOn('kms', [
      [
        `DescribeKey EnableKey DisableKey EnableKeyRotation DisableKeyRotation GetKeyRotationStatus PutKeyPolicy GetKeyPolicy
         UpdateKeyDescription ScheduleKeyDeletion CancelKeyDeletion ListGrants RevokeGrant`,
        ({ KeyId }: Input) => directory.arn(KeyId),
      ],
      ['CreateKey ListKeys RetireGrant', ANY],
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
