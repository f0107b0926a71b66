import { Aws, Duration } from 'aws-cdk-lib';
import type { CfnTable } from 'aws-cdk-lib/aws-glue';
import { Grant, type IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IStream, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogStream } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage } from '../../core/definition';
import type { Names } from '../../core/naming';
import { PARTITION_COLUMN } from '../../core/training-set';
import { explainWildcards } from '../policy/wildcards';
import { acknowledge } from '../shared/acknowledge';
import { arnOf } from '../shared/arns';
import { statefulRemoval } from '../shared/platform-stage';
import type { Lake } from './lake';

export interface SourceStreamProps {
  /** Capacity, and removal. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Name of the source, which is also its lake table's. */
  readonly source: string;
  /** Key of the lake's data class. */
  readonly key: IKey;
  /** Where events are delivered to. */
  readonly lake: Lake;
  /** The lake table that gives the Parquet schema. */
  readonly table: CfnTable;
}

const RETENTION = Duration.days(7);
/** Format conversion asks for at least 64 MiB. */
const BUFFER = { sizeInMBs: 64, intervalInSeconds: 60 } as const;

/** The stream of one source and its delivery to the lake as Parquet. */
export class SourceStream extends Construct {
  readonly stream: Stream;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: SourceStreamProps,
  ) {
    super(scope, id);
    this.stream = this.createStream(props);
    const role = this.createRole(props);
    this.createDelivery(props, role);
  }

  /** ARN by name: nothing is exported for it. */
  get streamArn(): string {
    return arnOf('kinesis', `stream/${this.props.names.stream(this.props.source)}`);
  }

  /** The stream as another stack knows it: by its name. */
  asConsumed(scope: Construct, id: string): IStream {
    return Stream.fromStreamAttributes(scope, id, { streamArn: this.streamArn, encryptionKey: this.props.key });
  }

  /** Put records; the writer needs the key for it. */
  grantPut(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['kinesis:PutRecords'], resourceArns: [this.streamArn] });
    Grant.addToPrincipal({ grantee, actions: ['kms:GenerateDataKey'], resourceArns: [this.props.key.keyArn] });
  }

  private createStream(props: SourceStreamProps): Stream {
    const { stream } = props.stage;
    const resource = new Stream(this, 'Resource', {
      streamName: props.names.stream(props.source),
      encryption: StreamEncryption.KMS,
      encryptionKey: props.key,
      retentionPeriod: RETENTION,
      removalPolicy: statefulRemoval(props.stage),
      ...(stream === 'on-demand'
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: stream.shards }),
    });
    acknowledge(resource, [
      ['AwsSolutions-KDS3', 'One key per class of data is a promise of the platform; its cost is accepted.'],
    ]);
    return resource;
  }

  private createRole(props: SourceStreamProps): Role {
    const role = new Role(this, 'DeliveryRole', {
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: `Delivers ${props.source} from its stream to the lake`,
    });
    const { lake, table } = props;
    const grant = (actions: string[], resourceArns: string[]): Grant =>
      Grant.addToPrincipal({ grantee: role, actions, resourceArns });
    grant(
      ['kinesis:DescribeStream', 'kinesis:GetShardIterator', 'kinesis:GetRecords', 'kinesis:ListShards'],
      [this.stream.streamArn],
    );
    grant(
      ['s3:AbortMultipartUpload', 's3:PutObject'],
      [lake.bucket.arnForObjects(`${lake.prefixOf(props.source)}*`), lake.bucket.arnForObjects(`failed/${props.source}/*`)],
    );
    grant(['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], [lake.bucket.bucketArn]);
    grant(
      ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
      [
        arnOf('glue', 'catalog'),
        arnOf('glue', `database/${table.databaseName}`),
        arnOf('glue', `table/${table.databaseName}/${table.ref}`),
      ],
    );
    grant(['kms:Decrypt', 'kms:GenerateDataKey'], [props.key.keyArn]);
    explainWildcards(role, [
      {
        pattern: /\/(events|failed)\/[a-z0-9_]+\/\*$/,
        reason: 'Object names within the two prefixes of the source are made by the delivery stream.',
      },
    ]);
    return role;
  }

  private createDelivery(props: SourceStreamProps, role: Role): CfnDeliveryStream {
    const { lake, table } = props;
    const logGroup = lake.deliveryLogs;
    const logStream = new LogStream(this, 'DeliveryLogStream', { logGroup, logStreamName: props.source });
    logGroup.grantWrite(role);
    const delivery = new CfnDeliveryStream(this, 'Delivery', {
      deliveryStreamName: props.names.delivery(props.source),
      deliveryStreamType: 'KinesisStreamAsSource',
      kinesisStreamSourceConfiguration: { kinesisStreamArn: this.stream.streamArn, roleArn: role.roleArn },
      extendedS3DestinationConfiguration: {
        bucketArn: lake.bucket.bucketArn,
        roleArn: role.roleArn,
        prefix: `${lake.prefixOf(props.source)}${PARTITION_COLUMN}=!{timestamp:yyyy-MM-dd}/`,
        errorOutputPrefix: `failed/${props.source}/!{firehose:error-output-type}/`,
        bufferingHints: BUFFER,
        compressionFormat: 'UNCOMPRESSED',
        encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: props.key.keyArn } },
        cloudWatchLoggingOptions: { enabled: true, logGroupName: logGroup.logGroupName, logStreamName: logStream.logStreamName },
        dataFormatConversionConfiguration: {
          enabled: true,
          inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
          outputFormatConfiguration: { serializer: { parquetSerDe: { compression: 'SNAPPY' } } },
          schemaConfiguration: {
            catalogId: Aws.ACCOUNT_ID,
            databaseName: table.databaseName,
            tableName: table.ref,
            region: Aws.REGION,
            roleArn: role.roleArn,
            versionId: 'LATEST',
          },
        },
      },
    });
    acknowledge(delivery, [
      [
        'AwsSolutions-KDF1',
        'The source is a stream that is encrypted with our own key; a delivery stream takes no key of its own then.',
      ],
    ]);
    delivery.node.addDependency(role);
    return delivery;
  }
}
