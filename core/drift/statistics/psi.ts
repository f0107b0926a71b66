import * as z from 'zod';
import { referenceCounts } from '../sketch';
import { sum } from './shares';
import type { Statistic } from './statistic';

/** Population stability index against the training data. */
export const psi = {
  metric: 'PopulationStability',
  limit: z.number().gt(0),
  of(profile, live) {
    const expected = referenceCounts(profile);
    return sum(expected) > 0 && sum(live.counts) > 0 ? populationStability(expected, live.counts) : 0;
  },
} as const satisfies Statistic;

/**
 * Population stability index, sum of (q - p) ln(q / p) over bins, with half a count added to each bin so that empty bins stay
 * finite (Jeffreys' prior). Bins empty on both sides do not count.
 */
export function populationStability(expected: readonly number[], actual: readonly number[]): number {
  const bins = expected.map((count, at) => [count, actual[at] ?? 0] as const).filter(([p, q]) => p + q > 0);
  const totalP = bins.reduce((total, [p]) => total + p + 0.5, 0);
  const totalQ = bins.reduce((total, [, q]) => total + q + 0.5, 0);
  return bins.reduce((total, [countP, countQ]) => {
    const p = (countP + 0.5) / totalP;
    const q = (countQ + 0.5) / totalQ;
    return total + (q - p) * Math.log(q / p);
  }, 0);
}
