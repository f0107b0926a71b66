import type { Timer } from '../clock/clock';
import type { Cloud } from '../cloud';
import type { Table } from '../storage/storage';

/** Durable next firings by name: a restart or a jump of the clock fires what became due, in order, each at its own instant. */
export class Timetable {
  private readonly due: Table<number>;
  private readonly timers = new Map<string, Timer>();

  constructor(
    private readonly cloud: Cloud,
    table: string,
    /** Does the work that was due at `at`, and says when the name is due next. */
    private readonly fire: (name: string, at: number) => Promise<number | undefined>,
  ) {
    this.due = cloud.storage.table(table);
  }

  start(): void {
    for (const { key, value } of this.due.entries()) this.arm(String(key), value);
  }

  stop(): void {
    for (const timer of this.timers.values()) timer.cancel();
    this.timers.clear();
  }

  /** Sets, or with undefined removes, the next firing of a name. */
  async set(name: string, at: number | undefined): Promise<void> {
    this.timers.get(name)?.cancel();
    this.timers.delete(name);
    if (at === undefined) return this.due.remove(name);
    await this.due.put(name, at);
    this.arm(name, at);
  }

  private arm(name: string, at: number): void {
    this.timers.get(name)?.cancel();
    const timer = this.cloud.clock.at(at, () => this.run(name, at));
    this.timers.set(name, timer);
  }

  private async run(name: string, at: number): Promise<void> {
    if (this.due.get(name) !== at) return;
    try {
      const next = await this.fire(name, at);
      if (this.due.get(name) === at) await this.set(name, next);
    } catch (error) {
      this.cloud.log('schedules', `${name}: ${String(error)}`);
    }
  }
}
