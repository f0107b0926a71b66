import * as z from 'zod';
import type { WindowedKind } from './aggregation-kind';
import { asDouble, total } from './sql';
import { type Accumulated, numberIn, ofColumn, overWindow } from './windowed';

const schema = z.strictObject({ kind: z.literal('sum'), ...ofColumn });

/** Sum of a column; null, not 0, when no event had a value. */
export const sumKind = {
  kind: 'sum',
  schema,
  type: 'number',
  key: ({ column }) => `sum_${column}`,
  columns: ({ column }) => [column],
  observe({ column }, { values }) {
    const value = numberIn(values, column);
    return value === undefined ? undefined : { n: 1, value };
  },
  merge: (a, b) => ({ n: a.n + b.n, value: a.value + b.value }),
  finish: (state) => state?.value ?? null,
  parts: ({ column }) => ({ s: `sum(${asDouble(column)})`, n: `count(${column})` }),
  combine: (part) => `CASE WHEN ${total(part('n'))} > 0E0 THEN ${total(part('s'))} END`,
} as const satisfies WindowedKind<z.infer<typeof schema>, Accumulated>;

/** Sum of the column. */
export function sum<C extends string>(column: C) {
  return overWindow((window) => ({ kind: 'sum' as const, column, window }));
}
