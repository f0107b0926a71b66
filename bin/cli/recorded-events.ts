import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { History } from '../../core/definition';
import { Failure } from './failure';
import { ROOT } from './paths';
import type { LoadedPlatform } from './platform-folder';
import { PYTHON } from './python-environment';
import type { Target } from './target';

const CACHE = join(ROOT, '.slipway', 'data');
const PARALLEL = 8;

/** A span of days, from inclusive, to exclusive, ISO 8601. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

export type Form = 'jsonl' | 'lake';

/** Files of a platform's recorded events for a span, made by its loader once and kept. Throws Failure when nothing is recorded. */
export function recordedFiles(loaded: LoadedPlatform, { from, to }: Span, form: Form): string {
  const { loader } = requireHistory(loaded);
  const path = join(ROOT, loader);
  const source = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12);
  const folder = join(CACHE, `${source}-${from}-${to}-${form}`.replaceAll(':', ''));
  if (existsSync(folder)) return folder;
  const making = `${folder}.${process.pid}.part`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const made = spawnSync(PYTHON, [path, '--from', from, '--to', to, '--out', making, '--format', form], { encoding: 'utf8' });
  if (made.status !== 0) {
    rmSync(making, { recursive: true, force: true });
    throw new Failure(`the recorded events cannot be loaded: ${(made.stderr ?? String(made.error)).trim().slice(-500)}`);
  }
  renameSync(making, folder);
  return folder;
}

/** What is recorded for a platform, or a Failure that says that nothing is. */
export function requireHistory({ history, folder }: LoadedPlatform): History {
  if (history === undefined)
    throw new Failure(`no events are recorded for ${folder}`, 1, "Its index.ts may export a 'history' with a loader of events.");
  return history;
}

/** Rows of one source, in the order of their event time. */
export async function* recordedRows<T>(folder: string, source: string): AsyncGenerator<T> {
  for await (const line of createInterface({ input: createReadStream(join(folder, `${source}.jsonl`)) }))
    yield JSON.parse(line) as T;
}

/** Puts the history of a span into the lake as Parquet, one object per source and day: a bulk load instead of a stream. */
export async function loadHistory(target: Target, span: Span): Promise<Record<string, number>> {
  const folder = recordedFiles(target, span, 'lake');
  const s3 = new S3Client(target.client);
  const glue = new GlueClient(target.client);
  const counts: Record<string, number> = {};
  for (const { name } of target.platform.sources) {
    const { Table } = await glue.send(
      new GetTableCommand({ DatabaseName: target.names.lakeDatabase, Name: target.names.lakeTable(name) }),
    );
    const location = new URL(Table?.StorageDescriptor?.Location ?? '');
    const days = readdirSync(join(folder, name)).toSorted();
    for (let start = 0; start < days.length; start += PARALLEL) {
      const batch = days.slice(start, start + PARALLEL).map((day) => {
        const Key = `${location.pathname.slice(1)}${day}/history.parquet`;
        return s3.send(
          new PutObjectCommand({
            Bucket: location.hostname,
            Key,
            Body: readFileSync(join(folder, name, day, 'history.parquet')),
          }),
        );
      });
      await Promise.all(batch);
    }
    counts[name] = days.length;
  }
  return counts;
}
