import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Paths in code marks that a document names: those with a folder, without placeholders. */
function pathsOf(file: string): string[] {
  return [...read(file).matchAll(/`([a-z][\w.-]*\/[\w./-]*)`/g)].map(([, path = '']) => path);
}

const DOCUMENTS = ['README.md', 'docs/GLOSSARY.md', 'docs/ARCHITECTURE.md', 'CONTRIBUTING.md', 'packages/local-aws/README.md'];

test.each(DOCUMENTS)('every path that %s names is there', (file) => {
  const paths = pathsOf(file);

  expect(paths.length).toBeGreaterThan(0);
  expect(paths.filter((path) => ![ROOT, dirname(join(ROOT, file))].some((from) => existsSync(join(from, path))))).toEqual([]);
});

test('a word of the glossary has one meaning', () => {
  const words = read('docs/GLOSSARY.md')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .flatMap((line) => (line.split('|')[1] ?? '').split(',').map((word) => word.trim()));

  expect(words.length).toBeGreaterThanOrEqual(20);
  expect(words.length).toBe(new Set(words).size);
});

const decisions = ['docs/adr', 'packages/local-aws/docs/adr'].flatMap((folder) =>
  readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`),
);

test.each(decisions)('%s says its status, its date and what was rejected', (file) => {
  const text = read(file);

  expect(text).toMatch(/^Status: (accepted|superseded by ADR \d+)\. Date: \d{4}-\d{2}-\d{2}\.$/m);
  expect(text).toMatch(/^Rejected:/m);
});
