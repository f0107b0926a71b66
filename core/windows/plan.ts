import { type WindowedAggregation, windowedKind } from '../aggregations';
import { type FeatureGroup, milliseconds, type Source, storedAggregations, tileWidthSeconds } from '../definition';

/** What a tile keeps for one column and kind; features that differ only in their window share it. */
export interface Measure {
  readonly key: string;
  /** The aggregation of one of the features; its window says nothing here. */
  readonly aggregation: WindowedAggregation;
}

/** How one stored feature is read from tiles. */
export interface WindowedFeature {
  readonly name: string;
  readonly measure: Measure;
  /** Number of tiles in the window, the newest event's tile included. */
  readonly tiles: number;
}

/** A feature group, ready for arithmetic: the one meaning of a window, for the stream and for SQL. */
export interface WindowPlan {
  readonly group: string;
  readonly entity: readonly string[];
  readonly eventId: string;
  readonly eventTime: string;
  readonly widthMs: number;
  readonly measures: readonly Measure[];
  readonly features: readonly WindowedFeature[];
  /** Tiles that the largest window needs. */
  readonly depth: number;
}

/** Derives the plan of a checked group. */
export function windowPlan(group: FeatureGroup, source: Source): WindowPlan {
  const width = tileWidthSeconds(group.aggregations);
  if (width === undefined) throw new RangeError(`feature group ${group.name} has no tile width`);
  const widthMs = width * 1000;
  const features = storedAggregations(group).map(([name, aggregation]) => ({
    name,
    measure: { key: windowedKind(aggregation).key(aggregation), aggregation },
    tiles: milliseconds(aggregation.window) / widthMs,
  }));
  const measures = [...new Map(features.map((feature) => [feature.measure.key, feature.measure])).values()];
  const depth = Math.max(...features.map((feature) => feature.tiles));
  const { entity, name } = group;
  return { group: name, entity, eventId: source.eventId, eventTime: source.eventTime, widthMs, measures, features, depth };
}

/** Index of the tile that holds an instant (milliseconds since 1970). */
export function tileIndex(plan: WindowPlan, at: number): number {
  return Math.floor(at / plan.widthMs);
}
