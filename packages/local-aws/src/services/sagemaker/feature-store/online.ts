import { createHash } from 'node:crypto';
import type { Cloud } from '../../../cloud';
import type { EventTime } from './event-time';
import type { LiveGroup } from './records';

/** Texts by the position of their feature; features that are absent are null. */
export type Values = readonly (string | null)[];

interface OnlineRow {
  readonly id: string;
  readonly order: string;
  readonly values: Values;
  readonly expires: number | null;
  readonly deleted: boolean;
}

export interface Found {
  readonly values: Values;
  readonly expires: number | undefined;
}

const MAX_KEY = 300;
const SWEEP_CHUNK = 2000;

function keyOf(id: string): string {
  return Buffer.byteLength(id) <= MAX_KEY ? id : `sha256:${createHash('sha256').update(id).digest('hex')}`;
}

/** The latest record of every identifier. Writes are called within a transaction of the store. */
export class OnlineStore {
  private readonly table;

  constructor(private readonly cloud: Cloud) {
    this.table = cloud.storage.table<OnlineRow>('sagemaker/online-records');
  }

  /** The record, unless it is absent, deleted or expired. */
  get({ record }: LiveGroup, id: string): Found | undefined {
    const row = this.current(record.key, id);
    if (row === undefined || row.deleted) return undefined;
    return { values: row.values, expires: row.expires ?? undefined };
  }

  /** Whether a stored record of the identifier is newer; an equal time overwrites (AWS's texts differ on that). */
  hasNewer({ record }: LiveGroup, id: string, { order }: EventTime): boolean {
    const row = this.current(record.key, id);
    return row !== undefined && row.order > order;
  }

  /** Whether the identifier's record is as new as `time`, so that it may not be deleted at that time. */
  isAtLeast({ record }: LiveGroup, id: string, { order }: EventTime): boolean {
    const row = this.current(record.key, id);
    return row !== undefined && row.order >= order;
  }

  put(
    { record, ttl }: LiveGroup,
    id: string,
    time: EventTime,
    values: Values,
    ownTtl: number | undefined,
    deleted: boolean,
  ): void {
    const life = ownTtl ?? ttl;
    const expires = life === undefined ? null : time.ms + life;
    void this.table.put([record.key, keyOf(id)], { id, order: time.order, values, expires, deleted });
  }

  remove({ record }: LiveGroup, id: string): void {
    void this.table.remove([record.key, keyOf(id)]);
  }

  /** Identifiers in order from `from`, with the key that the next page begins at. */
  list({ record }: LiveGroup, size: number, from: string, withDeleted: boolean): { ids: string[]; next: string | undefined } {
    const now = this.cloud.clock.now();
    const ids: string[] = [];
    for (const { key, value } of this.table.entries({ start: [record.key, from], end: [record.key, '\uffff'] })) {
      if ((value.expires !== null && value.expires <= now) || (value.deleted && !withDeleted)) continue;
      if (ids.length === size) return { ids, next: Array.isArray(key) ? String(key[1]) : undefined };
      ids.push(value.id);
    }
    return { ids, next: undefined };
  }

  /** Removes rows of a group, a few at a time, so that requests are answered in between. */
  async sweep(groupKey: string, isGone: (row: { readonly expires: number | null }) => boolean): Promise<void> {
    let from = '';
    for (;;) {
      const rows = [...this.table.entries({ start: [groupKey, from], end: [groupKey, '\uffff'], limit: SWEEP_CHUNK })];
      const gone = rows.filter(({ value }) => isGone(value));
      await this.cloud.storage.transaction(() => {
        for (const { key } of gone) void this.table.remove(key);
      });
      const last = rows.at(-1)?.key;
      if (rows.length < SWEEP_CHUNK || !Array.isArray(last)) return;
      from = `${last[1]}\u0001`;
    }
  }

  private current(groupKey: string, id: string): OnlineRow | undefined {
    const row = this.table.get([groupKey, keyOf(id)]);
    return row === undefined || (row.expires !== null && row.expires <= this.cloud.clock.now()) ? undefined : row;
  }
}
