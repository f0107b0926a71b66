import type { PlanRecord } from '../records';
import type { Store } from '../store';

const DAY_MS = 86_400_000;

function day(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** Start of the quota period that holds `now` (UTC; weeks begin on Sunday). */
export function periodStart(period: 'DAY' | 'WEEK' | 'MONTH', now: number): number {
  const at = new Date(now);
  if (period === 'MONTH') return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
  const midnight = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  return period === 'DAY' ? midnight : midnight - at.getUTCDay() * DAY_MS;
}

interface Count {
  readonly start: number;
  used: number;
}

interface DayCount {
  readonly day: string;
  used: number;
}

/** What keys have used of their plans: per day, durable, and per quota period. */
export class Quotas {
  private readonly periods = new Map<string, Count>();
  private readonly days = new Map<string, DayCount>();
  private readonly unwritten = new Map<string, readonly [string, string, DayCount]>();
  private writing = false;

  constructor(private readonly store: Store) {}

  isUsedUp(plan: PlanRecord, keyId: string, now: number): boolean {
    const { quota } = plan;
    if (quota === undefined) return false;
    const start = periodStart(quota.period, now);
    const isFirst = start <= plan.created;
    return this.period(plan, keyId, start, now).used >= quota.limit - (isFirst ? quota.offset : 0);
  }

  count(plan: PlanRecord, keyId: string, now: number): void {
    if (plan.quota !== undefined) this.period(plan, keyId, periodStart(plan.quota.period, now), now).used += 1;
    const today = day(now);
    const id = `${plan.id}/${keyId}`;
    let count = this.days.get(id);
    if (count === undefined || count.day !== today) {
      count = { day: today, used: this.store.usage.get([plan.id, keyId, today]) ?? 0 };
      this.days.set(id, count);
    }
    count.used += 1;
    this.unwritten.set(`${id}/${today}`, [plan.id, keyId, count]);
    if (this.writing) return;
    this.writing = true;
    setImmediate(() => this.write());
  }

  /** Requests of a key on a day (`YYYY-MM-DD`, UTC). */
  usedOn(plan: string, key: string, date: string): number {
    return this.unwritten.get(`${plan}/${key}/${date}`)?.[2].used ?? this.store.usage.get([plan, key, date]) ?? 0;
  }

  private write(): void {
    this.writing = false;
    for (const [id, [plan, key, count]] of this.unwritten) {
      const { used } = count;
      // A count stays known here until the store shows it.
      const written = (): void => void (count.used === used && this.unwritten.delete(id));
      this.store.usage.put([plan, key, count.day], used).then(written, written);
    }
  }

  private period(plan: PlanRecord, keyId: string, start: number, now: number): Count {
    const id = `${plan.id}/${keyId}/${plan.quota?.period}`;
    let count = this.periods.get(id);
    if (count === undefined || count.start !== start) {
      count = { start, used: this.usedSince(plan.id, keyId, start, now) };
      this.periods.set(id, count);
    }
    return count;
  }

  private usedSince(plan: string, key: string, start: number, now: number): number {
    let used = 0;
    for (let at = start; at <= now; at += DAY_MS) used += this.usedOn(plan, key, day(at));
    return used;
  }
}
