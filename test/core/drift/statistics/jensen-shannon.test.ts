import { jensenShannon, jensenShannonDistance } from '../../../../core/drift/statistics/jensen-shannon';

test('the distance agrees with scipy.spatial.distance.jensenshannon, base 2', () => {
  expect(jensenShannonDistance([10, 20, 30, 40], [40, 30, 20, 10])).toBeCloseTo(0.3918681607, 8);
  expect(jensenShannonDistance([1, 0], [0, 1])).toBe(1);
});

test.each([
  ['training', [0, 0], [3, 4]],
  ['traffic', [3, 4], [0, 0]],
])('without values in %s there is no distance', (_, counts, live) => {
  const profile = { type: 'numeric' as const, edges: [1], counts, missing: 0, n: 7, min: null, max: null };

  expect(jensenShannon.of(profile, { counts: live, missing: 0, n: 7, outside: 0 })).toBe(0);
});
