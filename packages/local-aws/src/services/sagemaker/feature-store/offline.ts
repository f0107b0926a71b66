import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Timer } from '../../../clock/clock';
import type { Cloud } from '../../../cloud';
import { S3Files } from '../s3-files';
import type { Values } from './online';
import { OfflineFile, type OfflineRow } from './parquet';
import { type GroupRecord, type GroupStore, type LiveGroup, offlineRoot } from './records';

interface Pending {
  count: number;
  next: number;
  timer: Timer | undefined;
  flushing: Promise<void>;
  full: boolean;
}

const DELAY_MS = 15 * 60_000;
const MAX_ROWS = 50_000;
/** Rows that are handled at a time, a few hundredths of a second's work. */
const SLICE = 1000;

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * History of all records: rows wait in the store and go to S3 together, 15 minutes (of the clock) after the first of them or when
 * they are many. A file is named after its first row, so one that is written again after a kill takes the place of the first try.
 */
export class OfflineStore {
  private readonly table;
  /** Number of each group's last row that is in S3; rows up to it are only to be removed. */
  private readonly inS3;
  private readonly pending = new Map<string, Pending>();

  constructor(
    private readonly cloud: Cloud,
    private readonly groups: GroupStore,
  ) {
    this.table = cloud.storage.table<OfflineRow>('sagemaker/offline-rows');
    this.inS3 = cloud.storage.table<number>('sagemaker/offline-rows-in-s3');
  }

  /** Keeps a row; called within a transaction of the store. */
  append({ record }: LiveGroup, values: Values, deleted: boolean): void {
    if (record.offline === undefined) return;
    const now = this.cloud.clock.now();
    const pending = this.pendingOf(record);
    void this.table.put([record.key, pending.next], { values, written: now, invoked: now, deleted });
    pending.next += 1;
    pending.count += 1;
    this.arm(record, pending, now + DELAY_MS);
    if (pending.count < MAX_ROWS || pending.full) return;
    pending.full = true;
    setImmediate(() => void this.cloud.activity.track(this.flush(record.name)));
  }

  /** Waits for rows that were left by the last run. */
  start(): void {
    for (const record of this.groups.all()) {
      const [first] = this.table.entries({
        start: [record.key, this.firstWaiting(record.key)],
        end: [record.key, '\uffff'],
        limit: 1,
      });
      if (first !== undefined) this.arm(record, this.pendingOf(record), first.value.written + DELAY_MS);
    }
  }

  /** Writes all rows that wait. */
  flush(name: string): Promise<void> {
    const record = this.groups.live(name)?.record;
    if (record === undefined) return Promise.resolve();
    const pending = this.pendingOf(record);
    pending.flushing = pending.flushing
      .then(() => this.writeAll(name, pending))
      .catch((error: unknown) => this.block(name, error));
    return pending.flushing;
  }

  /** Ends a group's history here: rows that could not be written are dropped. */
  async forget({ key }: GroupRecord): Promise<void> {
    this.pending.get(key)?.timer?.cancel();
    this.pending.delete(key);
    await this.inS3.put(key, Number.MAX_SAFE_INTEGER - 1);
    await this.trim(key);
    await this.inS3.remove(key);
  }

  /** Lets what is being written be written to its end. */
  async stop(): Promise<void> {
    await Promise.all([...this.pending.values()].map(({ flushing }) => flushing));
  }

  private pendingOf({ key }: GroupRecord): Pending {
    let pending = this.pending.get(key);
    if (pending === undefined) {
      const [last] = this.table.under([key], { limit: 1, reverse: true });
      const first = this.firstWaiting(key);
      const next = Math.max(first, Array.isArray(last?.key) ? Number(last.key[1]) + 1 : 0);
      pending = { count: next - first, next, timer: undefined, flushing: Promise.resolve(), full: false };
      this.pending.set(key, pending);
    }
    return pending;
  }

  private firstWaiting(key: string): number {
    return (this.inS3.get(key) ?? -1) + 1;
  }

  private arm({ name }: GroupRecord, pending: Pending, at: number): void {
    pending.timer ??= this.cloud.clock.at(at, () => this.flush(name));
  }

  private async writeAll(name: string, pending: Pending): Promise<void> {
    pending.timer?.cancel();
    pending.timer = undefined;
    pending.full = false;
    // What came in while a file was being written waits for its own time, unless it is many again.
    for (let left = pending.count; left > 0; ) {
      const record = this.groups.live(name)?.record;
      if (record === undefined) return;
      const written = await this.writeFile(record);
      if (written === 0) pending.count = 0;
      else pending.count -= written;
      if (written === 0) break;
      left -= written;
    }
    const record = this.groups.live(name)?.record;
    if (record === undefined) return;
    if (pending.count > 0) this.arm(record, pending, this.cloud.clock.now() + DELAY_MS);
    if (record.blocked !== undefined) await this.unblock(record);
  }

  private async writeFile(record: GroupRecord): Promise<number> {
    const { key, features } = record;
    const first = this.firstWaiting(key);
    const file = new OfflineFile(features);
    let time: string | undefined;
    let from = first;
    while (from < first + MAX_ROWS) {
      const rows = [...this.table.entries({ start: [key, from], end: [key, '\uffff'], limit: SLICE })];
      const last = rows.at(-1)?.key;
      if (!Array.isArray(last)) break;
      time ??= new Date(rows[0]?.value.written ?? 0).toISOString();
      file.add(rows.map(({ value }) => value));
      from = Number(last[1]) + 1;
      await nextTurn();
    }
    if (time === undefined) return 0;
    const files = new S3Files(this.cloud, this.cloud.asRole(record.roleArn ?? '', 'SageMaker', 'sagemaker'));
    await files.put(this.addressOf(record, first, time), file.end(), record.offline?.kmsKeyId);
    await this.inS3.put(key, from - 1);
    await this.trim(key);
    return from - first;
  }

  private addressOf(record: GroupRecord, first: number, time: string): string {
    const stamp = `${time.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
    // One folder per day, where an account's Iceberg writer has one per file.
    const folder = digest(time.slice(0, 10)).slice(0, 8);
    const suffix = digest(`${record.key}/${first}/${time}`).slice(0, 16);
    return `${offlineRoot(this.cloud, record)}/data/${folder}/${stamp}_${suffix}.parquet`;
  }

  /** Removes rows that are in S3. */
  private async trim(key: string): Promise<void> {
    for (;;) {
      const rows = [...this.table.entries({ start: [key, 0], end: [key, this.firstWaiting(key)], limit: SLICE })];
      if (rows.length === 0) return;
      await this.cloud.storage.transaction(() => {
        for (const row of rows) void this.table.remove(row.key);
      });
    }
  }

  /** The rows stay and are tried again at the next turn. */
  private async block(name: string, error: unknown): Promise<void> {
    this.cloud.log('sagemaker', `offline store of ${name}: ${String(error)}`);
    const record = this.groups.live(name)?.record;
    if (record === undefined) return;
    this.arm(record, this.pendingOf(record), this.cloud.clock.now() + DELAY_MS);
    if (record.blocked === undefined) await this.groups.save({ ...record, blocked: String(error) });
  }

  private async unblock({ blocked: _, ...record }: GroupRecord): Promise<void> {
    await this.groups.save(record);
  }
}
