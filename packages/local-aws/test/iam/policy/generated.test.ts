import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { casesOf, fingerprint } from './generated/cases';
import { ourVerdict } from './generated/ours';

interface Verdicts {
  readonly seed: number;
  readonly count: number;
  readonly cases: string;
  readonly verdicts: string;
}

const table = JSON.parse(readFileSync(join(__dirname, 'generated', 'verdicts.json'), 'utf8')) as Verdicts;
const cases = casesOf(table.seed, table.count);

test('the cases are those that the verdicts were recorded of', () => {
  expect(fingerprint(cases)).toBe(table.cases);
  expect(table.verdicts).toHaveLength(cases.length);
});

test('every generated case is decided as an independent evaluator decided it', () => {
  const different = cases.filter((one, index) => table.verdicts[index] !== '-' && ourVerdict(one) !== table.verdicts[index]);
  expect(different).toEqual([]);
});

test('the cases are about allowing, refusing and denying alike, and few of them are excused', () => {
  const share = (verdict: string): number => table.verdicts.split(verdict).length / table.count;
  for (const verdict of ['A', 'I', 'E']) expect(share(verdict)).toBeGreaterThan(0.05);
  expect(share('-')).toBeLessThan(0.05);
});
