import fc from 'fast-check';
import { createSketch, driftStatistics, type InputProfile, STATISTIC_NAMES, STATISTICS } from '../../../../core/drift';

const profile: InputProfile = {
  type: 'numeric',
  edges: [1, 2, 3],
  counts: [10, 20, 30, 40],
  missing: 25,
  n: 125,
  min: 0,
  max: 4,
};

function statisticsOf(values: readonly unknown[], reference: InputProfile = profile) {
  const sketch = createSketch(reference);
  for (const value of values) sketch.add(value);
  return driftStatistics(reference, sketch.state());
}

function repeat(value: number, times: number): number[] {
  return new Array<number>(times).fill(value);
}

test('each statistic has a metric of its own', () => {
  expect(new Set(STATISTIC_NAMES.map((name) => STATISTICS[name].metric)).size).toBe(STATISTIC_NAMES.length);
  expect(STATISTIC_NAMES).toContain('kolmogorovSmirnov');
});

test('the same distribution has no distance', () => {
  const same = [
    ...repeat(0.5, 100),
    ...repeat(1.5, 200),
    ...repeat(2.5, 300),
    ...repeat(3.5, 400),
    ...new Array<null>(250).fill(null),
  ];

  const statistics = statisticsOf(same);

  expect(statistics.psi).toBeLessThan(0.001);
  expect(statistics).toMatchObject({
    jensenShannon: 0,
    kolmogorovSmirnov: 0,
    missingIncrease: 0,
    outOfRange: 0,
  });
});

test('without values there is no distance, only what is missing', () => {
  expect(statisticsOf([])).toEqual({
    psi: 0,
    jensenShannon: 0,
    kolmogorovSmirnov: 0,
    missingIncrease: 0,
    outOfRange: 0,
  });
  expect(statisticsOf([null, null])).toMatchObject({ psi: 0, missingIncrease: 0.8 });
});

test('every statistic is finite for every profile and traffic', () => {
  const anyProfile: fc.Arbitrary<InputProfile> = fc.oneof(
    fc
      .uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 5, comparator: 'SameValueZero' })
      .chain((edges) =>
        fc.tuple(
          fc.constant(edges.toSorted((a, b) => a - b)),
          fc.array(fc.nat(50), { minLength: edges.length + 1, maxLength: edges.length + 1 }),
        ),
      )
      .map(([edges, counts]) => ({ type: 'numeric' as const, edges, counts, missing: 0, n: 0, min: null, max: null })),
    fc
      .dictionary(fc.string(), fc.nat(50), { noNullPrototype: true })
      .map((counts) => ({ type: 'category' as const, counts, missing: 3, n: 3 })),
  );
  fc.assert(
    fc.property(anyProfile, fc.array(fc.oneof(fc.double(), fc.string(), fc.constant(null))), (reference, values) => {
      for (const value of Object.values(statisticsOf(values, reference))) expect(Number.isFinite(value)).toBe(true);
    }),
  );
});
