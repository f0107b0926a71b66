import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { commitFailureOf } from './disk-failure';
import type { Key } from './key';
import { Seal } from './seal';
import { UndoLog } from './undo-log';

/** Sorts after every string and number in a key: the last character there is (text is ordered by its UTF-8 bytes). */
export const HIGHEST = '\u{10ffff}';

export interface Range {
  readonly start?: Key;
  readonly end?: Key;
  readonly limit?: number;
  readonly reverse?: boolean;
}

/** An ordered map of one kind of record. Reads are synchronous; a write is safe against SIGKILL once its promise resolves. */
export interface Table<V> {
  get(key: Key): V | undefined;
  put(key: Key, value: V): Promise<void>;
  remove(key: Key): Promise<void>;
  /** Entries in key order from `start` (inclusive) to `end` (exclusive); with `reverse`, `start` is the upper bound. */
  entries(range?: Range): Iterable<{ key: Key; value: V }>;
  /** Entries whose array key begins with `prefix`. */
  under(prefix: (string | number)[], range?: Omit<Range, 'start' | 'end'>): Iterable<{ key: Key; value: V }>;
}

/** The outcome of a write. Who does not wait for it (within a transaction, whose own outcome counts) need not handle its failure. */
function written(work: Promise<unknown>): Promise<void> {
  const done = work.then(
    () => undefined,
    async (error: unknown) => {
      throw await commitFailureOf(error);
    },
  );
  done.catch(() => undefined);
  return done;
}

/** Waits for writes whose failures are told to those who made them. */
async function settled(work: PromiseLike<unknown>): Promise<void> {
  await Promise.resolve(work).catch(() => undefined);
}

/** The outcome of a write that will not be made any more. */
const NEVER = new Promise<never>(() => undefined);

/** The crash-safe store of the local AWS: named tables in one LMDB environment, with transactions across tables. */
export class Storage {
  private readonly root: RootDatabase;
  private readonly tables = new Map<string, Database>();
  private readonly undo: UndoLog;
  private readonly seal: Seal;
  private closing = false;
  private inTransaction = false;

  /** Throws `DamagedStore` if the file is not what it was when it was closed. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'store.mdb');
    this.seal = new Seal(path);
    this.seal.break();
    // noSync: a killed process loses nothing (the pages are the kernel's); only a power cut could, and this is a development machine.
    this.root = open({ path, maxDbs: 256, noSync: true, encoding: 'msgpack' });
    this.undo = new UndoLog(this.root, (name) => this.database(name));
  }

  table<V>(name: string): Table<V> {
    const database = this.database(name) as Database<V>;
    return {
      get: (key) => database.get(key),
      // Not async: a key that cannot be stored throws here, so that a transaction around it is aborted.
      put: (key, value) => {
        if (this.isOver()) return NEVER;
        this.undo.note(name, key);
        return written(database.put(key, value));
      },
      remove: (key) => (this.isOver() ? NEVER : written(database.remove(key))),
      entries: (range = {}) => database.getRange(range) as Iterable<{ key: Key; value: V }>,
      under: (prefix, range = {}) => this.under(database, prefix, range),
    };
  }

  /** Runs `work` as one atomic write (reads inside see its own writes); resolves after it is committed. A throw aborts it. */
  async transaction<T>(work: () => T): Promise<T> {
    if (this.isOver()) return NEVER;
    let outcome: { value: T } | { error: unknown } | undefined;
    const run = this.undo.current;
    const committed = this.root.childTransaction(() => {
      this.inTransaction = true;
      try {
        outcome = { value: this.undo.within(run, work) };
        return undefined;
      } catch (error) {
        outcome = { error };
        return ABORTED;
      } finally {
        this.inTransaction = false;
      }
    });
    await written(committed);
    if (outcome === undefined) throw new Error('the store did not run the transaction');
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  /**
   * Runs `work`, and `commit` with its outcome in the transaction that ends it. If the process dies before that, the records that `work`
   * has made are gone when the store is opened again (changes of records that were there are not taken back).
   */
  async undoable<T>(work: () => Promise<T>, commit: (value: T) => void): Promise<T> {
    const run = this.undo.begin();
    try {
      const value = await this.undo.within(run, work);
      run.open = false;
      await this.transaction(() => {
        commit(value);
        this.undo.forget(run);
      });
      return value;
    } catch (error) {
      this.undo.forget(run);
      throw error;
    }
  }

  /** Resolves when every write so far can be read by everybody. */
  committed(): Promise<unknown> {
    return settled(this.root.committed);
  }

  /**
   * Closes the store when what was begun is written. Whoever writes later waits for ever, as if the process had died there: the work of a
   * server that is being stopped goes on after its next start.
   */
  async close(): Promise<void> {
    this.closing = true;
    await settled(this.root.committed);
    await settled(this.root.flushed);
    await this.root.close();
    try {
      this.seal.close();
    } catch {
      // Without room for the seal, or with its folder gone, the store is as one of a killed process: whole, and not held to a checksum.
    }
  }

  /** Whether a write comes after the end; one of a transaction that was begun before it is of that. */
  private isOver(): boolean {
    return this.closing && !this.inTransaction;
  }

  private database(name: string): Database {
    let database = this.tables.get(name);
    if (database === undefined) {
      database = this.root.openDB({ name, encoding: 'msgpack' });
      this.tables.set(name, database);
    }
    return database;
  }

  private *under<V>(
    database: Database<V>,
    prefix: (string | number)[],
    range: Omit<Range, 'start' | 'end'>,
  ): Iterable<{ key: Key; value: V }> {
    const bounds = { low: prefix, high: [...prefix, HIGHEST] };
    const scan = range.reverse === true ? { start: bounds.high, end: bounds.low } : { start: bounds.low, end: bounds.high };
    for (const { key, value } of database.getRange({ ...range, ...scan } as object)) yield { key: key as Key, value };
  }
}

/** lmdb's marker for "roll this transaction back". */
const { ABORT: ABORTED } = require('lmdb') as { ABORT: object };
