import { Aws, type RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { Grant, type IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnFeatureGroup } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { type FeatureGroup, milliseconds, storedAggregations } from '../../core/definition';
import { ENTITY_FEATURE, EVENT_TIME_FEATURE } from '../../core/naming';
import { explainWildcards } from '../policy/wildcards';
import { type PlatformStage, statefulRemoval } from '../shared/platform-stage';
import { SecureBucket } from '../shared/secure-bucket';

export interface FeatureStoreProps extends PlatformStage {
  /** Key of the features' data class. */
  readonly key: IKey;
  readonly accessLogs: Bucket;
}

/** The tile table, and per group of features an online and an offline store. */
export class FeatureStore extends Construct {
  readonly tiles: Table;
  readonly groups = new Map<string, CfnFeatureGroup>();
  private readonly key: IKey;

  constructor(scope: Construct, id: string, props: FeatureStoreProps) {
    super(scope, id);
    this.key = props.key;
    const removal = statefulRemoval(props.stage);
    this.tiles = this.createTiles(props, removal);
    const bucket = new SecureBucket(this, 'Offline', { key: props.key, removal, accessLogs: props.accessLogs }).bucket;
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: `${props.names.lakeDatabase}_features`, description: 'Offline stores of the feature groups' },
    });
    const role = this.createRole(bucket, database);
    for (const group of props.platform.featureGroups)
      this.groups.set(group.name, this.createGroup(props, group, bucket, database, role));
  }

  /** Read online records. */
  grantReadFeatures(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:BatchGetRecord'],
      resourceArns: this.groupArns(),
    });
    Grant.addToPrincipal({ grantee, actions: ['kms:Decrypt'], resourceArns: [this.key.keyArn] });
  }

  /** Keep tiles and put records. */
  grantWriteFeatures(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:PutRecord', 'sagemaker:BatchWriteRecord'],
      resourceArns: this.groupArns(),
    });
    Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:BatchGetItem', 'dynamodb:PutItem'],
      resourceArns: [this.tiles.tableArn],
    });
    Grant.addToPrincipal({ grantee, actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resourceArns: [this.key.keyArn] });
  }

  private groupArns(): string[] {
    return [...this.groups.values()].map(
      (group) => `arn:${Aws.PARTITION}:sagemaker:${Aws.REGION}:${Aws.ACCOUNT_ID}:feature-group/${group.ref}`,
    );
  }

  private createTiles(props: FeatureStoreProps, removalPolicy: RemovalPolicy): Table {
    return new Table(this, 'Tiles', {
      tableName: props.names.tilesTable,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.NUMBER },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expires',
      removalPolicy,
    });
  }

  private createRole(bucket: Bucket, database: CfnDatabase): Role {
    const role = new Role(this, 'OfflineRole', {
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: 'Writes the offline stores of the feature groups',
    });
    const glue = (rest: string): string => `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}:${rest}`;
    const grant = (actions: string[], resourceArns: string[]): Grant =>
      Grant.addToPrincipal({ grantee: role, actions, resourceArns });
    grant(['s3:PutObject', 's3:GetObject'], [bucket.arnForObjects('*')]);
    grant(['s3:GetBucketAcl', 's3:ListBucket', 's3:GetBucketLocation'], [bucket.bucketArn]);
    grant(
      ['glue:GetDatabase', 'glue:GetTable', 'glue:CreateTable', 'glue:UpdateTable'],
      [glue('catalog'), glue(`database/${database.ref}`), glue(`table/${database.ref}/*`)],
    );
    grant(['kms:Decrypt', 'kms:GenerateDataKey'], [this.key.keyArn]);
    explainWildcards(role, [
      { pattern: /^Resource::<.*\.Arn>\/\*$/, reason: "Object names in the offline stores' own bucket are made by the service." },
      { pattern: /:table\/.*\/\*$/, reason: "Tables of the offline stores' own database are made by the service." },
    ]);
    return role;
  }

  private createGroup(
    props: FeatureStoreProps,
    group: FeatureGroup,
    bucket: Bucket,
    database: CfnDatabase,
    role: Role,
  ): CfnFeatureGroup {
    const resource = new CfnFeatureGroup(this, `Group-${group.name}`, {
      featureGroupName: props.names.featureGroup(group.name),
      description: group.description.slice(0, 128),
      recordIdentifierFeatureName: ENTITY_FEATURE,
      eventTimeFeatureName: EVENT_TIME_FEATURE,
      featureDefinitions: [
        { featureName: ENTITY_FEATURE, featureType: 'String' },
        { featureName: EVENT_TIME_FEATURE, featureType: 'String' },
        ...storedAggregations(group).map(([featureName]) => ({ featureName, featureType: 'Fractional' })),
      ],
      // Both store configurations pass through unchanged, so they are written in CloudFormation's case.
      onlineStoreConfig: {
        EnableOnlineStore: true,
        SecurityConfig: { KmsKeyId: props.key.keyArn },
        TtlDuration: { Unit: 'Seconds', Value: milliseconds(group.ttl) / 1000 },
      },
      offlineStoreConfig: {
        S3StorageConfig: { S3Uri: `s3://${bucket.bucketName}/${group.name}`, KmsKeyId: props.key.keyArn },
        DataCatalogConfig: { Catalog: 'AwsDataCatalog', Database: database.ref, TableName: props.names.featureTable(group.name) },
        DisableGlueTableCreation: false,
        TableFormat: 'Iceberg',
      },
      roleArn: role.roleArn,
      tags: [{ key: 'owner', value: group.owner }],
    });
    resource.applyRemovalPolicy(statefulRemoval(props.stage));
    resource.node.addDependency(role);
    return resource;
  }
}
