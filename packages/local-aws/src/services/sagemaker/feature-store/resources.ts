import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../../cloud';
import { AwsError } from '../../../errors';

const POLL_MS = 50;

interface Described {
  readonly FeatureGroupName: string;
  readonly FeatureGroupArn: string;
  readonly FeatureGroupStatus: string;
  readonly CreationTime: Date;
  readonly FailureReason?: string;
  readonly FeatureDefinitions: readonly { readonly FeatureName: string }[];
  readonly LastUpdateStatus?: { readonly Status: string; readonly FailureReason?: string };
}

async function settled(name: string, context: ResourceContext): Promise<Described> {
  for (;;) {
    const found = await context.call<Described>('sagemaker', 'DescribeFeatureGroup', { FeatureGroupName: name });
    const busy = ['Creating', 'Deleting'].includes(found.FeatureGroupStatus) || found.LastUpdateStatus?.Status === 'InProgress';
    if (!busy) return found;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function outcomeOf({ FeatureGroupName, FeatureGroupStatus, CreationTime }: Described): ResourceOutcome {
  return { id: FeatureGroupName, attributes: { FeatureGroupStatus, CreationTime: CreationTime.toISOString() } };
}

async function unlessGone(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof AwsError) || error.code !== 'ResourceNotFound') throw error;
  });
}

async function change(name: string, input: object, context: ResourceContext): Promise<Described> {
  await context.call('sagemaker', 'UpdateFeatureGroup', { FeatureGroupName: name, ...input });
  const found = await settled(name, context);
  if (found.LastUpdateStatus?.Status === 'Failed')
    throw new AwsError('NotStabilized', found.LastUpdateStatus.FailureReason ?? 'The update of the feature group failed.');
  return found;
}

function ttlOf(properties: ResourceProperties): unknown {
  return properties.OnlineStoreConfig?.TtlDuration;
}

const STORES = ['OnlineStoreConfig', 'OfflineStoreConfig'] as const;

/** A change of these but for TtlDuration would replace the group; the schema cannot say that of a part. */
function requireSameStores(properties: ResourceProperties, previous: ResourceProperties): void {
  for (const member of STORES) {
    const comparable = (value: ResourceProperties): string => JSON.stringify({ ...value[member], TtlDuration: undefined });
    if (comparable(properties) !== comparable(previous))
      throw new AwsError('NotUpdatable', `${member} of a feature group cannot be changed; only its TtlDuration can`);
  }
}

export const featureGroup: ResourceType = {
  type: 'AWS::SageMaker::FeatureGroup',
  enforced: [
    'FeatureGroupName',
    'RecordIdentifierFeatureName',
    'EventTimeFeatureName',
    'FeatureDefinitions',
    ...STORES,
    'ThroughputConfig',
    'RoleArn',
    'Description',
    'Tags',
  ],
  stored: {},
  async create(properties, context) {
    await context.call('sagemaker', 'CreateFeatureGroup', { ...properties, Tags: context.tags });
    const found = await settled(properties.FeatureGroupName, context);
    // The group is there, so the rollback has to delete it.
    const members = { PhysicalResourceId: found.FeatureGroupName };
    const reason = found.FailureReason ?? `The feature group is in status ${found.FeatureGroupStatus}.`;
    if (found.FeatureGroupStatus !== 'Created') throw new AwsError('NotStabilized', reason, { members });
    return outcomeOf(found);
  },
  async update(id, properties, previous, context) {
    requireSameStores(properties, previous);
    let found = await settled(id, context);
    if (context.tags.length > 0)
      await context.call('sagemaker', 'AddTags', { ResourceArn: found.FeatureGroupArn, Tags: context.tags });
    const present = found.FeatureDefinitions.map(({ FeatureName }) => FeatureName);
    const wanted: readonly { readonly FeatureName: string }[] = properties.FeatureDefinitions;
    const names = wanted.map(({ FeatureName }) => FeatureName);
    const removed = present.filter((name) => !names.includes(name));
    if (removed.length > 0) throw new AwsError('InvalidRequest', `Features cannot be removed: ${removed.join(', ')}`);
    const additions = wanted.filter(({ FeatureName }) => !present.includes(FeatureName));
    if (additions.length > 0) found = await change(id, { FeatureAdditions: additions }, context);
    if (JSON.stringify(ttlOf(properties)) !== JSON.stringify(ttlOf(previous)))
      found = await change(id, { OnlineStoreConfig: { TtlDuration: ttlOf(properties) } }, context);
    return outcomeOf(found);
  },
  async delete(id, _properties, context) {
    await unlessGone(context.call('sagemaker', 'DeleteFeatureGroup', { FeatureGroupName: id }));
    await unlessGone(settled(id, context));
  },
};
