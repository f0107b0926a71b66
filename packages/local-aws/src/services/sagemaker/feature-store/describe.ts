import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Cloud } from '../../../cloud';
import { type GroupRecord, offlineRoot } from './records';

export function statusOfOffline({ offline, blocked }: GroupRecord): Sdk.OfflineStoreStatus {
  if (offline === undefined) return { Status: 'Disabled' };
  return blocked === undefined ? { Status: 'Active' } : { Status: 'Blocked', BlockedReason: blocked.slice(0, 1024) };
}

function offlineConfig(cloud: Cloud, group: GroupRecord): { OfflineStoreConfig?: Sdk.OfflineStoreConfig } {
  const { offline } = group;
  if (offline === undefined) return {};
  return {
    OfflineStoreConfig: {
      S3StorageConfig: {
        S3Uri: offline.s3Uri,
        KmsKeyId: offline.kmsKeyId,
        ResolvedOutputS3Uri: `${offlineRoot(cloud, group)}/data`,
      },
      DisableGlueTableCreation: false,
      DataCatalogConfig: { Catalog: 'AwsDataCatalog', Database: offline.database, TableName: offline.table },
      TableFormat: 'Iceberg',
    },
  };
}

export function describeGroup(cloud: Cloud, group: GroupRecord): Partial<Sdk.DescribeFeatureGroupCommandOutput> {
  return {
    FeatureGroupArn: group.arn,
    FeatureGroupName: group.name,
    RecordIdentifierFeatureName: group.identifier,
    EventTimeFeatureName: group.eventTime,
    FeatureDefinitions: group.features.map(({ name, type }) => ({ FeatureName: name, FeatureType: type })),
    CreationTime: new Date(group.created),
    LastModifiedTime: new Date(group.modified),
    OnlineStoreConfig: group.onlineConfig,
    ...offlineConfig(cloud, group),
    ThroughputConfig: { ThroughputMode: 'OnDemand' },
    RoleArn: group.roleArn,
    FeatureGroupStatus: group.status,
    OfflineStoreStatus: statusOfOffline(group),
    ...(group.lastUpdate === undefined
      ? {}
      : { LastUpdateStatus: { Status: group.lastUpdate.status, FailureReason: group.lastUpdate.reason } }),
    FailureReason: group.failureReason,
    Description: group.description,
  };
}

export function summarizeGroup(group: GroupRecord): Sdk.FeatureGroupSummary {
  return {
    FeatureGroupName: group.name,
    FeatureGroupArn: group.arn,
    CreationTime: new Date(group.created),
    FeatureGroupStatus: group.status,
    OfflineStoreStatus: statusOfOffline(group),
  };
}
