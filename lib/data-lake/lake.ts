import { Aws, Duration } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Effect, Grant, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Platform, Stage } from '../../core/definition';
import { INFERENCE, type Names } from '../../core/naming';
import { type GlueColumn, glueColumns, INFERENCE_COLUMNS, PARTITION_COLUMN } from '../../core/training-set';
import { acknowledge } from '../shared/acknowledge';
import { arnOf } from '../shared/arns';
import { statefulRemoval } from '../shared/platform-stage';
import { SecureBucket } from '../shared/secure-bucket';

export interface LakeProps {
  /** Sources, a table each. */
  readonly platform: Platform;
  /** Retention of access logs, and removal. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Key of the lake's data class. */
  readonly key: IKey;
  /** Key of the deliveries' log group. */
  readonly logKey: IKey;
}

/** First day that partition projection offers; events before it are not found. */
const FIRST_DAY = '2010-01-01';

/** Events and the inference log as Parquet, their tables, and the workgroup that queries them. */
export class Lake extends Construct {
  readonly bucket: Bucket;
  readonly results: Bucket;
  readonly accessLogs: Bucket;
  readonly database: CfnDatabase;
  readonly tables = new Map<string, CfnTable>();
  readonly workgroup: CfnWorkGroup;
  /** Where deliveries tell what failed, a log stream each: a group each would be a tenth of what a stack may hold. */
  readonly deliveryLogs: LogGroup;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: LakeProps,
  ) {
    super(scope, id);
    this.accessLogs = this.createAccessLogs(props);
    const removal = statefulRemoval(props.stage);
    this.bucket = new SecureBucket(this, 'Events', { key: props.key, removal, accessLogs: this.accessLogs }).bucket;
    this.results = new SecureBucket(this, 'Results', {
      key: props.key,
      removal,
      accessLogs: this.accessLogs,
      expiration: Duration.days(30),
    }).bucket;
    this.database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: {
        name: props.names.lakeDatabase,
        description: `Events and inference log of ${props.platform.name}, stage ${props.stage.name}`,
      },
    });
    for (const source of props.platform.sources) this.createTable(source.name, glueColumns(source), source.description, props);
    this.createTable(INFERENCE, INFERENCE_COLUMNS, 'Predictions and their outcomes', props);
    this.workgroup = this.createWorkgroup(props);
    this.deliveryLogs = new LogGroup(this, 'DeliveryLogs', {
      encryptionKey: props.logKey,
      retention: props.stage.logRetentionDays,
      removalPolicy: removal,
    });
  }

  /** S3 prefix of a table's objects, with a slash at its end. */
  prefixOf(table: string): string {
    return `events/${table}/`;
  }

  /** Query the lake: workgroup, catalogue, objects and results. */
  grantQuery(grantee: IGrantable): void {
    const { lakeDatabase, workgroup } = this.props.names;
    const grant = (actions: string[], resourceArns: string[]): Grant => Grant.addToPrincipal({ grantee, actions, resourceArns });
    grant(
      ['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:GetQueryResults', 'athena:StopQueryExecution'],
      [arnOf('athena', `workgroup/${workgroup}`)],
    );
    // All tables of the own database: a list would grow with sources times models.
    grant(
      ['glue:GetDatabase', 'glue:GetTable', 'glue:GetPartitions'],
      [arnOf('glue', 'catalog'), arnOf('glue', `database/${lakeDatabase}`), arnOf('glue', `table/${lakeDatabase}/*`)],
    );
    grant(['s3:GetObject'], [this.bucket.arnForObjects('events/*')]);
    grant(['s3:ListBucket', 's3:GetBucketLocation'], [this.bucket.bucketArn, this.results.bucketArn]);
    grant(['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'], [this.results.arnForObjects('*')]);
    grant(['kms:Decrypt', 'kms:GenerateDataKey'], [this.props.key.keyArn]);
  }

  private createAccessLogs(props: LakeProps): Bucket {
    const bucket = new Bucket(this, 'AccessLogs', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      removalPolicy: statefulRemoval(props.stage),
      lifecycleRules: [
        {
          id: 'audit',
          expiration: Duration.days(props.stage.auditLogRetentionDays),
          noncurrentVersionExpiration: Duration.days(30),
        },
      ],
    });
    // Whatever bucket logs here, also of another stack, which CDK lets in without a condition: it is one of this account.
    bucket.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('*')],
        conditions: { StringNotEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    acknowledge(bucket, [['AwsSolutions-S1', 'This bucket receives the access logs; logging it to itself would loop.']]);
    return bucket;
  }

  private createTable(name: string, columns: readonly GlueColumn[], description: string, props: LakeProps): void {
    const location = `s3://${this.bucket.bucketName}/${this.prefixOf(name)}`;
    const table = new CfnTable(this, `Table-${name}`, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.database.ref,
      tableInput: {
        name: props.names.lakeTable(name),
        description,
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: [{ name: PARTITION_COLUMN, type: 'string', comment: 'Day of arrival' }],
        parameters: {
          classification: 'parquet',
          'projection.enabled': 'true',
          [`projection.${PARTITION_COLUMN}.type`]: 'date',
          [`projection.${PARTITION_COLUMN}.format`]: 'yyyy-MM-dd',
          [`projection.${PARTITION_COLUMN}.range`]: `${FIRST_DAY},NOW`,
          'storage.location.template': `${location}${PARTITION_COLUMN}=\${${PARTITION_COLUMN}}/`,
        },
        storageDescriptor: {
          columns: columns.map(({ name: column, type, comment }) => ({
            name: column,
            type,
            ...(comment === undefined ? {} : { comment }),
          })),
          location,
          inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
          serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
        },
      },
    });
    this.tables.set(name, table);
  }

  private createWorkgroup(props: LakeProps): CfnWorkGroup {
    return new CfnWorkGroup(this, 'Workgroup', {
      name: props.names.workgroup,
      description: 'Training sets and reports',
      recursiveDeleteOption: props.stage.removal === 'destroy',
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${this.results.bucketName}/queries/`,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: props.key.keyArn },
        },
      },
    });
  }
}
