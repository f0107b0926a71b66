import type { Table } from './storage';

/** The table, with a call at every change of it: when it is asked for, and again when it is durable (reads until then give the former value). */
export function watched<V>(table: Table<V>, onChange: () => void): Table<V> {
  const changing = (work: Promise<void>): Promise<void> => {
    onChange();
    return work.then(onChange);
  };
  return {
    ...table,
    put: (key, value) => changing(table.put(key, value)),
    remove: (key) => changing(table.remove(key)),
  };
}
