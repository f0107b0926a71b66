import * as z from 'zod';
import type { WindowedKind } from './aggregation-kind';
import { double, total } from './sql';
import { type Accumulated, numberIn, ofColumn, overWindow } from './windowed';

const schema = z.strictObject({ kind: z.literal('share'), above: z.number(), ...ofColumn });

/** Share of the events with a value, 0 to 1, whose column is above a threshold. */
export const shareKind = {
  kind: 'share',
  schema,
  type: 'number',
  key: ({ column, above }) => `share_${column}_${above}`,
  columns: ({ column }) => [column],
  observe({ column, above }, { values }) {
    const value = numberIn(values, column);
    return value === undefined ? undefined : { n: 1, value: value > above ? 1 : 0 };
  },
  merge: (a, b) => ({ n: a.n + b.n, value: a.value + b.value }),
  finish: (state) => (state === undefined ? null : state.value / state.n),
  parts: ({ column, above }) => ({
    s: `sum(CASE WHEN ${column} > ${double(above)} THEN 1 ELSE 0 END)`,
    n: `count(${column})`,
  }),
  combine: (part) => `(${total(part('s'))}) / NULLIF(${total(part('n'))}, 0E0)`,
} as const satisfies WindowedKind<z.infer<typeof schema>, Accumulated>;

/** Share of events, 0 to 1, whose column is above a threshold. */
export function share<C extends string>(column: C, threshold: { readonly above: number }) {
  return overWindow((window) => ({ kind: 'share' as const, column, above: threshold.above, window }));
}
