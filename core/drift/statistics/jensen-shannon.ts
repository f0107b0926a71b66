import * as z from 'zod';
import { referenceCounts } from '../sketch';
import { sum } from './shares';
import type { Statistic } from './statistic';

/** Jensen-Shannon distance of the distributions over the bins, base 2, 0 to 1. */
export const jensenShannon = {
  metric: 'JensenShannon',
  limit: z.number().min(0).max(1),
  of(profile, live) {
    const expected = referenceCounts(profile);
    return sum(expected) > 0 && sum(live.counts) > 0 ? jensenShannonDistance(expected, live.counts) : 0;
  },
} as const satisfies Statistic;

/** Square root of the Jensen-Shannon divergence, base 2 (Lin 1991; scipy.spatial.distance.jensenshannon with base=2). */
export function jensenShannonDistance(expected: readonly number[], actual: readonly number[]): number {
  const [totalP, totalQ] = [sum(expected), sum(actual)];
  const divergence = expected.reduce((total, count, at) => {
    const p = count / totalP;
    const q = (actual[at] ?? 0) / totalQ;
    const middle = (p + q) / 2;
    return total + (p > 0 ? p * Math.log2(p / middle) : 0) / 2 + (q > 0 ? q * Math.log2(q / middle) : 0) / 2;
  }, 0);
  return Math.sqrt(Math.min(1, Math.max(0, divergence)));
}
