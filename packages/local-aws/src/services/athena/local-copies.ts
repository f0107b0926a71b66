import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Caller, Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';
import { EngineSession } from './engine';
import { QueryFailure } from './failure';
import { duckType, quoteName, quoteText } from './glue-types';
import type { TableLayout } from './layout';

interface Listed {
  readonly Key: string;
  readonly ETag: string;
  readonly Size: number;
}

interface Page {
  readonly Contents?: Listed[];
  readonly NextContinuationToken?: string;
}

/** The rows of one folder of S3 as one file; `objects` are those that it holds, as `etag key`. */
interface CopyRecord {
  readonly file: string;
  readonly objects: readonly string[];
}

export interface TableFiles {
  readonly files: readonly string[];
  readonly bytes: number;
}

const AT_ONCE = 8;

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * Parquet copies of table data, one file per folder of S3, in the table's own types, so that a query opens few files however many
 * objects there are. New objects of a folder are added to its copy; what is read, is read with the rights of who asks.
 */
export class LocalCopies {
  readonly folder: string;
  private readonly copies: Table<CopyRecord>;
  private readonly stale = new Set<string>();
  private turn: Promise<unknown> = Promise.resolve();
  private users = 0;

  constructor(private readonly cloud: Cloud) {
    this.folder = join(cloud.stateDir, 'athena');
    this.copies = cloud.storage.table('athena/local-copies');
  }

  /** Removes what an earlier process left half done. */
  async clear(): Promise<void> {
    for (const name of ['incoming', 'spill']) await rm(join(this.folder, name), { recursive: true, force: true });
  }

  /** Keeps files in place while `work` reads them. */
  async using<T>(work: () => Promise<T>): Promise<T> {
    this.users += 1;
    try {
      return await work();
    } finally {
      this.users -= 1;
      if (this.users === 0) {
        const gone = [...this.stale];
        this.stale.clear();
        await Promise.all(gone.map((file) => rm(join(this.folder, file), { force: true })));
      }
    }
  }

  /** The files of a table, brought up to date. One table at a time: two queries do not copy the same objects. */
  of(layout: TableLayout, caller: Caller): Promise<TableFiles> {
    const work = this.turn.then(() => this.refresh(layout, caller));
    this.turn = work.catch(() => undefined);
    return work;
  }

  private async refresh(layout: TableLayout, caller: Caller): Promise<TableFiles> {
    const folders = new Map<string, { values: readonly string[]; objects: Listed[] }>();
    let bytes = 0;
    for (const object of await this.list(layout, caller)) {
      const values = layout.partitionOf(object.Key);
      if (values === undefined) continue;
      const folder = dirname(object.Key);
      const known = folders.get(folder) ?? { values, objects: [] };
      known.objects.push(object);
      folders.set(folder, known);
      bytes += object.Size;
    }
    await this.probe(layout, [...folders.values()][0]?.objects[0], caller);
    const files: string[] = [];
    const writer = new CopyWriter(this.cloud, this.folder, layout, caller);
    try {
      const waiting = [...folders];
      for (let batch = waiting.splice(0, AT_ONCE); batch.length > 0; batch = waiting.splice(0, AT_ONCE)) {
        const copy = ([folder, { values, objects }]: (typeof batch)[number]) =>
          this.copy(layout, writer, folder, values, objects);
        files.push(...(await Promise.all(batch.map(copy))));
      }
    } finally {
      await writer.close();
    }
    return { files: files.map((file) => join(this.folder, file)), bytes };
  }

  private async copy(
    layout: TableLayout,
    writer: CopyWriter,
    folder: string,
    values: readonly string[],
    objects: readonly Listed[],
  ): Promise<string> {
    const table = short(JSON.stringify([layout.bucket, layout.prefix, layout.format, layout.columns, layout.partitionKeys]));
    const key = [table, short(folder)];
    const wanted = objects.map(({ ETag, Key }) => `${ETag} ${Key}`);
    const known = this.copies.get(key);
    const held = new Set(known?.objects);
    const now = new Set(wanted);
    // An object that was replaced or removed is in the copy for good: the copy is made anew.
    const base = known?.objects.every((object) => now.has(object)) === true ? known : undefined;
    const fresh = objects.filter((_, index) => base === undefined || !held.has(wanted[index] ?? ''));
    if (base !== undefined && fresh.length === 0) return base.file;
    const partition = layout.partitionKeys.map(({ name }, index) => `${name}=${encodeURIComponent(values[index] ?? '')}`);
    const file = join('copies', table, ...partition, `${short(folder)}-${randomUUID()}.parquet`);
    await writer.write(file, base?.file, fresh);
    await this.copies.put(key, { file, objects: wanted });
    if (known !== undefined) this.stale.add(known.file);
    return file;
  }

  private async list({ bucket, prefix }: TableLayout, caller: Caller): Promise<Listed[]> {
    const found: Listed[] = [];
    let ContinuationToken: string | undefined;
    do {
      const input = { Bucket: bucket, Prefix: prefix, ContinuationToken };
      const page: Page = await this.cloud.call<Page>('s3', 'ListObjectsV2', input, caller).catch(s3Failure);
      for (const object of page.Contents ?? []) if (isData(object)) found.push(object);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return found;
  }

  /** Copies are shared between callers, so each query shows on one object that its caller may read and decrypt. */
  private async probe({ bucket }: TableLayout, object: Listed | undefined, caller: Caller): Promise<void> {
    if (object === undefined) return;
    await this.cloud.call('s3', 'GetObject', { Bucket: bucket, Key: object.Key, Range: 'bytes=0-0' }, caller).catch(s3Failure);
  }
}

/** Names that begin with `_` or `.` are hidden, as in Hive. */
function isData({ Key, Size }: Listed): boolean {
  return Size > 0 && !/(^|\/)[_.][^/]*$/.test(Key);
}

function s3Failure(error: unknown): never {
  if (error instanceof AwsError && error.code === 'AccessDenied') throw new QueryFailure(`PERMISSION_DENIED: ${error.message}`);
  throw new QueryFailure(
    `HIVE_CURSOR_ERROR: ${error instanceof AwsError ? `${error.message} (${error.code})` : 'S3 did not answer'}`,
  );
}

/** Writes copies of one table. */
class CopyWriter {
  private session: Promise<EngineSession> | undefined;

  constructor(
    private readonly cloud: Cloud,
    private readonly folder: string,
    private readonly layout: TableLayout,
    private readonly caller: Caller,
  ) {}

  /** Writes `file` from an earlier copy and further objects. */
  async write(file: string, earlier: string | undefined, objects: readonly Listed[]): Promise<void> {
    const incoming = join(this.folder, 'incoming', randomUUID());
    const target = join(this.folder, file);
    await mkdir(incoming, { recursive: true });
    await mkdir(dirname(target), { recursive: true });
    try {
      const paths: string[] = [];
      for (let start = 0; start < objects.length; start += AT_ONCE)
        paths.push(
          ...(await Promise.all(objects.slice(start, start + AT_ONCE).map((object) => this.download(incoming, object.Key)))),
        );
      this.session ??= EngineSession.open(this.folder, this.cloud.clock.now());
      const half = join(incoming, 'copy.parquet');
      await (await this.session).alongside(`COPY (${this.rows(paths, earlier)}) TO ${quoteText(half)} (FORMAT parquet)`);
      await rename(half, target);
    } finally {
      await rm(incoming, { recursive: true, force: true });
    }
  }

  async close(): Promise<void> {
    (await this.session)?.close();
  }

  private async download(folder: string, key: string): Promise<string> {
    const input = { Bucket: this.layout.bucket, Key: key };
    const { Body } = await this.cloud.call<{ Body: Uint8Array }>('s3', 'GetObject', input, this.caller).catch(s3Failure);
    const path = join(folder, `${randomUUID()}${key.endsWith('.gz') ? '.gz' : ''}`);
    await writeFile(path, Body);
    return path;
  }

  /** The rows in the table's own columns and types; a column that an object lacks is null. */
  private rows(paths: readonly string[], earlier: string | undefined): string {
    const { columns, format } = this.layout;
    const typed = columns
      .map(({ name, type }) => `CAST(${quoteName(name)} AS ${duckType(type)}) AS ${quoteName(name)}`)
      .join(', ');
    const none = columns.map(({ name, type }) => `CAST(NULL AS ${duckType(type)}) AS ${quoteName(name)}`).join(', ');
    const list = `[${paths.map(quoteText).join(', ')}]`;
    const types = columns.map(({ name, type }) => `${quoteText(name)}: ${quoteText(duckType(type))}`).join(', ');
    const source =
      format === 'parquet'
        ? `read_parquet(${list}, union_by_name = true, hive_partitioning = false)`
        : `read_json(${list}, format = 'newline_delimited', columns = {${types}})`;
    const rows = `SELECT ${typed} FROM (SELECT * FROM ${source} UNION ALL BY NAME SELECT ${none} WHERE false)`;
    if (earlier === undefined) return rows;
    const path = quoteText(join(this.folder, earlier));
    return `SELECT * FROM read_parquet(${path}, hive_partitioning = false) UNION ALL ${rows}`;
  }
}
