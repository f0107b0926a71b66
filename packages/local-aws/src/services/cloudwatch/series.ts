import type { MetricStat } from '@aws-sdk/client-cloudwatch';
import { parseStatistic } from './distribution';
import { type MetricIdentity, type MetricStore, metricId } from './metric-store';

/** Periods of equal length, each named by its start (epoch ms). */
export interface Grid {
  readonly start: number;
  readonly end: number;
  readonly periodMs: number;
}

export interface Points {
  /** Value by start of its period. */
  readonly values: ReadonlyMap<number, number>;
  readonly sampleCounts: ReadonlyMap<number, number>;
  readonly units: ReadonlyMap<number, string>;
  /** Times at which the metric has data. */
  readonly times: readonly number[];
}

export function identityOf(stat: MetricStat): MetricIdentity {
  const { Namespace: namespace = '', MetricName: name = '', Dimensions = [] } = stat.Metric ?? {};
  return { namespace, name, dimensions: Dimensions.map(({ Name = '', Value = '' }) => ({ Name, Value })) };
}

/** One statistic of one metric over a grid; periods without data have no point. */
export function readPoints(store: MetricStore, stat: MetricStat, grid: Grid): Points {
  const { start, end, periodMs } = grid;
  const statistic = parseStatistic(stat.Stat ?? '');
  const groupOf = (at: number): number => start + Math.floor((at - start) / periodMs) * periodMs;
  const { groups, times } = store.read(metricId(identityOf(stat)), start, end, stat.Unit, groupOf);
  const values = new Map<number, number>();
  const sampleCounts = new Map<number, number>();
  const units = new Map<number, string>();
  for (const [at, distribution] of groups) {
    const value = statistic(distribution);
    if (value === undefined) continue;
    values.set(at, value);
    sampleCounts.set(at, distribution.count);
    units.set(at, distribution.unit ?? 'None');
  }
  return { values, sampleCounts, units, times };
}
