import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const MAX_LINES = 300;

function files(...folders: string[]): string[] {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...folders], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => /\.(ts|cjs|py)$/.test(file) && existsSync(join(ROOT, file)));
}

function text(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

test('a source file has at most 300 lines', () => {
  const long = files('bench', 'bin', 'containers', 'core', 'examples', 'lambda', 'lib', 'packages', 'platform', 'test').filter(
    (file) => text(file).split('\n').length > MAX_LINES + 1,
  );

  expect(long).toEqual([]);
});

test.each([
  ['core', /process\.env|Date\.now\(|new Date\(\)|Math\.random|randomUUID|node:fs|node:http/],
  ['lib', /process\.env|Date\.now\(|new Date\(\)|Math\.random|randomUUID|tryGetContext/],
])('%s reads no environment, clock or chance', (folder, forbidden) => {
  expect(files(folder).filter((file) => forbidden.test(text(file)))).toEqual([]);
});

test('functions read the environment in one place', () => {
  expect(
    files('lambda').filter((file) => text(file).includes('process.env') && file !== 'lambda/runtime/environment.ts'),
  ).toEqual([]);
});

test('no test is skipped, focused or commented out', () => {
  const marks =
    /\b(it|test|describe)\.(skip|only|todo)\(|\bx(it|test|describe)\(|^\s*\/\/\s*(it|test|expect)\(|@pytest\.mark\.skip/m;

  expect(
    files('test', 'containers/tests', 'examples', 'packages').filter(
      (file) => file !== 'test/architecture/sources.test.ts' && marks.test(text(file)),
    ),
  ).toEqual([]);
});

test('names say something', () => {
  expect(files('.').filter((file) => /(^|\/)(utils?|helpers?|common|misc|manager)(\.|\/|-)/i.test(file))).toEqual([]);
});

test('no file names a machine, and the lock file no registry', () => {
  const machine = new RegExp(['/wor' + 'k/', '/hom' + 'e/[a-z]', 'bash_job' + 's'].join('|'));

  expect(files('.').filter((file) => machine.test(text(file)))).toEqual([]);
  expect(text('package-lock.json')).not.toMatch(/"resolved": "\w+:/);
});

/** Areas of core whose parts are tested together, by the test named. */
const TESTED_TOGETHER: Readonly<Record<string, string>> = {
  'core/aggregations': 'test/core/aggregations/aggregations.test.ts',
  'core/algorithms': 'test/core/algorithms/index.test.ts',
  'core/tasks': 'test/core/tasks/binary-classification/index.test.ts',
  'core/artefact': 'test/core/artefact/baseline-artefact.test.ts',
  'core/promotion': 'test/core/promotion/gates.test.ts',
  'core/definition': 'test/core/definition/define-platform.test.ts',
  'core/windows': 'test/core/windows/record.test.ts',
  'core/training-set': 'test/core/training-set/training-set.test.ts',
  'core/tokens': 'test/core/tokens/token-verifier.test.ts',
  'core/api': 'test/core/api/openapi.test.ts',
};

test('every file of core has its mirror test, or one of its area', () => {
  // A file that holds nothing but schemas and tables is tested by what reads it.
  const pure = files('core').filter((file) => !file.endsWith('/index.ts') && /export (function|class)/.test(text(file)));
  const untested = pure.filter((file) => {
    const mirror = `test/${file.replace(/\.ts$/, '.test.ts')}`;
    const together = TESTED_TOGETHER[file.split('/').slice(0, 2).join('/')];
    return !existsSync(join(ROOT, mirror)) && (together === undefined || !existsSync(join(ROOT, together)));
  });

  expect(untested).toEqual([]);
});
