import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Database, RootDatabase } from 'lmdb';
import { commitFailureOf } from './disk-failure';
import type { Key } from './key';

interface Made {
  readonly table: string;
  readonly key: Key;
}

/** Work under way, whose new records vanish if the process dies before it ends. */
export interface UndoableRun {
  readonly id: string;
  made: number;
  open: boolean;
  ended: boolean;
}

/** Write-ahead list of the records that unfinished work has made: what a killed process leaves in it, the next one takes back. */
export class UndoLog {
  private readonly runs = new AsyncLocalStorage<UndoableRun | undefined>();
  private readonly log: Database<Made>;
  /** Runs under way. */
  private under = 0;

  constructor(
    root: RootDatabase,
    private readonly open: (table: string) => Database,
  ) {
    this.log = root.openDB({ name: 'storage/undo', encoding: 'msgpack' });
    root.transactionSync(() => {
      for (const { key, value } of [...this.log.getRange()]) {
        this.open(value.table).removeSync(value.key);
        this.log.removeSync(key);
      }
    });
  }

  get current(): UndoableRun | undefined {
    return this.runs.getStore();
  }

  /** Runs `work` with its writes noted under `run`, or under none. */
  within<T>(run: UndoableRun | undefined, work: () => T): T {
    return this.under === 0 ? work() : this.runs.run(run, work);
  }

  begin(): UndoableRun {
    this.under += 1;
    return { id: randomUUID(), made: 0, open: true, ended: false };
  }

  /** Notes a record that is about to be made; called before the write, so that it is on disk no later. */
  note(table: string, key: Key): void {
    const run = this.current;
    if (run?.open !== true || this.open(table).doesExist(key)) return;
    this.log.put([run.id, run.made++], { table, key }).catch(commitFailureOf);
  }

  private end(run: UndoableRun): void {
    if (run.ended) return;
    run.ended = true;
    this.under -= 1;
    // Following a context costs at every promise of the process, so it is not followed while there is none.
    if (this.under === 0) this.runs.disable();
  }

  /** Forgets a run: what it made stays. */
  forget(run: UndoableRun): void {
    run.open = false;
    this.end(run);
    for (let index = 0; index < run.made; index += 1) this.log.remove([run.id, index]).catch(commitFailureOf);
  }
}
