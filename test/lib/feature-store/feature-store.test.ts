import { exampleTemplates } from '../../support/example-templates';
import { allowed, assumedBy, useKey } from '../../support/grants';

const templates = exampleTemplates();
const KEY = '<KeysFeaturesArn>';

test('tiles are encrypted, can be restored to any second, and expire', () => {
  expect(templates.properties('prod', 'data', 'FeaturesTiles')).toMatchObject({
    TableName: 'slipway-prod-tiles',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: KEY },
    TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
  });
});

test.each([
  ['origin_congestion', 12],
  ['carrier_congestion', 12],
  ['aircraft', 24],
  ['origin_weather', 6],
])('records of %s are gone %d hours after their event, and both of its stores are encrypted', (group, hours) => {
  expect(templates.properties('prod', 'data', `FeaturesGroup${group.replace('_', '')}`)).toMatchObject({
    FeatureGroupName: expect.stringMatching(new RegExp(`^slipway-prod-${group.replace('_', '[-_]')}$`)),
    RecordIdentifierFeatureName: 'entity',
    EventTimeFeatureName: 'event_time',
    OnlineStoreConfig: {
      EnableOnlineStore: true,
      SecurityConfig: { KmsKeyId: KEY },
      TtlDuration: { Unit: 'Seconds', Value: hours * 3600 },
    },
    OfflineStoreConfig: {
      S3StorageConfig: { S3Uri: `s3://<FeaturesOffline>/${group}`, KmsKeyId: KEY },
      DataCatalogConfig: { Catalog: 'AwsDataCatalog', Database: '<FeaturesDatabase>', TableName: `features_${group}` },
      DisableGlueTableCreation: false,
      TableFormat: 'Iceberg',
    },
    RoleArn: '<FeaturesOfflineRole.Arn>',
    Tags: expect.arrayContaining([{ Key: 'owner', Value: 'delay-science' }]),
  });
});

test('a group holds its aggregations; an age is computed when it is read, so it is not stored', () => {
  expect(templates.properties('dev', 'data', 'FeaturesGroupaircraft')).toMatchObject({
    FeatureDefinitions: [
      { FeatureName: 'entity', FeatureType: 'String' },
      { FeatureName: 'event_time', FeatureType: 'String' },
      { FeatureName: 'last_dep_delay', FeatureType: 'Fractional' },
    ],
  });
});

test('the service writes the offline stores, and nothing but them', () => {
  const bucket = '<FeaturesOffline.Arn>';

  expect(templates.grants('dev', 'data', 'FeaturesOfflineRole')).toEqual(
    allowed(
      [['s3:GetObject', 's3:PutObject', 's3:PutObjectAcl'], [`${bucket}/*`]],
      [['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:ListBucket'], [bucket]],
      [
        ['glue:CreateTable', 'glue:GetDatabase', 'glue:GetTable', 'glue:UpdateTable'],
        ['glue:catalog', 'glue:database/<FeaturesDatabase>', 'glue:table/<FeaturesDatabase>/*'],
      ],
      useKey(KEY),
    ),
  );
  expect(templates.trust('dev', 'data', 'FeaturesOfflineRole')).toEqual(assumedBy('sagemaker.amazonaws.com'));
});
