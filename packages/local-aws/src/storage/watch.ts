import type { Storage, Table } from './storage';

/** What is kept of tables in memory, until they change. */
export interface Kept {
  /** Whether what is read now may be kept: not while a change is under way, which others do not see yet. */
  readonly mayKeep: boolean;
}

/**
 * The tables of a store, watched: `onChange` is called when a change is asked for and again when everybody can read it (within a
 * transaction a write's own promise resolves before that).
 */
export class Watch implements Kept {
  private underWay = 0;

  constructor(
    private readonly storage: Pick<Storage, 'committed'>,
    private readonly onChange: () => void,
  ) {}

  get mayKeep(): boolean {
    return this.underWay === 0;
  }

  table<V>(table: Table<V>): Table<V> {
    const changing = (work: Promise<void>): Promise<void> => {
      this.underWay += 1;
      this.onChange();
      const settled = (): Promise<unknown> => this.storage.committed();
      void work.then(settled, settled).finally(() => {
        this.underWay -= 1;
        this.onChange();
      });
      return work;
    };
    return {
      ...table,
      put: (key, value) => changing(table.put(key, value)),
      remove: (key) => changing(table.remove(key)),
    };
  }
}
