import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { Grant, type IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnFeatureGroup } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { type FeatureGroup, milliseconds, type Platform, type Stage, storedAggregations } from '../../core/definition';
import { ENTITY_FEATURE, EVENT_TIME_FEATURE, type Names } from '../../core/naming';
import { explainWildcards, type WildcardExplanation } from '../policy/wildcards';
import { arnOf } from '../shared/arns';
import { statefulRemoval } from '../shared/platform-stage';
import { SecureBucket } from '../shared/secure-bucket';

export interface FeatureStoreProps {
  /** Feature groups. */
  readonly platform: Platform;
  /** Removal. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Key of the features' data class. */
  readonly key: IKey;
  /** Bucket that receives server access logs. */
  readonly accessLogs: Bucket;
}

/** Where the offline stores lie, and who writes them. */
interface OfflineStore {
  readonly bucket: Bucket;
  readonly database: CfnDatabase;
  readonly role: Role;
}

/** What explains the wildcard in the grants above, for the roles that get them. */
export const FEATURE_GROUP_WILDCARDS: readonly WildcardExplanation[] = [
  { pattern: /:feature-group\/.*-\*$/, reason: "The stage's own feature groups share a prefix; a list would grow with them." },
];

/** The tile table, and per group of features an online and an offline store. */
export class FeatureStore extends Construct {
  readonly tiles: Table;
  readonly groups = new Map<string, CfnFeatureGroup>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FeatureStoreProps,
  ) {
    super(scope, id);
    const removal = statefulRemoval(props.stage);
    this.tiles = this.createTiles(removal);
    const bucket = new SecureBucket(this, 'Offline', { key: props.key, removal, accessLogs: props.accessLogs }).bucket;
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: `${props.names.lakeDatabase}_features`, description: 'Offline stores of the feature groups' },
    });
    const role = this.createRole(bucket, database);
    for (const group of props.platform.featureGroups)
      this.groups.set(group.name, this.createGroup(group, { bucket, database, role }));
  }

  /** Read online records. */
  grantReadFeatures(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:BatchGetRecord'],
      resourceArns: [this.groupArns],
    });
    Grant.addToPrincipal({ grantee, actions: ['kms:Decrypt'], resourceArns: [this.props.key.keyArn] });
  }

  /** Keep tiles and put records. */
  grantWriteFeatures(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:PutRecord', 'sagemaker:BatchWriteRecord'],
      resourceArns: [this.groupArns],
    });
    Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:BatchGetItem', 'dynamodb:PutItem'],
      resourceArns: [arnOf('dynamodb', `table/${this.props.names.tilesTable}`)],
    });
    Grant.addToPrincipal({ grantee, actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resourceArns: [this.props.key.keyArn] });
  }

  /** Groups of the stage by their common prefix: what is granted does not grow with them. */
  private get groupArns(): string {
    return arnOf('sagemaker', `feature-group/${this.props.names.of('*')}`);
  }

  private createTiles(removalPolicy: RemovalPolicy): Table {
    const { names, key } = this.props;
    return new Table(this, 'Tiles', {
      tableName: names.tilesTable,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.NUMBER },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
      timeToLiveAttribute: 'expires',
      removalPolicy,
    });
  }

  private createRole(bucket: Bucket, database: CfnDatabase): Role {
    const role = new Role(this, 'OfflineRole', {
      // Feature Store is not among the services that are documented to send aws:SourceAccount.
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
      description: 'Writes the offline stores of the feature groups',
    });
    const grant = (actions: string[], resourceArns: string[]): Grant =>
      Grant.addToPrincipal({ grantee: role, actions, resourceArns });
    grant(['s3:PutObject', 's3:PutObjectAcl', 's3:GetObject'], [bucket.arnForObjects('*')]);
    grant(['s3:GetBucketAcl', 's3:ListBucket', 's3:GetBucketLocation'], [bucket.bucketArn]);
    grant(
      ['glue:GetDatabase', 'glue:GetTable', 'glue:CreateTable', 'glue:UpdateTable'],
      [arnOf('glue', 'catalog'), arnOf('glue', `database/${database.ref}`), arnOf('glue', `table/${database.ref}/*`)],
    );
    grant(['kms:Decrypt', 'kms:GenerateDataKey'], [this.props.key.keyArn]);
    explainWildcards(role, [
      { pattern: /^Resource::<.*\.Arn>\/\*$/, reason: "Object names in the offline stores' own bucket are made by the service." },
      { pattern: /:table\/.*\/\*$/, reason: "Tables of the offline stores' own database are made by the service." },
    ]);
    return role;
  }

  private createGroup(group: FeatureGroup, { bucket, database, role }: OfflineStore): CfnFeatureGroup {
    const { names, key, stage } = this.props;
    const resource = new CfnFeatureGroup(this, `Group-${group.name}`, {
      featureGroupName: names.featureGroup(group.name),
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
        SecurityConfig: { KmsKeyId: key.keyArn },
        TtlDuration: { Unit: 'Seconds', Value: milliseconds(group.ttl) / 1000 },
      },
      offlineStoreConfig: {
        S3StorageConfig: { S3Uri: `s3://${bucket.bucketName}/${group.name}`, KmsKeyId: key.keyArn },
        DataCatalogConfig: { Catalog: 'AwsDataCatalog', Database: database.ref, TableName: names.featureTable(group.name) },
        DisableGlueTableCreation: false,
        TableFormat: 'Iceberg',
      },
      roleArn: role.roleArn,
      tags: [{ key: 'owner', value: group.owner }],
    });
    resource.applyRemovalPolicy(statefulRemoval(stage));
    resource.node.addDependency(role);
    return resource;
  }
}
