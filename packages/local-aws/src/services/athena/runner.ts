import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cloud, forwarded } from '../../cloud';
import { AwsError } from '../../errors';
import { MinuteMetrics } from '../../metering/minute-metrics';
import { openTables } from './catalog';
import { EngineSession } from './engine';
import { QueryFailure, translate } from './failure';
import { quoteText } from './glue-types';
import { LocalCopies } from './local-copies';
import { outlineOf } from './references';
import { asTrino, columnsOf, readRows } from './results';
import { parseStatement, type Unload, withParameters } from './statement';
import type { AthenaStore, QueryRecord, ResultColumn } from './store';

const AT_ONCE = 2;

interface Done {
  readonly columns: readonly ResultColumn[];
  readonly scanned: number;
}

/** Runs queries, a few at a time; they never wait for the clock. */
export class QueryRunner {
  readonly metrics: MinuteMetrics;
  private readonly copies: LocalCopies;
  private readonly waiting: string[] = [];
  private readonly running = new Map<string, EngineSession | undefined>();
  private stopped = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: AthenaStore,
  ) {
    this.copies = new LocalCopies(cloud);
    this.metrics = new MinuteMetrics(cloud, 'AWS/Athena', 'athena.amazonaws.com');
  }

  /** Takes up what was under way when the local AWS ended. */
  async resume(): Promise<void> {
    await this.copies.clear();
    for (const { value } of [...this.store.queries.entries()])
      if (value.state === 'QUEUED' || value.state === 'RUNNING') this.enqueue(value.id);
  }

  enqueue(id: string): void {
    this.waiting.push(id);
    this.next();
  }

  /** Ends a query that waits or runs. */
  async cancel(id: string): Promise<void> {
    await this.store.update(id, () => ({
      state: 'CANCELLED',
      completed: this.cloud.clock.now(),
      reason: 'Query cancelled by user',
    }));
    const place = this.waiting.indexOf(id);
    if (place >= 0) this.waiting.splice(place, 1);
    this.running.get(id)?.interrupt();
  }

  /** Ends at once; what was running runs again at the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const session of this.running.values()) session?.interrupt();
    await this.metrics.flush();
  }

  private next(): void {
    while (!this.stopped && this.running.size < AT_ONCE) {
      const id = this.waiting.shift();
      if (id === undefined) return;
      this.running.set(id, undefined);
      const work = this.run(id).finally(() => {
        this.running.delete(id);
        this.next();
      });
      void this.cloud.activity.track(work.catch((error: unknown) => this.cloud.log('athena', `query ${id}: ${String(error)}`)));
    }
  }

  private async run(id: string): Promise<void> {
    const began = performance.now();
    const query = await this.store.update(id, () => ({ state: 'RUNNING' }));
    let change: Partial<QueryRecord>;
    let scanned = 0;
    try {
      const done = await this.copies.using(() => this.execute(query));
      scanned = done.scanned;
      change = { state: 'SUCCEEDED', columns: done.columns };
    } catch (error) {
      if (this.stopped) return;
      const failure = translate(error, query.sql);
      if (failure.category === 1) this.cloud.log('athena', `query ${id}: ${String(error)}`);
      const details = {
        ErrorCategory: failure.category,
        ErrorType: failure.type,
        Retryable: false,
        ErrorMessage: failure.message,
      };
      change = { state: 'FAILED', reason: failure.message, error: details };
    }
    const took = Math.round(performance.now() - began);
    const statistics = {
      EngineExecutionTimeInMillis: took,
      DataScannedInBytes: scanned,
      TotalExecutionTimeInMillis: took,
      QueryQueueTimeInMillis: 0,
      ServiceProcessingTimeInMillis: 0,
    };
    const completed = this.cloud.clock.now();
    const final = await this.store.update(id, (known) =>
      known.state === 'CANCELLED' ? { statistics } : { ...change, completed, statistics },
    );
    this.measure(final, took, scanned);
  }

  private measure(query: QueryRecord, took: number, scanned: number): void {
    if (this.store.workgroup(query.workgroup).configuration.PublishCloudWatchMetricsEnabled === false) return;
    const dimensions = { QueryState: query.state, QueryType: 'DML', WorkGroup: query.workgroup };
    const key = `${query.workgroup}|${query.state}`;
    this.metrics.add('TotalExecutionTime', 'Milliseconds', took, dimensions, key);
    this.metrics.add('EngineExecutionTime', 'Milliseconds', took, dimensions, key);
    this.metrics.add('ProcessedBytes', 'Bytes', scanned, dimensions, key);
  }

  private async execute(query: QueryRecord): Promise<Done> {
    const statement = parseStatement(withParameters(query.sql, query.parameters));
    const sql = statement.query;
    await mkdir(this.copies.folder, { recursive: true });
    const session = await EngineSession.open(this.copies.folder, this.cloud.clock.now());
    this.running.set(query.id, session);
    try {
      const { tables, items } = outlineOf(await session.value(`SELECT json_serialize_sql(${quoteText(sql)})`), sql);
      const database = query.database ?? 'default';
      const scanned = await openTables(this.cloud, this.copies, session, {
        sql,
        database,
        tables,
        caller: forwarded(query.caller, 'athena'),
      });
      this.checkCutoff(query, scanned);
      // A stop during the reading of tables found nothing to interrupt.
      if (this.store.query(query.id).state === 'CANCELLED') throw new QueryFailure('Query was cancelled');
      const prepared = await session.connection.prepare(sql);
      const columns = columnsOf(prepared, items);
      const rows = asTrino(sql, prepared, columns);
      if (statement.unload === undefined) await this.putCsv(query, await readRows(session, rows, columns));
      else await this.unload(query, session, rows, statement.unload);
      return { columns: statement.unload === undefined ? columns : [], scanned };
    } catch (error) {
      throw translate(error, sql);
    } finally {
      this.running.set(query.id, undefined);
      session.close();
    }
  }

  private checkCutoff(query: QueryRecord, scanned: number): void {
    const cutoff = this.store.workgroup(query.workgroup).configuration.BytesScannedCutoffPerQuery;
    if (cutoff !== undefined && scanned > cutoff)
      throw new QueryFailure(`Bytes scanned limit was exceeded: ${scanned} bytes scanned, the limit is ${cutoff}`);
  }

  private async putCsv(query: QueryRecord, csv: Buffer): Promise<void> {
    await this.put(query, query.outputLocation, csv, 'text/csv');
  }

  private async unload(query: QueryRecord, session: EngineSession, sql: string, { target, compression }: Unload): Promise<void> {
    const own = `${target}${query.id.replaceAll('-', '')}_0.parquet`;
    await this.checkEmpty(query, target, own);
    const file = join(this.copies.folder, 'incoming', `${randomUUID()}.parquet`);
    await mkdir(join(this.copies.folder, 'incoming'), { recursive: true });
    try {
      const options = `FORMAT parquet, COMPRESSION ${compression}`;
      const rows = await session.value(`COPY (${sql}\n) TO ${quoteText(file)} (${options})`);
      // Nothing to write leaves the folder empty.
      if (rows !== '0') await this.put(query, own, await readFile(file), 'application/octet-stream');
      const manifest = rows === '0' ? '' : `${own}\n`;
      await this.put(query, `${query.outputLocation}-manifest.csv`, Buffer.from(manifest), 'text/csv');
    } finally {
      await rm(file, { force: true });
    }
  }

  /** What the same query wrote before it was interrupted does not count. */
  private async checkEmpty(query: QueryRecord, target: string, own: string): Promise<void> {
    const [Bucket, Prefix] = placeInS3(target);
    const input = { Bucket, Prefix, MaxKeys: 2 };
    const { Contents = [] } = await this.cloud
      .call<{ Contents?: { Key: string }[] }>('s3', 'ListObjectsV2', input, forwarded(query.caller, 'athena'))
      .catch(outputFailure);
    if (Contents.some(({ Key }) => `s3://${Bucket}/${Key}` !== own))
      throw new QueryFailure(
        `HIVE_PATH_ALREADY_EXISTS: Target directory for table 'awsdatacatalog.${query.database ?? 'default'}.temp_table_${query.id.replaceAll('-', '')}' already exists: ${target}. You may need to manually clean the data at location '${query.outputLocation}' before retrying. Athena will not delete data in your account.`,
      );
  }

  private async put(query: QueryRecord, location: string, Body: Buffer, ContentType: string): Promise<void> {
    const [Bucket, Key] = placeInS3(location);
    const { EncryptionOption: option, KmsKey } = query.encryption ?? {};
    if (option === 'CSE_KMS')
      throw new QueryFailure('NOT_SUPPORTED: The local AWS does not encrypt results on the client (CSE_KMS)');
    const sse = option === undefined ? {} : { ServerSideEncryption: option === 'SSE_KMS' ? 'aws:kms' : 'AES256' };
    const input = { Bucket, Key, Body, ContentType, ...sse, ...(KmsKey === undefined ? {} : { SSEKMSKeyId: KmsKey }) };
    await this.cloud.call('s3', 'PutObject', input, forwarded(query.caller, 'athena')).catch(outputFailure);
  }
}

export function placeInS3(location: string): [string, string] {
  const path = location.slice('s3://'.length);
  const cut = path.indexOf('/');
  return [path.slice(0, cut), path.slice(cut + 1)];
}

function outputFailure(error: unknown): never {
  if (!(error instanceof AwsError)) throw error;
  throw new QueryFailure(
    `${error.code === 'AccessDenied' ? 'PERMISSION_DENIED' : 'HIVE_WRITER_OPEN_ERROR'}: ${error.message} (${error.code})`,
  );
}
