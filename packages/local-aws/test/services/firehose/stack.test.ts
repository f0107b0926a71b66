import type { Caller, ResourceContext } from '../../../src/cloud';
import type { LocalCloud } from '../../../src/server';
import { athenaResources } from '../../../src/services/athena/resources';
import { firehoseResources } from '../../../src/services/firehose/resources';
import { glueResources } from '../../../src/services/glue/resources';
import { roleProperties } from '../../support/role';
import { StackBench } from '../../support/stack-bench';

let cloud: LocalCloud;
let stacks: StackBench;
let root: Caller;

/** A lake as one stack deploys it: bucket, catalogue, workgroup, stream and its delivery. */
function template(description: string, columns: readonly string[], seconds: number) {
  const delegated = [{ Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'kms:*', Resource: '*' }];
  const role = { 'Fn::GetAtt': ['Role', 'Arn'] };
  return {
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: roleProperties('firehose') },
      Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement: delegated } } },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'lake' } },
      Database: {
        Type: 'AWS::Glue::Database',
        Properties: { CatalogId: { Ref: 'AWS::AccountId' }, DatabaseInput: { Name: 'lake', Description: description } },
      },
      Table: {
        Type: 'AWS::Glue::Table',
        Properties: {
          CatalogId: { Ref: 'AWS::AccountId' },
          DatabaseName: { Ref: 'Database' },
          TableInput: {
            Name: 'flights',
            TableType: 'EXTERNAL_TABLE',
            Parameters: {
              classification: 'parquet',
              'projection.enabled': 'true',
              'projection.event_date.type': 'date',
              'projection.event_date.format': 'yyyy-MM-dd',
              'projection.event_date.range': '2010-01-01,NOW',
              'storage.location.template': `s3://lake/events/flights/event_date=\${event_date}/`,
            },
            PartitionKeys: [{ Name: 'event_date', Type: 'string', Comment: 'Day of arrival' }],
            StorageDescriptor: {
              Columns: columns.map((Name) => ({ Name, Type: 'string' })),
              InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
              OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
              Location: 's3://lake/events/flights/',
              SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
            },
          },
        },
      },
      Workgroup: {
        Type: 'AWS::Athena::WorkGroup',
        Properties: {
          Name: 'work',
          Description: description,
          RecursiveDeleteOption: true,
          Tags: [{ Key: 'stage', Value: 'dev' }],
          WorkGroupConfiguration: {
            EnforceWorkGroupConfiguration: true,
            EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
            PublishCloudWatchMetricsEnabled: true,
            ResultConfiguration: {
              EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: { 'Fn::GetAtt': ['Key', 'Arn'] } },
              OutputLocation: 's3://lake/queries/',
            },
          },
        },
      },
      Stream: { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'events', ShardCount: 2 } },
      Delivery: {
        Type: 'AWS::KinesisFirehose::DeliveryStream',
        Properties: {
          DeliveryStreamName: 'to-lake',
          DeliveryStreamType: 'KinesisStreamAsSource',
          KinesisStreamSourceConfiguration: { KinesisStreamARN: { 'Fn::GetAtt': ['Stream', 'Arn'] }, RoleARN: role },
          Tags: [{ Key: 'stage', Value: 'dev' }],
          ExtendedS3DestinationConfiguration: {
            BucketARN: { 'Fn::GetAtt': ['Bucket', 'Arn'] },
            BufferingHints: { IntervalInSeconds: seconds, SizeInMBs: 64 },
            CompressionFormat: 'UNCOMPRESSED',
            DataFormatConversionConfiguration: {
              Enabled: true,
              InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
              OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
              SchemaConfiguration: {
                CatalogId: { Ref: 'AWS::AccountId' },
                DatabaseName: { Ref: 'Database' },
                Region: { Ref: 'AWS::Region' },
                RoleARN: role,
                TableName: { Ref: 'Table' },
                VersionId: 'LATEST',
              },
            },
            EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
            ErrorOutputPrefix: 'failed/flights/!{firehose:error-output-type}/',
            Prefix: 'events/flights/event_date=!{timestamp:yyyy-MM-dd}/',
            RoleARN: role,
          },
        },
      },
    },
  };
}

/** Changes one resource in place, as the engine calls its handler. */
async function change(type: string, id: string, next: object, previous: object): Promise<void> {
  const context: ResourceContext = {
    logicalId: 'Thing',
    stackName: 'stack',
    stackId: 'stack',
    account: cloud.account,
    region: cloud.region,
    tags: [],
    call: (service, operation, input) => cloud.call(service, operation, input, root),
    generateName: () => 'unused',
  };
  const handlers = [...glueResources, ...athenaResources, ...firehoseResources];
  await handlers.find((handler) => handler.type === type)?.update?.(id, next, previous, context);
}

async function query(sql: string): Promise<unknown> {
  const input = { QueryString: sql, WorkGroup: 'work', QueryExecutionContext: { Database: 'lake' } };
  const { QueryExecutionId } = await cloud.call<{ QueryExecutionId: string }>('athena', 'StartQueryExecution', input, root);
  await cloud.activity.idle();
  const { ResultSet } = await cloud.call<{ ResultSet: { Rows: { Data: { VarCharValue?: string }[] }[] } }>(
    'athena',
    'GetQueryResults',
    { QueryExecutionId },
    root,
  );
  return ResultSet.Rows.slice(1).map(({ Data }) => Data.map(({ VarCharValue }) => VarCharValue ?? null));
}

async function deliver(event: object, seconds: number): Promise<void> {
  const input = { StreamName: 'events', PartitionKey: JSON.stringify(event), Data: Buffer.from(JSON.stringify(event)) };
  await cloud.call('kinesis', 'PutRecord', input, root);
  await cloud.clock.advance(seconds * 1000);
}

beforeAll(async () => {
  stacks = await StackBench.start();
  cloud = stacks.bench.cloud;
  root = { kind: 'root', arn: 'arn:aws:iam::000000000000:root', account: cloud.account };
});
afterAll(() => stacks.stop());

test('a lake is deployed, delivers and answers, changes in place with its schema, and goes', async () => {
  const { Resources } = template('one', ['id'], 60);
  expect(await stacks.deployOrReasons('stack', { Resources })).toBe('CREATE_COMPLETE');
  await deliver({ id: 'a', carrier: 'UA' }, 61);
  expect(await query('SELECT id FROM flights')).toEqual([['a']]);

  const { TableInput } = template('two', ['id', 'carrier'], 120).Resources.Table.Properties;
  await change('AWS::Glue::Table', 'flights', { DatabaseName: 'lake', TableInput }, {});
  const { WorkGroupConfiguration } = Resources.Workgroup.Properties;
  const ResultConfiguration = { OutputLocation: 's3://lake/answers/' };
  await change(
    'AWS::Athena::WorkGroup',
    'work',
    { WorkGroupConfiguration: { ...WorkGroupConfiguration, ResultConfiguration } },
    {},
  );
  const ExtendedS3DestinationConfiguration = { BufferingHints: { IntervalInSeconds: '120', SizeInMBs: 64 } };
  await change('AWS::KinesisFirehose::DeliveryStream', 'to-lake', { ExtendedS3DestinationConfiguration }, {});
  await deliver({ id: 'b', carrier: 'AA' }, 100);
  expect(await query('SELECT id, carrier FROM flights ORDER BY id')).toEqual([['a', null]]);
  await cloud.clock.advance(21_000);
  expect(await query('SELECT id, carrier FROM flights ORDER BY id')).toEqual([
    ['a', null],
    ['b', 'AA'],
  ]);

  const objects = await cloud.call<{ Contents: { Key: string }[] }>('s3', 'ListObjectsV2', { Bucket: 'lake' }, root);
  expect(objects.Contents.map(({ Key }) => Key.split('/')[0])).toEqual(['answers', 'answers', 'events', 'events', 'queries']);
  for (const { Key } of objects.Contents) await cloud.call('s3', 'DeleteObject', { Bucket: 'lake', Key }, root);
  expect(await stacks.delete('stack')).toBe('GONE');
  for (const table of ['glue/databases', 'glue/tables', 'athena/workgroups', 'athena/queries', 'firehose/streams'])
    expect([...cloud.storage.table(table).entries()]).toEqual([]);
});
