import { baselineSchema, prior, rule } from '../../../../core/tasks/binary-classification/baseline';

const byRule = { kind: 'rule', input: 'wind', atLeast: 3, score: 0.8, otherwise: 0.1, threshold: 0.4 };

test('a baseline is written as what a definition says', () => {
  expect(prior(0.24)).toEqual({ kind: 'prior', score: 0.24, threshold: 0.5 });
  expect(prior(0.24, { threshold: 0.3 })).toEqual({ kind: 'prior', score: 0.24, threshold: 0.3 });
  expect(rule('wind', { atLeast: 3, score: 0.8, otherwise: 0.1, threshold: 0.4 })).toEqual(byRule);
});

test.each([
  { kind: 'prior', score: 0, threshold: 1 },
  { kind: 'prior', score: 1, threshold: 0 },
  byRule,
  { ...byRule, atLeast: -3 },
])('%j is a baseline', (given) => {
  expect(baselineSchema.parse(given)).toEqual(given);
});

test.each([
  { kind: 'prior', score: 1.1, threshold: 0.5 },
  { kind: 'prior', score: -0.1, threshold: 0.5 },
  { kind: 'prior', score: 0.2 },
  { kind: 'prior', score: 0.2, threshold: 0.5, input: 'wind' },
  { ...byRule, input: '' },
  { ...byRule, atLeast: '3' },
  { ...byRule, otherwise: 2 },
  { ...byRule, score: undefined },
  { kind: 'guess', score: 0.2, threshold: 0.5 },
])('%j is none', (given) => {
  expect(baselineSchema.safeParse(given).success).toBe(false);
});
