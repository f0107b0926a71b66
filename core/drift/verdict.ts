import type { DriftLimits } from '../definition';
import { type DriftStatistics, STATISTIC_NAMES, type StatisticName } from './statistics';

export interface DriftBreach {
  readonly statistic: StatisticName;
  readonly value: number;
  readonly limit: number;
}

export type DriftVerdict =
  | { readonly state: 'insufficient'; readonly n: number; readonly needed: number }
  | { readonly state: 'stable'; readonly breaches: readonly [] }
  | { readonly state: 'drifted'; readonly breaches: readonly DriftBreach[] };

/**
 * Judges statistics by limits; a breach is strictly above its limit.
 *
 * @param n values that the statistics were computed from
 */
export function driftVerdict(statistics: DriftStatistics, limits: DriftLimits, n: number, minSamples: number): DriftVerdict {
  if (n < minSamples) return { state: 'insufficient', n, needed: minSamples };
  const breaches = limited(statistics, limits).filter(({ value, limit }) => value > limit);
  return breaches.length === 0 ? { state: 'stable', breaches: [] } : { state: 'drifted', breaches };
}

/**
 * One number for an alarm over inputs with different limits: the largest statistic as a share of its limit; above 1 is a breach.
 * Undefined when nothing is limited.
 */
export function driftRatio(statistics: DriftStatistics, limits: DriftLimits): number | undefined {
  const ratios = limited(statistics, limits).map(({ value, limit }) => ratioTo(value, limit));
  return ratios.length === 0 ? undefined : Math.max(0, ...ratios);
}

function limited(statistics: DriftStatistics, limits: DriftLimits): DriftBreach[] {
  return STATISTIC_NAMES.flatMap((statistic) => {
    const limit = limits[statistic];
    return limit === undefined ? [] : [{ statistic, value: statistics[statistic], limit }];
  });
}

function ratioTo(value: number, limit: number): number {
  if (limit === 0) return value > 0 ? 2 : 0;
  return value / limit;
}
