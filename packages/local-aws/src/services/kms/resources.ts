import type { ResourceType } from '../../cloud';

interface Made {
  readonly KeyMetadata: { readonly KeyId: string; readonly Arn: string };
}

const key: ResourceType = {
  type: 'AWS::KMS::Key',
  enforced: ['KeyPolicy', 'Description', 'Enabled', 'EnableKeyRotation', 'RotationPeriodInDays', 'PendingWindowInDays'],
  stored: {
    Tags: 'shown by no operation that is supported',
    MultiRegion: 'one region only',
    KeySpec: 'SYMMETRIC_DEFAULT only',
    KeyUsage: 'ENCRYPT_DECRYPT only',
  },
  async create(properties, context) {
    const { KeyMetadata } = await context.call<Made>('kms', 'CreateKey', {
      Policy: JSON.stringify(properties.KeyPolicy),
      Description: properties.Description,
    });
    const id = KeyMetadata.KeyId;
    if (properties.EnableKeyRotation === true)
      await context.call('kms', 'EnableKeyRotation', { KeyId: id, RotationPeriodInDays: properties.RotationPeriodInDays });
    if (properties.Enabled === false) await context.call('kms', 'DisableKey', { KeyId: id });
    return { id, attributes: { Arn: KeyMetadata.Arn, KeyId: id } };
  },
  async update(id, properties, _previous, context) {
    await context.call('kms', 'PutKeyPolicy', { KeyId: id, PolicyName: 'default', Policy: JSON.stringify(properties.KeyPolicy) });
    await context.call('kms', 'UpdateKeyDescription', { KeyId: id, Description: properties.Description ?? '' });
    await context.call('kms', properties.EnableKeyRotation === true ? 'EnableKeyRotation' : 'DisableKeyRotation', {
      KeyId: id,
      RotationPeriodInDays: properties.RotationPeriodInDays,
    });
    await context.call('kms', properties.Enabled === false ? 'DisableKey' : 'EnableKey', { KeyId: id });
    const { KeyMetadata } = await context.call<Made>('kms', 'DescribeKey', { KeyId: id });
    return { id, attributes: { Arn: KeyMetadata.Arn, KeyId: id } };
  },
  async delete(id, properties, context) {
    const described = await context
      .call<{ KeyMetadata: { KeyState: string } }>('kms', 'DescribeKey', { KeyId: id })
      .catch((error: unknown) => {
        if (!(error instanceof Error) || error.name !== 'NotFoundException') throw error;
      });
    if (described === undefined || described.KeyMetadata.KeyState === 'PendingDeletion') return;
    await context.call('kms', 'ScheduleKeyDeletion', { KeyId: id, PendingWindowInDays: properties.PendingWindowInDays ?? 30 });
  },
};

const alias: ResourceType = {
  type: 'AWS::KMS::Alias',
  enforced: ['AliasName', 'TargetKeyId'],
  stored: {},
  async create(properties, context) {
    await context.call('kms', 'CreateAlias', { AliasName: properties.AliasName, TargetKeyId: properties.TargetKeyId });
    return { id: properties.AliasName };
  },
  async update(id, properties, _previous, context) {
    await context.call('kms', 'UpdateAlias', { AliasName: id, TargetKeyId: properties.TargetKeyId });
    return { id };
  },
  async delete(id, _properties, context) {
    await context.call('kms', 'DeleteAlias', { AliasName: id }).catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'NotFoundException') throw error;
    });
  },
};

export const kmsResources: readonly ResourceType[] = [key, alias];
