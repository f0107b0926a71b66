import { missingIncrease } from '../../../../core/drift/statistics/missing-increase';

const profile = { type: 'category' as const, counts: {}, missing: 20, n: 100 };

test.each([
  [50, 100, 0.3],
  [0, 100, -0.2],
  [0, 0, 0],
])('%p missing of %p, after 20 %% in training, is an increase by %p', (missing, n, expected) => {
  expect(missingIncrease.of(profile, { counts: [], missing, n, outside: 0 })).toBeCloseTo(expected, 12);
});
