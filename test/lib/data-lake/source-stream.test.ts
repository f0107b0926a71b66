import { exampleTemplates } from '../../support/example-templates';
import { allowed, assumedBy, OWN_ACCOUNT, useKey } from '../../support/grants';

const templates = exampleTemplates();
const STREAMS = ['departures', 'weather', 'arrivals', 'inference'];

test('sources and the inference log have a stream and a delivery each', () => {
  const streams = templates.propertiesOf('dev', 'data', 'AWS::Kinesis::Stream');
  const deliveries = templates.propertiesOf('dev', 'data', 'AWS::KinesisFirehose::DeliveryStream');

  expect(streams.map(({ Name }) => Name)).toEqual(STREAMS.map((name) => `slipway-dev-${name}`));
  expect(deliveries.map(({ DeliveryStreamName }) => DeliveryStreamName)).toEqual(
    STREAMS.map((name) => `slipway-dev-${name}-to-lake`),
  );
});

test.each(STREAMS)('the stream of %s is encrypted, keeps a week, and has the capacity that the stage names', (name) => {
  const kept = { RetentionPeriodHours: 168, StreamEncryption: { EncryptionType: 'KMS', KeyId: '<KeysLakeArn>' } };

  expect(templates.properties('dev', 'data', `Stream${name}`)).toMatchObject({
    ...kept,
    ShardCount: 1,
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
  });
  expect(templates.properties('prod', 'data', `Stream${name}`)).toMatchObject({
    ...kept,
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  });
  expect(templates.properties('prod', 'data', `Stream${name}`)).not.toHaveProperty('ShardCount');
});

test.each(STREAMS)('events of %s reach the lake as Parquet within a minute, by day of arrival', (name) => {
  expect(templates.properties('dev', 'data', `Stream${name}Delivery`)).toMatchObject({
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: { KinesisStreamARN: `<Stream${name}.Arn>` },
    ExtendedS3DestinationConfiguration: {
      BucketARN: '<LakeEvents.Arn>',
      Prefix: `events/${name}/event_date=!{timestamp:yyyy-MM-dd}/`,
      ErrorOutputPrefix: `failed/${name}/!{firehose:error-output-type}/`,
      BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 64 },
      EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: '<KeysLakeArn>' } },
      DataFormatConversionConfiguration: {
        Enabled: true,
        OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
        SchemaConfiguration: { DatabaseName: '<LakeDatabase>', TableName: `<LakeTable${name}>` },
      },
      CloudWatchLoggingOptions: { Enabled: true, LogGroupName: '<LakeDeliveryLogs>' },
    },
  });
});

test.each(STREAMS)('the delivery of %s reads its own stream and writes its own prefixes', (name) => {
  const role = `Stream${name}DeliveryRole`;
  const bucket = '<LakeEvents.Arn>';

  expect(templates.grants('dev', 'data', role)).toEqual(
    allowed(
      [
        ['kinesis:DescribeStream', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards'],
        [`<Stream${name}.Arn>`],
      ],
      [
        ['s3:AbortMultipartUpload', 's3:PutObject'],
        [`${bucket}/events/${name}/*`, `${bucket}/failed/${name}/*`],
      ],
      [['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], [bucket]],
      [
        ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
        ['glue:catalog', 'glue:database/<LakeDatabase>', `glue:table/<LakeDatabase>/<LakeTable${name}>`],
      ],
      [['logs:CreateLogStream', 'logs:PutLogEvents'], ['<LakeDeliveryLogs.Arn>']],
      useKey('<KeysLakeArn>'),
    ),
  );
  expect(templates.trust('dev', 'data', role)).toEqual(assumedBy('firehose.amazonaws.com', OWN_ACCOUNT));
});
