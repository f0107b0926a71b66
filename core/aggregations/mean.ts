import * as z from 'zod';
import type { WindowedKind } from './aggregation-kind';
import { asDouble, total } from './sql';
import { type Accumulated, numberIn, ofColumn, overWindow } from './windowed';

const schema = z.strictObject({ kind: z.literal('mean'), ...ofColumn });

/** Arithmetic mean of a column. */
export const meanKind = {
  kind: 'mean',
  schema,
  type: 'number',
  key: ({ column }) => `mean_${column}`,
  columns: ({ column }) => [column],
  observe({ column }, { values }) {
    const value = numberIn(values, column);
    return value === undefined ? undefined : { n: 1, value };
  },
  merge: (a, b) => ({ n: a.n + b.n, value: a.value + b.value }),
  finish: (state) => (state === undefined ? null : state.value / state.n),
  parts: ({ column }) => ({ s: `sum(${asDouble(column)})`, n: `count(${column})` }),
  combine: (part) => `(${total(part('s'))}) / NULLIF(${total(part('n'))}, 0E0)`,
} as const satisfies WindowedKind<z.infer<typeof schema>, Accumulated>;

/** Arithmetic mean of the column. */
export function mean<C extends string>(column: C) {
  return overWindow((window) => ({ kind: 'mean' as const, column, window }));
}
