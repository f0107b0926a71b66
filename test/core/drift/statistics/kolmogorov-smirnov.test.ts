import { kolmogorovSmirnov } from '../../../../core/drift/statistics/kolmogorov-smirnov';

const numeric = (counts: number[]) => ({
  type: 'numeric' as const,
  edges: counts.slice(1).map((_, at) => at),
  counts,
  missing: 0,
  n: 0,
  min: null,
  max: null,
});
const live = (counts: number[]) => ({ counts, missing: 0, n: 0, outside: 0 });

// Reference: scipy.stats.ks_2samp over values that stand for the bins.
test.each([
  [[10, 20, 30, 40], [40, 30, 20, 10], 0.4],
  [[10, 20, 30, 40], [10, 0, 0, 0], 0.9],
  [[95, 5], [0, 100], 0.95],
  [[5, 5, 0], [0, 5, 5], 0.5],
])('of %p and %p the largest step between the cumulative shares is %p', (training, traffic, expected) => {
  expect(kolmogorovSmirnov.of(numeric(training), live(traffic))).toBeCloseTo(expected, 12);
});

test('categories have no order, and what has no values has no distance', () => {
  const category = { type: 'category' as const, counts: { a: 9, b: 1 }, missing: 0, n: 10 };

  expect(kolmogorovSmirnov.of(category, live([1, 9, 0]))).toBe(0);
  expect(kolmogorovSmirnov.of(numeric([0, 0]), live([1, 2]))).toBe(0);
  expect(kolmogorovSmirnov.of(numeric([1, 2]), live([0, 0]))).toBe(0);
});
