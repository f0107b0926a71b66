import * as z from 'zod';
import { nonEmpty } from '../non-empty';
import { ageKind } from './age';
import type { ReadTimeKind, WindowedKind } from './aggregation-kind';
import { countKind } from './count';
import { lastKind } from './last';
import { maxKind } from './max';
import { meanKind } from './mean';
import { minKind } from './min';
import { shareKind } from './share';
import { sumKind } from './sum';

export * from './age';
export * from './aggregation-kind';
export * from './count';
export * from './last';
export * from './max';
export * from './mean';
export * from './min';
export * from './share';
export { double } from './sql';
export * from './sum';

/** Every kind of aggregation over a window: a file beside this one, and a line here. */
const WINDOWED = [meanKind, shareKind, maxKind, minKind, lastKind, sumKind, countKind] as const;
/** Every kind that is computed when a record is read. */
const READ_TIME = [ageKind] as const;

type Windowed = (typeof WINDOWED)[number];
type ReadTime = (typeof READ_TIME)[number];

/** How events of one entity become one value; see core/windows for the exact window. */
export const aggregationSchema = z.discriminatedUnion('kind', nonEmpty([...WINDOWED, ...READ_TIME].map(({ schema }) => schema)));
export type WindowedAggregation = z.infer<Windowed['schema']>;
export type Aggregation = WindowedAggregation | z.infer<ReadTime['schema']>;

/** An aggregation over a column that the compiler knows. */
export type AggregationOf<C extends string> = Aggregation extends infer A
  ? A extends { column: string }
    ? A & { readonly column: C }
    : A
  : never;

const windowedKinds = new Map<string, WindowedKind>(WINDOWED.map((it) => [it.kind, it]));
const readTimeKinds = new Map<string, ReadTimeKind>(READ_TIME.map((it) => [it.kind, it]));

/** The rules of a windowed aggregation. */
export function windowedKind({ kind }: WindowedAggregation): WindowedKind {
  const found = windowedKinds.get(kind);
  if (found === undefined) throw new RangeError(`no aggregation '${kind}', allowed: ${[...windowedKinds.keys()].join(', ')}`);
  return found;
}

/** The rules of an aggregation that is computed when read; undefined for one over a window. */
export function readTimeKind({ kind }: Pick<Aggregation, 'kind'>): ReadTimeKind | undefined {
  return readTimeKinds.get(kind);
}

/** Names of the aggregations over a window. */
export const WINDOWED_KINDS: readonly string[] = [...windowedKinds.keys()];

/** Columns of the source that an aggregation reads. */
export function columnsOf(aggregation: Aggregation): readonly string[] {
  return isWindowed(aggregation) ? windowedKind(aggregation).columns(aggregation) : [];
}

/** Type of an aggregation's value. */
export function valueType(aggregation: Aggregation): 'integer' | 'number' {
  return isWindowed(aggregation) ? windowedKind(aggregation).type : (readTimeKind(aggregation)?.type ?? 'number');
}

/** True for an aggregation that is kept in tiles and stored in records. */
export function isWindowed(aggregation: Aggregation): aggregation is WindowedAggregation {
  return windowedKinds.has(aggregation.kind);
}
