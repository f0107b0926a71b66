import * as z from 'zod';
import type { WindowedKind } from './aggregation-kind';
import { asDouble, extreme } from './sql';
import { type Accumulated, numberIn, ofColumn, overWindow } from './windowed';

const schema = z.strictObject({ kind: z.literal('max'), ...ofColumn });

/** Greatest value of a column. */
export const maxKind = {
  kind: 'max',
  schema,
  type: 'number',
  key: ({ column }) => `max_${column}`,
  columns: ({ column }) => [column],
  observe({ column }, { values }) {
    const value = numberIn(values, column);
    return value === undefined ? undefined : { n: 1, value };
  },
  merge: (a, b) => ({ n: a.n + b.n, value: Math.max(a.value, b.value) }),
  finish: (state) => state?.value ?? null,
  parts: ({ column }) => ({ m: `max(${asDouble(column)})` }),
  combine: (part) => extreme('greatest', part('m')),
} as const satisfies WindowedKind<z.infer<typeof schema>, Accumulated>;

/** Greatest value of the column. */
export function max<C extends string>(column: C) {
  return overWindow((window) => ({ kind: 'max' as const, column, window }));
}
