import type { Timer } from '../../clock/clock';
import type { Cloud } from '../../cloud';
import type { TableRecord } from './records';
import { type DynamoStore, expiryOf } from './store';
import type { Item } from './values';

const HOUR_MS = 3_600_000;
const CHUNK = 1000;

/** Deletes expired items, up to an hour of the clock after their time; until then they are seen, as in AWS. */
export class Expiry {
  private readonly timers = new Map<string, { readonly at: number; readonly timer: Timer }>();

  constructor(
    private readonly cloud: Cloud,
    private readonly store: DynamoStore,
  ) {}

  start(): void {
    for (const { value } of this.store.tables.entries()) this.arm(value);
  }

  stop(): void {
    for (const { timer } of this.timers.values()) timer.cancel();
    this.timers.clear();
  }

  /** An item was written: its time may be the next to come. */
  noticed(table: TableRecord, item: Item | undefined): void {
    if (table.ttlAttribute === undefined) return;
    const second = expiryOf(item, table.ttlAttribute);
    if (second !== undefined) this.armAt(table, second);
  }

  /** Starts or ends the expiry of a table whose setting has changed. */
  async changed(table: TableRecord): Promise<void> {
    this.timers.get(table.id)?.timer.cancel();
    this.timers.delete(table.id);
    await this.cloud.storage.transaction(() => {
      for (const { key } of [...this.store.expiries.under([table.id])]) void this.store.expiries.remove(key);
      if (table.ttlAttribute === undefined) return;
      for (const { key, value } of this.store.items.under([table.id])) {
        const second = expiryOf(value, table.ttlAttribute);
        if (second !== undefined && Array.isArray(key))
          void this.store.expiries.put([table.id, second, key[1] ?? '', key[2] ?? ''], true);
      }
    });
    this.arm(table);
  }

  private arm(table: TableRecord): void {
    if (table.ttlAttribute === undefined) return;
    for (const { key } of this.store.expiries.under([table.id], { limit: 1 })) this.armAt(table, Number((key as unknown[])[1]));
  }

  private armAt(table: TableRecord, second: number): void {
    const due = Math.max(second * 1000, this.cloud.clock.now());
    const at = (Math.floor(due / HOUR_MS) + 1) * HOUR_MS;
    const known = this.timers.get(table.id);
    if (known !== undefined && known.at <= at) return;
    known?.timer.cancel();
    this.timers.set(table.id, { at, timer: this.cloud.clock.at(at, () => this.sweep(table.name, table.id)) });
  }

  private async sweep(name: string, id: string): Promise<void> {
    this.timers.delete(id);
    const table = this.store.tables.get(name);
    if (table === undefined || table.id !== id) return;
    const now = Math.floor(this.cloud.clock.now() / 1000);
    for (let deleted = CHUNK; deleted === CHUNK; ) deleted = await this.deleteDue(table, now);
    this.arm(table);
  }

  private deleteDue(table: TableRecord, now: number): Promise<number> {
    return this.cloud.storage.transaction(() => {
      const due = [...this.store.expiries.entries({ start: [table.id, 0], end: [table.id, now + 1], limit: CHUNK })];
      for (const { key } of due) {
        const [, second, partition, sort] = key as [string, number, string, string];
        const place = { partition, sort };
        const item = this.store.get(table, place);
        if (item !== undefined && expiryOf(item, table.ttlAttribute ?? '') === second)
          this.store.replace(table, place, item, undefined);
        else void this.store.expiries.remove(key);
      }
      return due.length;
    });
  }
}
