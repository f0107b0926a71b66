import type { Clock } from '../clock/clock';
import type { Storage, Table } from '../storage/storage';

/** A refused call, with the statement that would have allowed it. Calls that differ in nothing but their time are counted as one. */
export interface Denial {
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
  readonly message: string;
  /** Where the missing statement belongs, or which policy denies. */
  readonly where: string;
  /** Absent for an explicit deny: no further statement would help. */
  readonly statement?: object;
  readonly count: number;
  /** Simulated epoch ms. */
  readonly firstAt: number;
  readonly lastAt: number;
}

export type NewDenial = Omit<Denial, 'count' | 'firstAt' | 'lastAt'>;

const KEPT = 1000;

/** The refused calls of this local AWS, newest last; the oldest make room for new ones. Counted in memory, since writes are seen late. */
export class Denials {
  private readonly table: Table<Denial>;
  private readonly known: Map<string, Denial>;

  constructor(
    storage: Storage,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    this.table = storage.table('iam/denials');
    const kept = [...this.table.entries()].sort((a, b) => a.value.lastAt - b.value.lastAt);
    this.known = new Map(kept.map(({ key, value }) => [String(key), value]));
  }

  record(denial: NewDenial): void {
    const key = [denial.caller, denial.action, denial.resource.slice(0, 500), denial.where].join('\n').slice(0, 1500);
    const before = this.known.get(key);
    const now = this.clock.now();
    if (before === undefined) this.makeRoom();
    const counted = { ...denial, count: (before?.count ?? 0) + 1, firstAt: before?.firstAt ?? now, lastAt: now };
    // Removed and set, so that the order of the map is that of the latest refusals.
    this.known.delete(key);
    this.known.set(key, counted);
    void this.table.put(key, counted);
  }

  list(): readonly Denial[] {
    return [...this.known.values()];
  }

  async clear(): Promise<void> {
    const keys = [...this.known.keys()];
    this.known.clear();
    await Promise.all(keys.map((key) => this.table.remove(key)));
  }

  private makeRoom(): void {
    const [oldest] = this.known.keys();
    if (this.known.size < KEPT || oldest === undefined) return;
    this.known.delete(oldest);
    void this.table.remove(oldest);
  }
}
