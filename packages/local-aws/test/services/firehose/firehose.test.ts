import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AthenaClient, GetQueryResultsCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  PutRecordBatchCommand,
} from '@aws-sdk/client-firehose';
import { CreateDatabaseCommand, CreateTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateStreamCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { LocalCloud } from '../../../src/server';
import { makeRole } from '../../support/role';

const START = Date.UTC(2013, 0, 1, 23, 59, 30);
const ROLE = 'arn:aws:iam::000000000000:role/delivery';
const folder = mkdtempSync(join(tmpdir(), 'firehose-'));
let cloud: LocalCloud;
let clients: ReturnType<typeof connect>;

function connect(options: object) {
  return {
    firehose: new FirehoseClient(options),
    kinesis: new KinesisClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    glue: new GlueClient(options),
    athena: new AthenaClient(options),
    logs: new CloudWatchLogsClient(options),
  };
}

async function open(): Promise<void> {
  cloud = await LocalCloud.start({ stateDir: join(folder, 'state'), startAt: START });
  cloud.clock.pause();
  const credentials = await cloud.identities.root();
  clients = connect({ region: cloud.region, endpoint: cloud.endpoint, credentials, maxAttempts: 1 });
}

async function close(): Promise<void> {
  for (const client of Object.values(clients)) client.destroy();
  await cloud.stop();
}

const COLUMNS = { id: 'string', distance: 'double', hour: 'bigint', departed_at: 'timestamp', late: 'boolean' };

async function prepare(): Promise<void> {
  await makeRole(cloud, 'delivery', ['firehose']);
  const { kinesis, s3, glue, logs } = clients;
  await kinesis.send(new CreateStreamCommand({ StreamName: 'events', ShardCount: 1 }));
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'lake' } }));
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'delivery' }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: 'delivery', logStreamName: 's' }));
  const TableInput = {
    Name: 'flights',
    PartitionKeys: [{ Name: 'event_date', Type: 'string' }],
    Parameters: {
      'projection.enabled': 'true',
      'projection.event_date.type': 'date',
      'projection.event_date.format': 'yyyy-MM-dd',
      'projection.event_date.range': '2010-01-01,NOW',
    },
    StorageDescriptor: {
      Columns: Object.entries(COLUMNS).map(([Name, Type]) => ({ Name, Type })),
      Location: 's3://lake/events/flights/',
      SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    },
  };
  await glue.send(new CreateTableCommand({ DatabaseName: 'lake', TableInput }));
  await clients.firehose.send(new CreateDeliveryStreamCommand({ ...delivery('to-lake'), ...SOURCE }));
}

const SOURCE = {
  DeliveryStreamType: 'KinesisStreamAsSource' as const,
  KinesisStreamSourceConfiguration: {
    KinesisStreamARN: 'arn:aws:kinesis:eu-west-1:000000000000:stream/events',
    RoleARN: ROLE,
  },
};

function delivery(name: string, more: object = {}) {
  return {
    DeliveryStreamName: name,
    ExtendedS3DestinationConfiguration: {
      BucketARN: 'arn:aws:s3:::lake',
      RoleARN: ROLE,
      Prefix: 'events/flights/event_date=!{timestamp:yyyy-MM-dd}/',
      ErrorOutputPrefix: 'failed/flights/!{firehose:error-output-type}/',
      BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 64 },
      CompressionFormat: 'UNCOMPRESSED' as const,
      CloudWatchLoggingOptions: { Enabled: true, LogGroupName: 'delivery', LogStreamName: 's' },
      DataFormatConversionConfiguration: {
        Enabled: true,
        InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
        OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' as const } } },
        SchemaConfiguration: { DatabaseName: 'lake', TableName: 'flights', RoleARN: ROLE, VersionId: 'LATEST' },
      },
      ...more,
    },
  };
}

async function put(...events: (object | string)[]): Promise<void> {
  const Records = events.map((event) => ({
    PartitionKey: 'k',
    Data: Buffer.from(typeof event === 'string' ? event : JSON.stringify(event)),
  }));
  await clients.kinesis.send(new PutRecordsCommand({ StreamName: 'events', Records }));
}

async function keys(prefix: string): Promise<string[]> {
  const { Contents } = await clients.s3.send(new ListObjectsV2Command({ Bucket: 'lake', Prefix: prefix }));
  return (Contents ?? []).map(({ Key }) => Key ?? '');
}

async function query(sql: string): Promise<(string | undefined)[][]> {
  const ResultConfiguration = { OutputLocation: 's3://lake/results/' };
  const input = { QueryString: sql, QueryExecutionContext: { Database: 'lake' }, ResultConfiguration };
  const { QueryExecutionId } = await clients.athena.send(new StartQueryExecutionCommand(input));
  await cloud.activity.idle();
  const { ResultSet } = await clients.athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  return (ResultSet?.Rows ?? []).slice(1).map(({ Data }) => (Data ?? []).map(({ VarCharValue }) => VarCharValue));
}

beforeAll(async () => {
  await open();
  await prepare();
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

test('a buffer waits for its interval on the clock and goes to the day on which its oldest record arrived', async () => {
  await put({ ID: 'a', distance: 1, hour: 7, departed_at: '2013-01-01T10:17:00.250Z', late: true, extra: 1 });
  await cloud.clock.advance(45_000);
  await put(
    { id: 'b', departed_at: '2013-01-01 10:17:00.5' },
    { id: 'c', hour: '8', distance: '2.5', departed_at: 1357035420000 },
  );
  await cloud.clock.advance(14_000);
  expect(await keys('events/')).toEqual([]);
  await cloud.clock.advance(1000);

  expect(await keys('events/')).toEqual([
    expect.stringMatching(/^events\/flights\/event_date=2013-01-01\/to-lake-1-2013-01-01-23-59-30-[0-9a-f-]{36}\.parquet$/),
  ]);
  expect(await query('SELECT * FROM flights ORDER BY id')).toEqual([
    ['a', '1.0', '7', '2013-01-01 10:17:00.250', 'true', '2013-01-01'],
    ['b', undefined, undefined, '2013-01-01 10:17:00.500', undefined, '2013-01-01'],
    ['c', '2.5', '8', '2013-01-01 10:17:00.000', undefined, '2013-01-01'],
  ]);
});

test('what comes together is written in objects of at most the size of the buffer', async () => {
  const ExtendedS3DestinationConfiguration = {
    BucketARN: 'arn:aws:s3:::lake',
    RoleARN: ROLE,
    Prefix: 'raw/',
    BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 1 },
  };
  const DeliveryStreamName = 'by-size';
  await clients.firehose.send(new CreateDeliveryStreamCommand({ DeliveryStreamName, ExtendedS3DestinationConfiguration }));
  const Records = ['a', 'b', 'c'].map((letter) => ({ Data: Buffer.from(letter.repeat(400_000)) }));
  await clients.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
  await cloud.clock.advance(60_000);

  const objects = await Promise.all(
    (await keys('raw/')).map((Key) => clients.s3.send(new GetObjectCommand({ Bucket: 'lake', Key }))),
  );
  expect(objects.map(({ ContentLength }) => ContentLength).sort()).toEqual([400_000, 800_000]);
  await clients.firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName }));
});

test('records that do not fit are kept as JSON lines under the error prefix, with their reason, and logged', async () => {
  await put('no json', { id: 'd' }, { id: 'e', hour: 1.5 });
  await cloud.clock.advance(60_000);
  const [key] = await keys('failed/flights/format-conversion-failed/');
  const body = await (await clients.s3.send(new GetObjectCommand({ Bucket: 'lake', Key: key }))).Body?.transformToString();
  const lines = (body ?? '')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { events } = await clients.logs.send(new GetLogEventsCommand({ logGroupName: 'delivery', logStreamName: 's' }));

  expect(lines.map((line) => Buffer.from(line.rawData, 'base64').toString())).toEqual(['no json', '{"id":"e","hour":1.5}']);
  expect(lines[1]).toMatchObject({
    attemptsMade: 1,
    lastErrorCode: 'DataFormatConversion.MalformedData',
    lastErrorMessage: "column hour: '1.5' is not of type bigint",
    dataCatalogTable: { databaseName: 'lake', tableName: 'flights' },
  });
  expect(events?.[0]?.message).toContain('2 records were not converted');
  expect(await query("SELECT count(*) FROM flights WHERE id IN ('d', 'e')")).toEqual([['1']]);
});

test('what was not in S3 at a stop is delivered after the next start, once', async () => {
  await put({ id: 'f' });
  await cloud.clock.advance(10_000);
  await close();
  await open();
  await cloud.clock.advance(60_000);
  await cloud.clock.advance(600_000);

  expect(await query("SELECT count(*), count(DISTINCT id) FROM flights WHERE id = 'f'")).toEqual([['1', '1']]);
  expect(await query('SELECT count(*), count(DISTINCT id) FROM flights')).toEqual([['5', '5']]);
});

test('a delivery that fails is logged and tried again until it succeeds', async () => {
  const { logs, firehose, s3 } = clients;
  const direct = delivery('direct', {
    BucketARN: 'arn:aws:s3:::later',
    DataFormatConversionConfiguration: undefined,
    Prefix: 'in/',
  });
  await firehose.send(
    new CreateDeliveryStreamCommand({
      ...direct,
      ExtendedS3DestinationConfiguration: { ...direct.ExtendedS3DestinationConfiguration, ErrorOutputPrefix: 'bad/' },
    }),
  );
  const Records = ['x', 'y'].map((text) => ({ Data: Buffer.from(text) }));
  await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 'direct', Records }));
  await cloud.clock.advance(60_000);
  const { events } = await logs.send(new GetLogEventsCommand({ logGroupName: 'delivery', logStreamName: 's' }));
  await s3.send(new CreateBucketCommand({ Bucket: 'later' }));
  await cloud.clock.advance(60_000);
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'later' }));
  const body = await s3.send(new GetObjectCommand({ Bucket: 'later', Key: Contents?.[0]?.Key }));

  expect(events?.at(-1)?.message).toContain('NoSuchBucket');
  expect(Contents?.[0]?.Key).toMatch(/^in\/2013\/01\/02\/00\/direct-1-/);
  expect(await body.Body?.transformToString()).toBe('xy');
});

test('streams are described and deleted; what the local AWS cannot do is refused', async () => {
  const { firehose } = clients;
  const { DeliveryStreamDescription: known } = await firehose.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'to-lake' }),
  );
  const create = (more: object) => firehose.send(new CreateDeliveryStreamCommand(delivery('other', more)));

  expect(known?.Destinations?.[0]?.ExtendedS3DestinationDescription?.BufferingHints).toEqual({
    IntervalInSeconds: 60,
    SizeInMBs: 64,
  });
  expect(known?.Source?.KinesisStreamSourceDescription?.RoleARN).toBe(ROLE);
  await expect(create({ BufferingHints: { SizeInMBs: 5 } })).rejects.toThrow('SizeInMBs must be between 64 and 128; given 5');
  await expect(create({ ErrorOutputPrefix: 'failed/' })).rejects.toThrow('ErrorOutputPrefix must contain an instance of');
  await expect(create({ Prefix: '!{timestamp:QQ}' })).rejects.toThrow("The local AWS does not know 'QQ'");
  await firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: 'to-lake' }));
  await expect(firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'to-lake' }))).rejects.toThrow(
    'Firehose to-lake under account 000000000000 not found.',
  );
});
