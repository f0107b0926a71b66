import * as z from 'zod';
import { type Duration, durationSchema } from './duration';
import { columnName } from './identifier';

const described = { description: z.string().max(255).optional() };
const windowed = { column: columnName, window: durationSchema, ...described };

/** How events of one entity become one value; see core/windows for the exact window. Nulls of the column are skipped. */
export const aggregationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mean'), ...windowed }),
  z.strictObject({ kind: z.literal('share'), above: z.number(), ...windowed }),
  z.strictObject({ kind: z.literal('max'), ...windowed }),
  z.strictObject({ kind: z.literal('last'), ...windowed }),
  z.strictObject({ kind: z.literal('count'), window: durationSchema, ...described }),
  z.strictObject({ kind: z.literal('age'), ...described }),
]);

export type Aggregation = z.infer<typeof aggregationSchema>;
export type WindowedAggregation = Exclude<Aggregation, { kind: 'age' }>;

/** An aggregation over a column that the compiler knows. */
export type AggregationOf<C extends string> =
  | (Exclude<WindowedAggregation, { kind: 'count' }> & { readonly column: C })
  | Extract<Aggregation, { kind: 'count' | 'age' }>;

interface Over<T> {
  /** Length of the window that ends at the entity's newest event. */
  over(window: Duration, description?: string): T;
}

function windowedBy<T>(build: (window: Duration) => T): Over<T> {
  return { over: (window, description) => ({ ...build(window), ...(description === undefined ? {} : { description }) }) };
}

/** Arithmetic mean of the column. */
export function mean<C extends string>(column: C) {
  return windowedBy((window) => ({ kind: 'mean' as const, column, window }));
}

/** Share of events, 0 to 1, whose column is above a threshold. */
export function share<C extends string>(column: C, threshold: { readonly above: number }) {
  return windowedBy((window) => ({ kind: 'share' as const, column, above: threshold.above, window }));
}

export function max<C extends string>(column: C) {
  return windowedBy((window) => ({ kind: 'max' as const, column, window }));
}

/** The column's newest value that is not null. */
export function last<C extends string>(column: C) {
  return windowedBy((window) => ({ kind: 'last' as const, column, window }));
}

/** Number of events. */
export function count() {
  return windowedBy((window) => ({ kind: 'count' as const, window }));
}

/** Seconds from the group's newest record to the moment of reading; computed when read, not stored. */
export function age(description?: string) {
  return { kind: 'age' as const, ...(description === undefined ? {} : { description }) };
}
