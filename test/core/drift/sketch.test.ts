import fc from 'fast-check';
import {
  createSketch,
  type InputProfile,
  mergeSketches,
  referenceCounts,
  type SketchState,
  sketchStateSchema,
} from '../../../core/drift';

const numeric: InputProfile = { type: 'numeric', edges: [0, 10, 20], counts: [1, 2, 3, 4], missing: 0, n: 10, min: -5, max: 30 };
const category: InputProfile = { type: 'category', counts: { UA: 5, B6: 3 }, missing: 1, n: 9 };

function sketchOf(profile: InputProfile, values: readonly unknown[]): SketchState {
  const sketch = createSketch(profile);
  for (const value of values) sketch.add(value);
  return sketch.state();
}

test('a bin holds the values with as many edges at or below them', () => {
  const state = sketchOf(numeric, [-6, -1, 0, 9.9, 10, 20, 31]);

  expect(state).toEqual({ counts: [2, 2, 1, 2], missing: 0, n: 7, outside: 2 });
});

test.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY, '5'])('%p is a missing number', (value) => {
  expect(sketchOf(numeric, [value])).toEqual({ counts: [0, 0, 0, 0], missing: 1, n: 1, outside: 0 });
});

test('a new category goes to the last bin and counts as outside', () => {
  expect(sketchOf(category, ['UA', 'B6', 'ZZ', null])).toEqual({ counts: [1, 1, 1], missing: 1, n: 4, outside: 1 });
  expect(referenceCounts(category)).toEqual([5, 3, 0]);
});

test('a million categories stay below 8 KB and rare known ones are not outside', () => {
  const counts = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`c${at}`, 1000 - at]));
  const profile: InputProfile = { type: 'category', counts, missing: 0, n: 1 };
  const state = sketchOf(
    profile,
    Array.from({ length: 1_000_000 }, (_, at) => `c${at}`),
  );

  expect(JSON.stringify(state).length).toBeLessThan(8192);
  expect(state.outside).toBe(999_000);
  expect(state.counts.at(-1)).toBe(999_800);
  expect(referenceCounts(profile).reduce((a, b) => a + b)).toBe(500_500);
});

test('merging parts equals the whole, in any grouping', () => {
  const values = fc.array(fc.oneof(fc.double(), fc.constant(null)));
  fc.assert(
    fc.property(values, values, values, (a, b, c) => {
      const [x, y, z] = [sketchOf(numeric, a), sketchOf(numeric, b), sketchOf(numeric, c)];

      expect(mergeSketches(mergeSketches(x, y), z)).toEqual(sketchOf(numeric, [...a, ...b, ...c]));
      expect(mergeSketches(x, mergeSketches(y, z))).toEqual(mergeSketches(mergeSketches(x, y), z));
    }),
  );
});

test('sketches of different profiles do not merge', () => {
  expect(() => mergeSketches(sketchOf(numeric, []), sketchOf(category, []))).toThrow('sketches of 4 and 3 bins cannot merge');
});

test('the ends of the range seen in training are inside it', () => {
  expect(sketchOf(numeric, [-5, 30])).toMatchObject({ outside: 0 });
  expect(sketchOf(numeric, [-5.1, 30.1])).toMatchObject({ outside: 2 });
});

test('the most frequent categories have bins of their own, wherever they stand, and of equally frequent ones the first by name', () => {
  const rare = Array.from({ length: 199 }, (_, at) => [`m${String(at).padStart(3, '0')}`, 2] as const);
  // 199 ties between two that are rarer and one that is most frequent: the last tie by name and the rarer ones share the last bin.
  const profile: InputProfile = {
    type: 'category',
    counts: Object.fromEntries([['a', 1], ...rare.toReversed(), ['z', 9], ['b', 1], ['l', 2]]),
    missing: 0,
    n: 411,
  };

  expect(referenceCounts(profile)).toEqual([9, ...Array.from({ length: 199 }, () => 2), 4]);
  expect(sketchOf(profile, ['z', 'l', 'm000', 'm198', 'a', 'b']).counts).toEqual([
    1,
    1,
    1,
    ...Array.from({ length: 197 }, () => 0),
    3,
  ]);
});

test.each([{ counts: [-1] }, { counts: [0.5] }, { missing: -1 }, { n: -1 }, { outside: -1 }, { n: undefined }])(
  '%j is no state',
  (change) => {
    const state = sketchOf(numeric, [1]);

    expect(sketchStateSchema.parse(state)).toEqual(state);
    expect(sketchStateSchema.safeParse({ ...state, ...change }).success).toBe(false);
  },
);
