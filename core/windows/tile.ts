import { type AggregateState, type SourceEvent, windowedKind } from '../aggregations';
import { type Measure, tileIndex, type WindowPlan } from './plan';

/** The events of one entity within one span of time, summed up; plain data. */
export interface Tile {
  readonly index: number;
  /** Ids of the events inside: a second delivery changes nothing. */
  readonly ids: readonly string[];
  /** Newest event time inside, milliseconds since 1970. */
  readonly newest: number;
  /** State of each measure, by its key. */
  readonly partials: Readonly<Record<string, AggregateState>>;
}

/** Adds an event to its tile. Returns the same object when the event is already inside. */
export function addToTile(plan: WindowPlan, tile: Tile | undefined, event: SourceEvent): Tile {
  const index = tileIndex(plan, event.at);
  if (tile !== undefined && tile.index !== index) throw new RangeError(`event of tile ${index} added to tile ${tile.index}`);
  if (tile?.ids.includes(event.id) === true) return tile;
  const partials = mergeAll(
    plan,
    (measure) => tile?.partials[measure.key],
    ({ aggregation }) => windowedKind(aggregation).observe(aggregation, event),
  );
  return {
    index,
    ids: [...(tile?.ids ?? []), event.id],
    newest: Math.max(tile?.newest ?? Number.NEGATIVE_INFINITY, event.at),
    partials,
  };
}

/** Merges tiles of the same span that hold disjoint events. */
export function mergeTiles(plan: WindowPlan, a: Tile, b: Tile): Tile {
  if (a.index !== b.index) throw new RangeError(`tiles ${a.index} and ${b.index} cannot merge`);
  const partials = mergeAll(
    plan,
    ({ key }) => a.partials[key],
    ({ key }) => b.partials[key],
  );
  return { index: a.index, ids: [...a.ids, ...b.ids], newest: Math.max(a.newest, b.newest), partials };
}

/** Combines states of disjoint sets of events, of which either may be empty. */
export function mergeStates(
  { aggregation }: Measure,
  a: AggregateState | undefined,
  b: AggregateState | undefined,
): AggregateState | undefined {
  return a === undefined || b === undefined ? (a ?? b) : windowedKind(aggregation).merge(a, b);
}

type StateOf = (measure: Measure) => AggregateState | undefined;

function mergeAll(plan: WindowPlan, left: StateOf, right: StateOf): Tile['partials'] {
  const partials: Record<string, AggregateState> = {};
  for (const measure of plan.measures) {
    const merged = mergeStates(measure, left(measure), right(measure));
    if (merged !== undefined) partials[measure.key] = merged;
  }
  return partials;
}
