import * as z from 'zod';
import { referenceCounts } from '../sketch';
import { sum } from './shares';
import type { Statistic } from './statistic';

/** Kolmogorov-Smirnov statistic over the bins: the largest difference of the cumulative shares, 0 to 1. Categories have no order: 0. */
export const kolmogorovSmirnov = {
  metric: 'KolmogorovSmirnov',
  limit: z.number().min(0).max(1),
  of(profile, live) {
    const expected = referenceCounts(profile);
    const comparable = profile.type === 'numeric' && sum(expected) > 0 && sum(live.counts) > 0;
    return comparable ? largestStep(expected, live.counts) : 0;
  },
} as const satisfies Statistic;

function largestStep(expected: readonly number[], actual: readonly number[]): number {
  const [totalP, totalQ] = [sum(expected), sum(actual)];
  let difference = 0;
  let largest = 0;
  expected.forEach((count, at) => {
    difference += (actual[at] ?? 0) / totalQ - count / totalP;
    largest = Math.max(largest, Math.abs(difference));
  });
  return Math.min(1, largest);
}
