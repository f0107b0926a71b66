import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-athena';
import type { Call, Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { parseCsv } from './csv';
import { placeInS3, type QueryRunner } from './runner';
import { type AthenaStore, invalidRequest, type QueryRecord, type WorkGroupRecord } from './store';

const MAX_QUERY_BYTES = 262_144;
const MAX_ROWS = 1000;
const PAGE = 50;

/** Starting, watching and reading queries. */
export function queryOperations(cloud: Cloud, store: AthenaStore, runner: QueryRunner): Operations {
  return {
    StartQueryExecution: (input: Sdk.StartQueryExecutionCommandInput, call: Call) => start(cloud, store, runner, input, call),
    GetQueryExecution: (input: Sdk.GetQueryExecutionCommandInput) => ({
      QueryExecution: describe(store.query(input.QueryExecutionId)),
    }),
    BatchGetQueryExecution: (input: Sdk.BatchGetQueryExecutionCommandInput) => {
      const ids = input.QueryExecutionIds ?? [];
      const found = ids.map((id) => store.queries.get(id)).filter((query) => query !== undefined);
      return {
        QueryExecutions: found.map(describe),
        UnprocessedQueryExecutionIds: ids
          .filter((id) => store.queries.get(id) === undefined)
          .map((id) => ({
            QueryExecutionId: id,
            ErrorCode: 'INVALID_QUERY_EXECUTION_ID',
            ErrorMessage: `QueryExecution ${id} was not found`,
          })),
      };
    },
    ListQueryExecutions: (input: Sdk.ListQueryExecutionsCommandInput) => list(store, input),
    StopQueryExecution: async (input: Sdk.StopQueryExecutionCommandInput) => {
      const { id, state } = store.query(input.QueryExecutionId);
      if (state === 'QUEUED' || state === 'RUNNING') await runner.cancel(id);
      return {};
    },
    GetQueryResults: (input: Sdk.GetQueryResultsCommandInput, call: Call) => results(cloud, store, input, call),
  };
}

async function start(
  cloud: Cloud,
  store: AthenaStore,
  runner: QueryRunner,
  input: Sdk.StartQueryExecutionCommandInput,
  { caller }: Call,
): Promise<Partial<Sdk.StartQueryExecutionCommandOutput>> {
  const sql = input.QueryString ?? '';
  const workgroup = store.workgroup(input.WorkGroup);
  check(input, workgroup);
  const id = randomUUID();
  const { location, encryption } = resultOf(input, workgroup);
  const database = input.QueryExecutionContext?.Database?.toLowerCase();
  const query: QueryRecord = {
    id,
    sql,
    workgroup: workgroup.name,
    caller,
    outputLocation: `${location}${location.endsWith('/') ? '' : '/'}${id}${/^\s*unload\b/i.test(sql) ? '' : '.csv'}`,
    state: 'QUEUED',
    submitted: cloud.clock.now(),
    ...(database === undefined ? {} : { database }),
    ...(input.ExecutionParameters === undefined ? {} : { parameters: input.ExecutionParameters }),
    ...(encryption === undefined ? {} : { encryption }),
  };
  const earlier = await cloud.storage.transaction(() => {
    const token = input.ClientRequestToken;
    const known = token === undefined ? undefined : store.tokens.get(token);
    if (known !== undefined) return known;
    if (token !== undefined) void store.tokens.put(token, id);
    void store.queries.put(id, query);
    void store.byWorkgroup.put([workgroup.name, query.submitted, id], id);
    return undefined;
  });
  if (earlier === undefined) {
    runner.enqueue(id);
    return { QueryExecutionId: id };
  }
  const same = store.queries.get(earlier);
  if (same !== undefined && (same.sql !== sql || same.workgroup !== workgroup.name))
    throw invalidRequest('Idempotent parameters do not match');
  return { QueryExecutionId: earlier };
}

function check(input: Sdk.StartQueryExecutionCommandInput, workgroup: WorkGroupRecord): void {
  const sql = input.QueryString ?? '';
  const size = Buffer.byteLength(sql);
  if (size < 1 || size > MAX_QUERY_BYTES)
    throw invalidRequest(`queryString must have between 1 and ${MAX_QUERY_BYTES} bytes; given ${size}`);
  const token = input.ClientRequestToken;
  if (token !== undefined && (token.length < 32 || token.length > 128))
    throw invalidRequest(
      `1 validation error detected: Value '${token}' at 'clientRequestToken' failed to satisfy constraint: Member must have length between 32 and 128`,
    );
  if (workgroup.state === 'DISABLED') throw invalidRequest(`WorkGroup ${workgroup.name} is disabled.`);
  const catalog = input.QueryExecutionContext?.Catalog?.toLowerCase() ?? 'awsdatacatalog';
  if (catalog !== 'awsdatacatalog') throw invalidRequest(`The local AWS has the catalog AwsDataCatalog only; given ${catalog}`);
  if (input.ResultReuseConfiguration?.ResultReuseByAgeConfiguration?.Enabled === true)
    throw invalidRequest('The local AWS does not reuse query results');
}

/** Where results go: by the workgroup where it enforces that, else by the request, else by the workgroup. */
function resultOf(
  input: Sdk.StartQueryExecutionCommandInput,
  { configuration }: WorkGroupRecord,
): { readonly location: string; readonly encryption: Sdk.EncryptionConfiguration | undefined } {
  const own = configuration.ResultConfiguration;
  const enforced = configuration.EnforceWorkGroupConfiguration !== false && own?.OutputLocation !== undefined;
  const chosen = enforced ? own : { ...own, ...input.ResultConfiguration };
  if (chosen?.OutputLocation === undefined)
    throw invalidRequest(
      'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.',
    );
  if (!/^s3:\/\/[^/]+(\/|$)/.test(chosen.OutputLocation)) throw invalidRequest('outputLocation is not a valid S3 path.');
  return { location: chosen.OutputLocation, encryption: chosen.EncryptionConfiguration };
}

function describe(query: QueryRecord): Sdk.QueryExecution {
  return {
    QueryExecutionId: query.id,
    Query: query.sql,
    StatementType: 'DML',
    SubstatementType: /^\s*unload\b/i.test(query.sql) ? 'UNLOAD' : 'SELECT',
    ResultConfiguration: { OutputLocation: query.outputLocation, EncryptionConfiguration: query.encryption },
    QueryExecutionContext: { Database: query.database, Catalog: 'awsdatacatalog' },
    Status: {
      State: query.state,
      StateChangeReason: query.reason,
      SubmissionDateTime: new Date(query.submitted),
      CompletionDateTime: query.completed === undefined ? undefined : new Date(query.completed),
      AthenaError: query.error,
    },
    Statistics:
      /^\s*unload\b/i.test(query.sql) && query.state === 'SUCCEEDED'
        ? { ...query.statistics, DataManifestLocation: `${query.outputLocation}-manifest.csv` }
        : query.statistics,
    WorkGroup: query.workgroup,
    EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' },
    ExecutionParameters: query.parameters === undefined ? undefined : [...query.parameters],
  };
}

function list(store: AthenaStore, input: Sdk.ListQueryExecutionsCommandInput): Partial<Sdk.ListQueryExecutionsCommandOutput> {
  const { name } = store.workgroup(input.WorkGroup);
  const size = input.MaxResults ?? PAGE;
  const [submitted, id] = input.NextToken === undefined ? [] : Buffer.from(input.NextToken, 'base64').toString().split('|');
  const start = submitted === undefined ? [name, '\uffff'] : [name, Number(submitted), id ?? ''];
  const found = [...store.byWorkgroup.entries({ start, end: [name], reverse: true, limit: size + 1 })];
  const next = found[size]?.key;
  const token = Array.isArray(next) ? { NextToken: Buffer.from(`${next[1]}|${next[2]}`).toString('base64') } : {};
  return { QueryExecutionIds: found.slice(0, size).map(({ value }) => value), ...token };
}

async function results(
  cloud: Cloud,
  store: AthenaStore,
  input: Sdk.GetQueryResultsCommandInput,
  { caller }: Call,
): Promise<Partial<Sdk.GetQueryResultsCommandOutput>> {
  const query = store.query(input.QueryExecutionId);
  if (query.state === 'FAILED' || query.state === 'CANCELLED')
    throw invalidRequest(`Query did not finish successfully. Final query state: ${query.state}`);
  if (query.state !== 'SUCCEEDED') throw invalidRequest(`Query has not yet finished. Current state: ${query.state}`);
  const size = input.MaxResults ?? MAX_ROWS;
  if (size < 1 || size > MAX_ROWS) throw invalidRequest(`MaxResults must be between 1 and ${MAX_ROWS}; given ${size}`);
  const columns = query.columns ?? [];
  const ColumnInfo = columns.map(({ name, type, precision, scale }) => ({
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: name,
    Label: name,
    Type: type,
    Precision: precision,
    Scale: scale,
    Nullable: 'UNKNOWN' as const,
    CaseSensitive: type === 'varchar',
  }));
  const rows = columns.length === 0 ? [] : await readResult(cloud, query, caller);
  const from = input.NextToken === undefined ? 0 : Number(Buffer.from(input.NextToken, 'base64').toString());
  const next = from + size < rows.length ? { NextToken: Buffer.from(String(from + size)).toString('base64') } : {};
  const Rows = rows
    .slice(from, from + size)
    .map((row) => ({ Data: row.map((value) => (value === undefined ? {} : { VarCharValue: value })) }));
  return { ResultSet: { Rows, ResultSetMetadata: { ColumnInfo } }, UpdateCount: 0, ...next };
}

async function readResult(cloud: Cloud, query: QueryRecord, caller: Call['caller']): Promise<(string | undefined)[][]> {
  const [Bucket, Key] = placeInS3(query.outputLocation);
  const { Body } = await cloud.call<{ Body: Uint8Array }>('s3', 'GetObject', { Bucket, Key }, caller).catch((error: unknown) => {
    if (error instanceof AwsError) throw invalidRequest(`Could not find results: ${error.message}`);
    throw error;
  });
  return parseCsv(Buffer.from(Body).toString());
}
