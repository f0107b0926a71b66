import * as z from 'zod';
import type { WindowedKind } from './aggregation-kind';
import { asDouble, firstOf } from './sql';
import { numberIn, ofColumn, overWindow } from './windowed';

const schema = z.strictObject({ kind: z.literal('last'), ...ofColumn });

interface Newest {
  readonly [part: string]: number | string;
  readonly n: number;
  readonly value: number;
  /** Event time (ms) and id of the newest value; the greater id wins at equal time. */
  readonly at: number;
  readonly id: string;
}

/** A column's newest value that is not null. */
export const lastKind = {
  kind: 'last',
  schema,
  type: 'number',
  key: ({ column }) => `last_${column}`,
  columns: ({ column }) => [column],
  observe({ column }, { at, id, values }) {
    const value = numberIn(values, column);
    return value === undefined ? undefined : { n: 1, value, at, id };
  },
  merge: (a, b) => ({ ...(isNewer(a, b) ? a : b), n: a.n + b.n }),
  finish: (state) => state?.value ?? null,
  // The rows of an entity are numbered by event time and id.
  parts: ({ column }) => ({ l: `max_by(${asDouble(column)}, CASE WHEN ${column} IS NULL THEN NULL ELSE seq END)` }),
  combine: (part) => firstOf(part('l')),
} as const satisfies WindowedKind<z.infer<typeof schema>, Newest>;

/** The column's newest value that is not null. */
export function last<C extends string>(column: C) {
  return overWindow((window) => ({ kind: 'last' as const, column, window }));
}

function isNewer(a: Newest, b: Newest): boolean {
  return a.at === b.at ? a.id >= b.id : a.at > b.at;
}
