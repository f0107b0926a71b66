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

/** The refused calls of this local AWS, newest last; the oldest make room for new ones. */
export class Denials {
  private readonly table: Table<Denial>;

  constructor(
    storage: Storage,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    this.table = storage.table('iam/denials');
  }

  record(denial: NewDenial): void {
    const key = [denial.caller, denial.action, denial.resource.slice(0, 500), denial.where].join('\n').slice(0, 1500);
    const known = this.table.get(key);
    const now = this.clock.now();
    if (known === undefined) this.makeRoom();
    void this.table.put(key, { ...denial, count: (known?.count ?? 0) + 1, firstAt: known?.firstAt ?? now, lastAt: now });
  }

  list(): readonly Denial[] {
    return [...this.table.entries()].map(({ value }) => value).sort((a, b) => a.lastAt - b.lastAt);
  }

  async clear(): Promise<void> {
    await Promise.all([...this.table.entries()].map(({ key }) => this.table.remove(key)));
  }

  private makeRoom(): void {
    const all = [...this.table.entries()];
    if (all.length < KEPT) return;
    const oldest = all.reduce((a, b) => (b.value.lastAt < a.value.lastAt ? b : a));
    void this.table.remove(oldest.key);
  }
}
