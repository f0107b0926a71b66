import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

// A project with one area: of `larger` the tests hold the order but not the tie; `FIRST` is worked out while the module loads; an
// endless loop is noticed; nothing tests `unused`.
const FILES = {
  'core/numbers/larger.ts': `
export const FIRST = [1, 2].filter((n) => n < 2);
export const larger = (a: number, b: number): boolean => a > b;
export function countTo(n: number): number {
  let i = 0;
  while (i < n) i++;
  return i;
}
export const fail = (): never => {
  throw new RangeError('a text that people read');
};
`,
  'core/words/unused.ts': 'export const unused = (a: number): number => a + 1;\n',
  'test/core/numbers/larger.test.ts': `
import { countTo, fail, FIRST, larger } from '../../../core/numbers/larger';
test('larger', () => {
  expect([larger(2, 1), larger(1, 2), FIRST, countTo(3)]).toEqual([true, false, [1], 3]);
  expect(fail).toThrow(RangeError);
});
`,
};

let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'mutated-project-'));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

function mutation(...parameters: string[]) {
  const tsx = pathToFileURL(require.resolve('tsx')).href;
  const program = [join(__dirname, 'run.ts'), ...parameters];
  return spawnSync(process.execPath, ['--import', tsx, ...program], { cwd: project, encoding: 'utf8' });
}

test('what the tests do not notice is listed, and the files stay as they were', () => {
  const { status, stdout } = mutation('core/numbers');

  expect(stdout.split('\n')).toEqual([
    'core/numbers/larger.ts:3:58  EqualityOperator  a > b -> a >= b',
    expect.stringMatching(/^core\/numbers: 9\d\.\d % of \d\d changes noticed \(bar 85 %\)$/),
    '',
  ]);
  expect(status).toBe(0);
  expect(
    readdirSync(project, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['larger.test.ts', 'larger.ts', 'unused.ts']);
  for (const [name, text] of Object.entries(FILES)) expect(readFileSync(join(project, name), 'utf8')).toBe(text);
});

test('an area below the bar fails, and is told as JSON', () => {
  const { status, stdout } = mutation('core/words', '--json');

  expect(JSON.parse(stdout)).toEqual({
    area: 'core/words',
    bar: 85,
    changes: 2,
    noticed: 0,
    percent: 0,
    survivors: [
      'core/words/unused.ts:1:23  ArrowFunction  (a: number): number => a + 1 -> () => undefined  (no test passes here)',
      'core/words/unused.ts:1:46  ArithmeticOperator  a + 1 -> a - 1  (no test passes here)',
    ],
  });
  expect(status).toBe(1);
});

test('an area that is none is told with those there are', () => {
  const { status, stderr } = mutation('core/numbers', 'core/letters');

  expect(stderr).toBe("no area 'core/letters', allowed: core, core/numbers, core/words\n");
  expect(status).toBe(2);
});

test('tests that fail without a change are told as such', () => {
  const file = join(project, 'test', 'core', 'words', 'unused.test.ts');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "test('two', () => expect(1).toBe(2));\n");
  const { status, stderr } = mutation('core/words');
  rmSync(file);

  expect(stderr).toMatch(/^test\/core\/words\/unused.test.ts fails without a change:/);
  expect(status).toBe(2);
});

test('its usage names the bar, the rule and the areas', () => {
  const { status, stdout } = mutation('--help');

  expect(stdout).toMatch(
    /Below 85 % noticed it fails\. Texts that people read .* are not changed\.[\s\S]*Areas: core, core\/numbers, core\/words/,
  );
  expect(status).toBe(0);
});
