import { type AggregateState, windowedKind } from '../aggregations';
import { tileIndex, type WindowedFeature, type WindowPlan } from './plan';
import { mergeStates, type Tile } from './tile';

/** The features of an entity as of its newest event. */
export interface FeatureRecord {
  /** Time of the newest event, milliseconds since 1970. */
  readonly eventTime: number;
  /** Feature name to value; null = no event in the window had one. */
  readonly values: Readonly<Record<string, number | null>>;
}

/**
 * The record at the newest event of the tiles, which must include all non-empty ones of the largest window that ends there;
 * those before it change nothing.
 *
 * A window of W tiles covers whole tiles: the newest event's and the W - 1 before it. Undefined without tiles.
 */
export function readRecord(plan: WindowPlan, tiles: readonly Tile[]): FeatureRecord | undefined {
  if (tiles.length === 0) return undefined;
  const eventTime = Math.max(...tiles.map((tile) => tile.newest));
  const last = tileIndex(plan, eventTime);
  const values = plan.features.map((feature) => [feature.name, read(feature, tiles, last)] as const);
  return { eventTime, values: Object.fromEntries(values) };
}

/** How far ahead of the platform's clock a sender's may be, milliseconds. What lies further ahead is refused: it would hide all that follows. */
export const MAX_CLOCK_SKEW_MS = 5 * 60_000;

/** True while a record may be used: younger than the group's time to live, and not of the future. */
export function isFresh(eventTime: number, now: number, ttlMs: number): boolean {
  return now - eventTime < ttlMs && eventTime <= now + MAX_CLOCK_SKEW_MS;
}

function read(feature: WindowedFeature, tiles: readonly Tile[], last: number): number | null {
  const inside = tiles.filter((tile) => tile.index > last - feature.tiles);
  const ordered = inside.toSorted((a, b) => a.index - b.index);
  const { measure } = feature;
  const merged = ordered.reduce<AggregateState | undefined>(
    (state, tile) => mergeStates(measure, state, tile.partials[measure.key]),
    undefined,
  );
  return windowedKind(measure.aggregation).finish(merged);
}
