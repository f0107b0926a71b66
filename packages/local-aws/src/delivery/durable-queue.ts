import type { Timer } from '../clock/clock';
import type { Cloud } from '../cloud';
import type { Table } from '../storage/storage';

export interface DurableQueueOptions<Entry> {
  /** Whose log tells of an attempt that throws. */
  readonly service: string;
  /** Where entries lie from their acceptance until they are removed. */
  readonly table: Table<Entry>;
  idOf(entry: Entry): string;
  /** When an entry is due, epoch ms of the cloud's clock. */
  dueAt(entry: Entry): number;
  /** Tries an entry once; what becomes of it (`remove`, `later`) is the owner's to say. */
  attempt(entry: Entry): Promise<void>;
}

const MAX_CONCURRENT = 32;

/** Entries that survive a kill, each tried when it is due on the cloud's clock, so many at once, until its owner removes it. */
export class DurableQueue<Entry> {
  private readonly timers = new Map<string, Timer>();
  private readonly ready: string[] = [];
  private active = 0;
  private ended = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly options: DurableQueueOptions<Entry>,
  ) {}

  /** Whether nothing is tried or written any more: what an attempt brings now is for the next start. */
  get stopped(): boolean {
    return this.ended;
  }

  start(): void {
    for (const { value } of this.options.table.entries()) this.arm(value);
  }

  stop(): void {
    this.ended = true;
    for (const timer of this.timers.values()) timer.cancel();
  }

  /** Tries an entry that is in the table as soon as there is room. */
  enqueue(id: string): void {
    this.ready.push(id);
    this.pump();
  }

  /** Keeps an entry for another attempt when it is due. */
  async later(entry: Entry): Promise<void> {
    await this.options.table.put(this.options.idOf(entry), entry);
    if (!this.ended) this.arm(entry);
  }

  remove(entry: Entry): Promise<void> {
    return this.options.table.remove(this.options.idOf(entry));
  }

  private arm(entry: Entry): void {
    const id = this.options.idOf(entry);
    const timer = this.cloud.clock.at(this.options.dueAt(entry), () => {
      this.timers.delete(id);
      this.enqueue(id);
    });
    this.timers.set(id, timer);
  }

  private pump(): void {
    const { service, table, attempt } = this.options;
    while (!this.ended && this.active < MAX_CONCURRENT && this.ready.length > 0) {
      const entry = table.get(this.ready.shift() ?? '');
      if (entry === undefined) continue;
      this.active += 1;
      const work = attempt(entry).catch((error: unknown) => this.cloud.log(service, `an attempt failed: ${String(error)}`));
      void this.cloud.activity.track(work).finally(() => {
        this.active -= 1;
        this.pump();
      });
    }
  }
}
