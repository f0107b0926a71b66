import {
  type FeatureGroup,
  milliseconds,
  type Source,
  storedAggregations,
  tileWidthSeconds,
  type WindowedAggregation,
} from '../definition';

/** What a tile keeps for one column and kind; features that differ only in their window share it. */
export type Measure =
  | { readonly key: string; readonly kind: 'count' }
  | { readonly key: string; readonly kind: 'mean' | 'max' | 'last'; readonly column: string }
  | { readonly key: string; readonly kind: 'share'; readonly column: string; readonly above: number };

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
    measure: measureOf(aggregation),
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

function measureOf(aggregation: WindowedAggregation): Measure {
  if (aggregation.kind === 'count') return { key: 'count', kind: 'count' };
  const { kind, column } = aggregation;
  return aggregation.kind === 'share'
    ? { key: `share_${column}_${aggregation.above}`, kind: 'share', column, above: aggregation.above }
    : { key: `${kind}_${column}`, kind: aggregation.kind, column };
}
