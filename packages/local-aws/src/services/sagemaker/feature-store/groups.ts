import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Cloud, Operations } from '../../../cloud';
import { AwsError, validationError } from '../../../errors';
import { refuse } from '../names';
import { inTime, page } from '../paging';
import type { TagStore } from '../tags';
import { describeGroup, statusOfOffline, summarizeGroup } from './describe';
import type { GroupLifecycle } from './lifecycle';
import type { GroupRecord, GroupStore, OfflineConfig } from './records';
import { checkCreation, checkTtl, withAdditions } from './requests';

function offlineOf(input: Sdk.CreateFeatureGroupCommandInput, now: number): OfflineConfig | undefined {
  const config = input.OfflineStoreConfig;
  if (config === undefined) return undefined;
  const kmsKeyId = config.S3StorageConfig?.KmsKeyId;
  return {
    s3Uri: config.S3StorageConfig?.S3Uri ?? '',
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    database: config.DataCatalogConfig?.Database ?? 'sagemaker_featurestore',
    table:
      config.DataCatalogConfig?.TableName ??
      `${(input.FeatureGroupName ?? '').replaceAll('-', '_')}_${Math.floor(now / 1000)}`.toLowerCase(),
  };
}

function recordOf(input: Sdk.CreateFeatureGroupCommandInput, store: GroupStore, now: number): GroupRecord {
  const features = checkCreation(input);
  const name = input.FeatureGroupName ?? '';
  const offline = offlineOf(input, now);
  return {
    name,
    arn: store.arn(name),
    key: store.newKey(),
    identifier: input.RecordIdentifierFeatureName ?? '',
    eventTime: input.EventTimeFeatureName ?? '',
    features,
    online: input.OnlineStoreConfig?.EnableOnlineStore === true,
    ...(input.OnlineStoreConfig === undefined ? {} : { onlineConfig: input.OnlineStoreConfig }),
    ...(offline === undefined ? {} : { offline }),
    ...(input.RoleArn === undefined ? {} : { roleArn: input.RoleArn }),
    ...(input.Description === undefined ? {} : { description: input.Description }),
    created: now,
    modified: now,
    status: 'Creating',
  };
}

/** The record after an update of one of its parts. */
function updated(record: GroupRecord, input: Sdk.UpdateFeatureGroupCommandInput): GroupRecord {
  const { FeatureAdditions: additions = [], OnlineStoreConfig: online } = input;
  refuse('UpdateFeatureGroup', {
    ThroughputConfig: input.ThroughputConfig !== undefined && input.ThroughputConfig.ThroughputMode !== 'OnDemand',
    'OnlineStoreConfig.StorageType': online?.StorageType !== undefined,
  });
  if (additions.length > 0 && online !== undefined)
    throw validationError(
      'Validation Error: only one of FeatureAdditions, OnlineStoreConfig and ThroughputConfig can be updated at a time',
    );
  if (additions.length > 0) return { ...record, features: withAdditions(record.features, additions) };
  if (online === undefined) return record;
  if (!record.online) throw validationError('Validation Error: the feature group has no online store');
  checkTtl(online.TtlDuration);
  const { TtlDuration: _, ...kept } = record.onlineConfig ?? {};
  const ttl = online.TtlDuration === undefined ? {} : { TtlDuration: online.TtlDuration };
  return { ...record, onlineConfig: { ...kept, ...ttl } };
}

export function groupOperations(cloud: Cloud, store: GroupStore, tagStore: TagStore, lifecycle: GroupLifecycle): Operations {
  return {
    CreateFeatureGroup: async (input: Sdk.CreateFeatureGroupCommandInput) => {
      const record = recordOf(input, store, cloud.clock.now());
      if (store.live(record.name) !== undefined) {
        const message = `Resource Already Exists: FeatureGroup with name ${record.name} already exists. Choose a different name.`;
        throw new AwsError('ResourceInUse', message, { status: 400, members: { Message: message } });
      }
      await store.save(record);
      await tagStore.add(record.arn, input.Tags);
      lifecycle.create(record.name);
      return { FeatureGroupArn: record.arn };
    },
    DescribeFeatureGroup: (input: Sdk.DescribeFeatureGroupCommandInput) =>
      describeGroup(cloud, store.group(input.FeatureGroupName)),
    UpdateFeatureGroup: async (input: Sdk.UpdateFeatureGroupCommandInput) => {
      const record = store.group(input.FeatureGroupName);
      if (record.status !== 'Created')
        throw validationError(
          `Validation Error: FeatureGroup ${record.name} is in status ${record.status} and cannot be updated`,
        );
      await store.save({ ...updated(record, input), lastUpdate: { status: 'InProgress' } });
      lifecycle.update(record.name);
      return { FeatureGroupArn: record.arn };
    },
    DeleteFeatureGroup: async (input: Sdk.DeleteFeatureGroupCommandInput) => {
      const record = store.group(input.FeatureGroupName);
      await store.save({ ...record, status: 'Deleting' });
      lifecycle.delete(record.name);
      return {};
    },
    ListFeatureGroups: (input: Sdk.ListFeatureGroupsCommandInput) => {
      const sign = input.SortOrder === 'Descending' ? -1 : 1;
      const key = (group: GroupRecord): string | number => (input.SortBy === 'CreationTime' ? group.created : group.name);
      const { FeatureGroupStatusEquals: status, OfflineStoreStatusEquals: offline } = input;
      const fits = store
        .all()
        .filter((group) => group.name.includes(input.NameContains ?? '') && inTime(group, input))
        .filter((group) => status === undefined || group.status === status)
        .filter((group) => offline === undefined || statusOfOffline(group).Status === offline)
        .sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
      const { items, next } = page(fits, input);
      return { FeatureGroupSummaries: items.map(summarizeGroup), ...next };
    },
  };
}
