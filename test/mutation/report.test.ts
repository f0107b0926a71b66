import { type MutationReport, scoreOf, survivorLines } from './report';

const source = 'export function max(a: number, b: number) {\n  return a > b ? a : b;\n}\n';
const change = (status: string, replacement: string) => ({
  mutatorName: 'EqualityOperator',
  replacement,
  status,
  location: { start: { line: 2, column: 10 }, end: { line: 2, column: 15 } },
});
const report: MutationReport = {
  files: {
    'core/max.ts': { source, mutants: [change('Killed', 'a < b'), change('Survived', 'a >= b'), change('Timeout', 'a')] },
  },
};

test('a change that a test notices, or that never ends, counts', () => {
  expect(scoreOf(report)).toEqual({ changes: 3, noticed: 2, percent: (100 * 2) / 3 });
});

test('code that no test reaches counts against the area, what does not compile does not count', () => {
  const mutants = [change('NoCoverage', 'a'), change('RuntimeError', 'a'), change('Ignored', 'a'), change('Killed', 'a')];

  expect(scoreOf({ files: { a: { source, mutants } } })).toMatchObject({ changes: 2, noticed: 1 });
});

test('an area of types alone has nothing to notice', () => {
  expect(scoreOf({ files: {} })).toEqual({ changes: 0, noticed: 0, percent: 100 });
});

test('a survivor is told by its place and its text', () => {
  expect(survivorLines(report)).toEqual(['core/max.ts:2  EqualityOperator  a > b -> a >= b']);
});

test('a text over lines is told in one, and shortened', () => {
  const location = { start: { line: 1, column: 43 }, end: { line: 3, column: 2 } };
  const mutants = [{ mutatorName: 'BlockStatement', replacement: '{}', status: 'Survived', location }];

  expect(survivorLines({ files: { 'a.ts': { source, mutants } } })).toEqual([
    'a.ts:1  BlockStatement  { return a > b ? a : b; } -> {}',
  ]);
});
