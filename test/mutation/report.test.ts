import { scoreOf, survivorLines } from './report';
import type { Outcome, Tried } from './trials';

const change = (outcome: Outcome, after: string, before = 'a > b'): Tried => ({
  id: after,
  file: 'core/max.ts',
  mutator: 'EqualityOperator',
  start: { line: 2, column: 10 },
  before,
  after,
  outcome,
});

test('a change that a test notices, or that never ends, counts', () => {
  const tried = [change('killed', 'a < b'), change('survived', 'a >= b'), change('timeout', 'a')];

  expect(scoreOf(tried)).toEqual({ changes: 3, noticed: 2, percent: (100 * 2) / 3 });
});

test('code that no test reaches counts against the area', () => {
  expect(scoreOf([change('unreached', 'a'), change('killed', 'b')])).toEqual({ changes: 2, noticed: 1, percent: 50 });
});

test('an area of types alone has nothing to notice', () => {
  expect(scoreOf([])).toEqual({ changes: 0, noticed: 0, percent: 100 });
});

test('a survivor is told by its place and its text', () => {
  const tried = [change('killed', 'a < b'), change('survived', 'a >= b'), change('timeout', 'a'), change('unreached', 'b')];

  expect(survivorLines(tried)).toEqual([
    'core/max.ts:2:10  EqualityOperator  a > b -> a >= b',
    'core/max.ts:2:10  EqualityOperator  a > b -> b  (no test passes here)',
  ]);
});

test('a text over lines is told in one, and shortened', () => {
  const tried = [change('survived', '{}', `{\n  return ${'a'.repeat(80)};\n}`)];

  expect(survivorLines(tried)).toEqual([`core/max.ts:2:10  EqualityOperator  { return ${'a'.repeat(58)}... -> {}`]);
});
