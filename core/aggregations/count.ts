import * as z from 'zod';
import type { WindowedKind } from './aggregation-kind';
import { total } from './sql';
import { type Accumulated, overWindow, windowed } from './windowed';

const schema = z.strictObject({ kind: z.literal('count'), ...windowed });

/** Number of events; of nothing it is 0. */
export const countKind = {
  kind: 'count',
  schema,
  type: 'integer',
  key: () => 'count',
  columns: () => [],
  observe: () => ({ n: 1, value: 1 }),
  merge: (a, b) => ({ n: a.n + b.n, value: a.value + b.value }),
  finish: (state) => state?.value ?? 0,
  parts: () => ({ n: 'count(ts)' }),
  combine: (part) => `CAST(${total(part('n'))} AS BIGINT)`,
} as const satisfies WindowedKind<z.infer<typeof schema>, Accumulated>;

/** Number of events. */
export function count() {
  return overWindow((window) => ({ kind: 'count' as const, window }));
}
