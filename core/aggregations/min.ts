import * as z from 'zod';
import type { WindowedKind } from './aggregation-kind';
import { asDouble, extreme } from './sql';
import { type Accumulated, numberIn, ofColumn, overWindow } from './windowed';

const schema = z.strictObject({ kind: z.literal('min'), ...ofColumn });

/** Least value of a column. */
export const minKind = {
  kind: 'min',
  schema,
  type: 'number',
  key: ({ column }) => `min_${column}`,
  columns: ({ column }) => [column],
  observe({ column }, { values }) {
    const value = numberIn(values, column);
    return value === undefined ? undefined : { n: 1, value };
  },
  merge: (a, b) => ({ n: a.n + b.n, value: Math.min(a.value, b.value) }),
  finish: (state) => state?.value ?? null,
  parts: ({ column }) => ({ m: `min(${asDouble(column)})` }),
  combine: (part) => extreme('least', part('m')),
} as const satisfies WindowedKind<z.infer<typeof schema>, Accumulated>;

/** Least value of the column. */
export function min<C extends string>(column: C) {
  return overWindow((window) => ({ kind: 'min' as const, column, window }));
}
