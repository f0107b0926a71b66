import { mapValues } from '../../map-values';
import type { InputProfile } from '../reference-profile';
import type { SketchState } from '../sketch';
import { jensenShannon } from './jensen-shannon';
import { kolmogorovSmirnov } from './kolmogorov-smirnov';
import { missingIncrease } from './missing-increase';
import { outOfRange } from './out-of-range';
import { psi } from './psi';

/** Every statistic: a file beside this one, and a line here. Limits, verdict, metrics and dashboards follow. */
export const STATISTICS = { psi, jensenShannon, kolmogorovSmirnov, missingIncrease, outOfRange } as const;

export type StatisticName = keyof typeof STATISTICS;
export type StatisticMetric = (typeof STATISTICS)[StatisticName]['metric'];
export type DriftStatistics = Readonly<Record<StatisticName, number>>;

export const STATISTIC_NAMES = Object.keys(STATISTICS).filter((name): name is StatisticName => name in STATISTICS);

/** Compares a sketch with its profile. An empty sketch has no distance. */
export function driftStatistics(profile: InputProfile, live: SketchState): DriftStatistics {
  return mapValues(STATISTICS, (statistic) => statistic.of(profile, live));
}
