import { outOfRange } from '../../../../core/drift/statistics/out-of-range';

const profile = { type: 'category' as const, counts: {}, missing: 0, n: 1 };

test.each([
  [10, 60, 100, 0.25],
  [40, 60, 100, 1],
  [0, 100, 100, 0],
])('%p outside, %p missing of %p is a share of %p of those present', (outside, missing, n, expected) => {
  expect(outOfRange.of(profile, { counts: [], missing, n, outside })).toBe(expected);
});
