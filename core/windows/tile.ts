import { mergePartials, type Observation, observe, type Partial } from './partial';
import { tileIndex, type WindowPlan } from './plan';

/** The events of one entity within one span of time, summed up; plain data. */
export interface Tile {
  readonly index: number;
  /** Ids of the events inside: a second delivery changes nothing. */
  readonly ids: readonly string[];
  /** Newest event time inside, milliseconds since 1970. */
  readonly newest: number;
  readonly partials: Readonly<Record<string, Partial>>;
}

/** Adds an event to its tile. Returns the same object when the event is already inside. */
export function addToTile(plan: WindowPlan, tile: Tile | undefined, event: Observation): Tile {
  const index = tileIndex(plan, event.at);
  if (tile !== undefined && tile.index !== index) throw new RangeError(`event of tile ${index} added to tile ${tile.index}`);
  if (tile?.ids.includes(event.id) === true) return tile;
  const partials: Record<string, Partial> = {};
  for (const measure of plan.measures) {
    const merged = mergePartials(measure, tile?.partials[measure.key], observe(measure, event));
    if (merged !== undefined) partials[measure.key] = merged;
  }
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
  const partials: Record<string, Partial> = {};
  for (const measure of plan.measures) {
    const merged = mergePartials(measure, a.partials[measure.key], b.partials[measure.key]);
    if (merged !== undefined) partials[measure.key] = merged;
  }
  return { index: a.index, ids: [...a.ids, ...b.ids], newest: Math.max(a.newest, b.newest), partials };
}
