import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AthenaClient,
  CreateWorkGroupCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  ListQueryExecutionsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { CreateDatabaseCommand, CreateTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import { LocalCloud } from '../../../src/server';

const START = Date.UTC(2030, 0, 10, 12);
const folder = mkdtempSync(join(tmpdir(), 'athena-'));
const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
let cloud: LocalCloud;
let athena: AthenaClient;
let glue: GlueClient;
let s3: S3Client;
let keyArn: string;

async function open(): Promise<void> {
  cloud = await LocalCloud.start({ stateDir: join(folder, 'state'), startAt: START });
  const credentials = await cloud.identities.root();
  const options = { region: cloud.region, endpoint: cloud.endpoint, credentials, maxAttempts: 1 };
  athena = new AthenaClient(options);
  glue = new GlueClient(options);
  s3 = new S3Client({ ...options, forcePathStyle: true });
}

async function close(): Promise<void> {
  for (const client of [athena, glue, s3]) client.destroy();
  await cloud.stop();
}

async function parquet(sql: string): Promise<Buffer> {
  const file = join(folder, 'rows.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${sql}) TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  return readFileSync(file);
}

async function put(key: string, body: Buffer | string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: 'lake', Key: key, Body: body }));
}

async function query(sql: string, more: object = {}): Promise<QueryExecution> {
  const input = { QueryString: sql, WorkGroup: 'work', QueryExecutionContext: { Database: 'lake' }, ...more };
  const { QueryExecutionId } = await athena.send(new StartQueryExecutionCommand(input));
  await cloud.activity.idle();
  const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
  return QueryExecution ?? {};
}

async function rows(sql: string, more: object = {}): Promise<(string | undefined)[][]> {
  const { QueryExecutionId, Status } = await query(sql, more);
  expect(Status?.StateChangeReason).toBeUndefined();
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  return (ResultSet?.Rows ?? []).map(({ Data }) => (Data ?? []).map(({ VarCharValue }) => VarCharValue));
}

async function createTable(name: string, serde: string, parameters: Record<string, string>, partitioned: boolean): Promise<void> {
  const columns = { id: 'string', distance: 'double', hour: 'bigint', departed: 'timestamp' };
  await glue.send(
    new CreateTableCommand({
      DatabaseName: 'lake',
      TableInput: {
        Name: name,
        TableType: 'EXTERNAL_TABLE',
        Parameters: parameters,
        PartitionKeys: partitioned ? [{ Name: 'event_date', Type: 'string' }] : [],
        StorageDescriptor: {
          Columns: Object.entries(columns).map(([Name, Type]) => ({ Name, Type })),
          Location: `s3://lake/events/${name}/`,
          SerdeInfo: { SerializationLibrary: serde },
        },
      },
    }),
  );
}

const projection = (name: string): Record<string, string> => ({
  'projection.enabled': 'true',
  'projection.event_date.type': 'date',
  'projection.event_date.format': 'yyyy-MM-dd',
  'projection.event_date.range': '2010-01-01,NOW',
  'storage.location.template': `s3://lake/events/${name}/event_date=\${event_date}/`,
});

beforeAll(async () => {
  await open();
  const kms = new KMSClient({ region: cloud.region, endpoint: cloud.endpoint, credentials: await cloud.identities.root() });
  keyArn = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
  kms.destroy();
  for (const Bucket of ['lake', 'results']) await s3.send(new CreateBucketCommand({ Bucket }));
  const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: keyArn } };
  await s3.send(new PutBucketEncryptionCommand({ Bucket: 'lake', ServerSideEncryptionConfiguration: { Rules: [rule] } }));
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'lake' } }));
  await createTable('flights', PARQUET, projection('flights'), true);
  await createTable('empty', PARQUET, projection('empty'), true);
  await createTable('lines', 'org.openx.data.jsonserde.JsonSerDe', {}, false);
  await createTable('features', PARQUET, { table_type: 'ICEBERG' }, false);
  await athena.send(
    new CreateWorkGroupCommand({
      Name: 'work',
      Configuration: {
        EnforceWorkGroupConfiguration: true,
        ResultConfiguration: {
          OutputLocation: 's3://results/queries/',
          EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: keyArn },
        },
      },
    }),
  );
  const at = "TIMESTAMP '2030-01-01 10:00:00.250'";
  await put(
    'events/flights/event_date=2030-01-01/a.parquet',
    await parquet(`SELECT 'a' AS id, 1.5::DOUBLE AS distance, 7::BIGINT AS hour, ${at} AS departed`),
  );
  await put(
    'events/flights/event_date=2030-01-02/b.parquet',
    await parquet(`SELECT 'b' AS id, 12345678::DOUBLE AS distance, NULL::BIGINT AS hour, ${at} AS departed`),
  );
  await put('events/flights/event_date=2031-01-01/future.parquet', await parquet("SELECT 'future' AS id"));
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

test('a query reads encrypted objects by partition; the first row is the header and values are text as Trino writes it', async () => {
  const result = await rows("SELECT *, hour + 1 FROM flights WHERE event_date >= '2030-01-01' ORDER BY id NULLS LAST");

  expect(result).toEqual([
    ['id', 'distance', 'hour', 'departed', 'event_date', '_col5'],
    ['a', '1.5', '7', '2030-01-01 10:00:00.250', '2030-01-01', '8'],
    ['b', '1.2345678E7', undefined, '2030-01-01 10:00:00.250', '2030-01-02', undefined],
  ]);
});

test('unnamed columns are _col0 and on, sums of integers are bigint, Trino functions and parameters are understood', async () => {
  const text =
    'SELECT count(*), sum(hour), to_unixtime(min(departed)), ? FROM lake.flights f CROSS JOIN UNNEST(sequence(1, 2)) AS t(x)';
  const { QueryExecutionId } = await query(text, { ExecutionParameters: ["'it''s'"] });
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));

  expect(ResultSet?.ResultSetMetadata?.ColumnInfo?.map(({ Name, Type }) => [Name, Type])).toEqual([
    ['_col0', 'bigint'],
    ['_col1', 'bigint'],
    ['_col2', 'double'],
    ['_col3', 'varchar'],
  ]);
  expect(ResultSet?.Rows?.[1]?.Data?.map(({ VarCharValue }) => VarCharValue)).toEqual(['4', '14', '1.89349200025E9', "it's"]);
});

test('objects that come, change and go are seen by the next query', async () => {
  const ids = async (): Promise<unknown> => (await rows('SELECT id FROM flights ORDER BY id')).slice(1).flat();
  await put('events/flights/event_date=2030-01-02/c.parquet', await parquet("SELECT 'c' AS id"));
  expect(await ids()).toEqual(['a', 'b', 'c']);
  await put('events/flights/event_date=2030-01-02/c.parquet', await parquet("SELECT 'd' AS id"));
  expect(await ids()).toEqual(['a', 'b', 'd']);
  await s3.send(new DeleteObjectCommand({ Bucket: 'lake', Key: 'events/flights/event_date=2030-01-02/c.parquet' }));
  expect(await ids()).toEqual(['a', 'b']);
});

test('a table without objects has no rows and the right types; JSON and Iceberg tables are read', async () => {
  expect(await rows('SELECT max(distance) + 1E0 AS d, count(departed) AS n FROM empty')).toEqual([
    ['d', 'n'],
    [undefined, '0'],
  ]);
  await put('events/lines/x.json', '{"id":"x","departed":"2030-01-01 10:00:00"}\n{"id":"y","distance":2}\n');
  await put('events/features/data/year=2030/month=01/f.parquet', await parquet("SELECT 'f' AS id"));

  expect((await rows('SELECT id, distance, departed FROM lines ORDER BY id')).slice(1)).toEqual([
    ['x', undefined, '2030-01-01 10:00:00.000'],
    ['y', '2.0', undefined],
  ]);
  expect((await rows('SELECT id FROM features')).slice(1)).toEqual([['f']]);
});

test('UNLOAD writes Parquet under the key of the workgroup, and refuses a folder that is not empty', async () => {
  const text =
    "UNLOAD (SELECT id, departed, sum(hour) AS n FROM flights GROUP BY id, departed) TO 's3://lake/out/1/' WITH (format = 'PARQUET')";
  expect((await query(text)).Status?.State).toBe('SUCCEEDED');
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'lake', Prefix: 'out/1/' }));
  const Key = Contents?.[0]?.Key;
  const head = await s3.send(new HeadObjectCommand({ Bucket: 'lake', Key }));
  const again = await query(text);

  expect(Contents).toHaveLength(1);
  expect(head.SSEKMSKeyId).toBe(keyArn);
  expect(again.Status?.StateChangeReason).toContain('HIVE_PATH_ALREADY_EXISTS: Target directory');
  expect((await query(text.replace('out/1', 'out/2').replace('FROM flights', 'FROM empty'))).Status?.State).toBe('SUCCEEDED');
  expect((await s3.send(new ListObjectsV2Command({ Bucket: 'lake', Prefix: 'out/2/' }))).KeyCount).toBe(0);
});

test.each([
  ['SELECT 1,\n  nope FROM flights', "COLUMN_NOT_FOUND: line 2:3: Column 'nope' cannot be resolved"],
  ['SELECT * FROM nix', "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.lake.nix' does not exist"],
  ['SELECT * FROM other.nix', "SCHEMA_NOT_FOUND: line 1:15: Schema 'other' does not exist"],
  ['SELECT 1 frm flights x', 'SYNTAX_ERROR: line 1:14: syntax error at or near "flights"'],
  ["UNLOAD (SELECT nope FROM flights) TO 's3://lake/o/' WITH (format='PARQUET')", "line 1:16: Column 'nope'"],
  ["SELECT * FROM read_csv('/etc/passwd')", "Table function 'read_csv' not registered"],
  ['SELECT CAST(id AS BIGINT) FROM flights', 'INVALID_CAST_ARGUMENT'],
  ['DROP TABLE flights', 'NOT_SUPPORTED: The local AWS runs SELECT and UNLOAD; given DROP'],
])('%s fails with the reason', async (text, reason) => {
  const { Status } = await query(text);

  expect(Status?.State).toBe('FAILED');
  expect(Status?.StateChangeReason).toContain(reason);
  expect(Status?.AthenaError?.ErrorCategory).toBe(2);
});

test('now is what the clock says; a stopped query is cancelled and writes no result', async () => {
  expect(
    (await rows("SELECT date_trunc('hour', CAST(now() AS TIMESTAMP)), CAST(current_timestamp AS DATE), current_date")).slice(1),
  ).toEqual([['2030-01-10 12:00:00.000', '2030-01-10', '2030-01-10']]);
  const slow = 'SELECT count(*) FROM UNNEST(sequence(1, 1000000)) AS a(x), UNNEST(sequence(1, 1000000)) AS b(y) WHERE x + y < 0';
  const { QueryExecutionId } = await athena.send(new StartQueryExecutionCommand({ QueryString: slow, WorkGroup: 'work' }));
  await athena.send(new StopQueryExecutionCommand({ QueryExecutionId }));
  await cloud.activity.idle();
  const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));

  expect(QueryExecution?.Status?.State).toBe('CANCELLED');
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'results', Prefix: `queries/${QueryExecutionId}` }));
  expect(Contents ?? []).toEqual([]);
});

test('the same token starts nothing twice; other text under it, and unfinished results, are refused', async () => {
  const token = { ClientRequestToken: 't'.repeat(32) };
  const first = await query('SELECT 1', token);
  const second = await query('SELECT 1', token);

  expect(second.QueryExecutionId).toBe(first.QueryExecutionId);
  await expect(query('SELECT 2', token)).rejects.toThrow('Idempotent parameters do not match');
  const failed = await query('SELECT nope');
  await expect(athena.send(new GetQueryResultsCommand({ QueryExecutionId: failed.QueryExecutionId }))).rejects.toThrow(
    'Query did not finish successfully. Final query state: FAILED',
  );
});

test('the result is a file of quoted values; pages follow each other; queries survive a restart, newest first', async () => {
  const { QueryExecutionId, ResultConfiguration } = await query(
    "SELECT x, CASE WHEN x > 1 THEN 'a\"b' END AS t FROM UNNEST(sequence(1, 3)) AS u(x)",
  );
  const Key = ResultConfiguration?.OutputLocation?.replace('s3://results/', '');
  const csv = await (await s3.send(new GetObjectCommand({ Bucket: 'results', Key }))).Body?.transformToString();
  const page = await athena.send(new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 3 }));
  await close();
  await open();
  const rest = await athena.send(new GetQueryResultsCommand({ QueryExecutionId, NextToken: page.NextToken }));
  const listed = await athena.send(new ListQueryExecutionsCommand({ WorkGroup: 'work', MaxResults: 1 }));

  expect(csv).toBe('"x","t"\n"1",\n"2","a""b"\n"3","a""b"\n');
  expect(rest.ResultSet?.Rows).toEqual([{ Data: [{ VarCharValue: '3' }, { VarCharValue: 'a"b' }] }]);
  expect(listed.QueryExecutionIds).toEqual([QueryExecutionId]);
});
