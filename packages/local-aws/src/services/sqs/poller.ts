import type { Cloud } from '../../cloud';
import type { QueueStore } from './store';

/** Long polls: each waits until something changes in its queue, a hidden message comes back, or its time is over. */
export class Poller {
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly changes = new Map<string, number>();

  constructor(
    private readonly cloud: Cloud,
    private readonly store: QueueStore,
    private readonly changedQueue: (name: string) => void,
  ) {}

  changed(name: string): void {
    this.changes.set(name, this.changesOf(name) + 1);
    this.changedQueue(name);
    this.wake(name);
  }

  /** How often a queue has changed; read before a look into it, it tells whether the look is still good. */
  changesOf(name: string): number {
    return this.changes.get(name) ?? 0;
  }

  /**
   * Resolves at the next reason to look again after `seen` changes. The limit is the client's, so it is on the wall clock:
   * a paused cloud answers too.
   */
  wait(name: string, seen: number, limitMs: number): Promise<void> {
    if (this.changesOf(name) !== seen) return Promise.resolve();
    return new Promise((resolve) => {
      const next = this.store.nextVisible(name);
      const timer = next === undefined ? undefined : this.cloud.clock.at(next, () => done());
      const limit = setTimeout(() => done(), limitMs);
      const waiters = this.waiting.get(name) ?? new Set();
      this.waiting.set(name, waiters);
      const done = (): void => {
        clearTimeout(limit);
        timer?.cancel();
        waiters.delete(done);
        resolve();
      };
      waiters.add(done);
    });
  }

  stop(): void {
    for (const name of this.waiting.keys()) this.wake(name);
  }

  private wake(name: string): void {
    for (const done of [...(this.waiting.get(name) ?? [])]) done();
  }
}
