import { inputProfileSchema, referenceProfileSchema } from '../../../core/drift';

const numeric = { type: 'numeric', edges: [0, 10], counts: [1, 2, 3], missing: 0, n: 6, min: -1, max: 12 };
const category = { type: 'category', counts: { UA: 5 }, missing: 1, n: 6 };

test('profiles of both kinds are read, with and without a range and a mean', () => {
  const features = {
    distance: { ...numeric, mean: 4.5 },
    delay: { ...numeric, min: null, max: null, mean: null },
    carrier: category,
  };

  expect(referenceProfileSchema.parse({ features })).toEqual({ features });
  expect(referenceProfileSchema.parse({ features: { x: { ...numeric, edges: [], counts: [6] } } })).toBeDefined();
});

test.each([
  ['a bin too few', { counts: [1, 2] }, 'counts', 'must have one count more than edges'],
  ['a bin too many', { counts: [1, 2, 3, 4] }, 'counts', 'must have one count more than edges'],
  ['equal edges', { edges: [5, 5] }, 'edges', 'must ascend'],
  ['edges that descend at their end', { edges: [5, 6, 4], counts: [1, 1, 1, 1] }, 'edges', 'must ascend'],
  ['edges that descend at their begin', { edges: [5, 4, 6], counts: [1, 1, 1, 1] }, 'edges', 'must ascend'],
])('%s are refused, with their place', (_, change, path, message) => {
  const { error } = inputProfileSchema.options[0].safeParse({ ...numeric, ...change });

  expect(error?.issues).toEqual([expect.objectContaining({ path: [path], message })]);
});

test.each([
  [numeric, { counts: [1, -2, 3] }],
  [numeric, { counts: [1, 2.5, 3] }],
  [numeric, { missing: -1 }],
  [numeric, { n: undefined }],
  [category, { counts: { UA: -1 } }],
  [category, { type: 'text' }],
])('%j with %j is no profile', (profile, change) => {
  expect(inputProfileSchema.safeParse({ ...profile, ...change }).success).toBe(false);
});
