import { populationStability, psi } from '../../../../core/drift/statistics/psi';

test('population stability agrees with numpy', () => {
  expect(populationStability([10, 20, 30, 40], [40, 30, 0, 10])).toBeCloseTo(2.1630055015738705, 12);
});

test('bins that are empty on both sides do not count', () => {
  expect(populationStability([10, 0, 30], [5, 0, 20])).toBe(populationStability([10, 30], [5, 20]));
});

test.each([
  ['training', [0, 0], [3, 4]],
  ['traffic', [3, 4], [0, 0]],
])('without values in %s there is no distance', (_, counts, live) => {
  const profile = { type: 'numeric' as const, edges: [1], counts, missing: 0, n: 7, min: null, max: null };

  expect(psi.of(profile, { counts: live, missing: 0, n: 7, outside: 0 })).toBe(0);
});
