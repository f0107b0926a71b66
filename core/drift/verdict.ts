import type { DriftLimits } from '../definition';
import type { DriftStatistics } from './statistics';

export type DriftStatisticName = keyof DriftLimits;

export interface DriftBreach {
  readonly statistic: DriftStatisticName;
  readonly value: number;
  readonly limit: number;
}

export type DriftVerdict =
  | { readonly state: 'insufficient'; readonly n: number; readonly needed: number }
  | { readonly state: 'stable'; readonly breaches: readonly [] }
  | { readonly state: 'drifted'; readonly breaches: readonly DriftBreach[] };

const STATISTICS: readonly DriftStatisticName[] = ['psi', 'jensenShannon', 'missingIncrease', 'outOfRange'];

/** Judges statistics by limits; a breach is strictly above its limit. */
export function driftVerdict(statistics: DriftStatistics, limits: DriftLimits, minSamples: number): DriftVerdict {
  if (statistics.n < minSamples) return { state: 'insufficient', n: statistics.n, needed: minSamples };
  const breaches = STATISTICS.flatMap((statistic) => {
    const limit = limits[statistic];
    const value = statistics[statistic];
    return limit !== undefined && value > limit ? [{ statistic, value, limit }] : [];
  });
  return breaches.length === 0 ? { state: 'stable', breaches: [] } : { state: 'drifted', breaches };
}

/**
 * One number for an alarm over inputs with different limits: the largest statistic as a share of its limit; above 1 is a breach.
 * Undefined when nothing is limited or there are too few samples.
 */
export function driftRatio(statistics: DriftStatistics, limits: DriftLimits, minSamples: number): number | undefined {
  if (statistics.n < minSamples) return undefined;
  const ratios = STATISTICS.flatMap((statistic) => {
    const limit = limits[statistic];
    return limit === undefined ? [] : [ratioTo(statistics[statistic], limit)];
  });
  return ratios.length === 0 ? undefined : Math.max(0, ...ratios);
}

function ratioTo(value: number, limit: number): number {
  if (limit === 0) return value > 0 ? 2 : 0;
  return value / limit;
}
