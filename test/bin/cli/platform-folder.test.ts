import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'definitions-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Outside jest, since the definitions are imported as the commands import them. */
function validate(...options: string[]): { status: number | null; answer: unknown } {
  const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'bin', 'slipway.js'), 'validate', '--json', ...options], {
    encoding: 'utf8',
  });
  return { status, answer: JSON.parse(stdout) };
}

function define(text: string): void {
  writeFileSync(join(folder, 'index.ts'), text.replaceAll('ROOT', ROOT));
}

test('definitions outside the repository are read', () => {
  define(`import { clonesOf } from 'ROOT/test/support/clones';
import { platform as one } from 'ROOT/examples/flight-delays';
export const platform = clonesOf(one, 2);`);

  expect(validate('--platform', folder)).toMatchObject({ status: 0, answer: { models: ['flight-delay', 'flight-delay-1'] } });
});

test('every problem of definitions is told', () => {
  define(`import { definePlatform } from 'ROOT/core/definition';
import * as flights from 'ROOT/examples/flight-delays';
const [model] = flights.models;
export const platform = definePlatform({ ...flights.platform, models: [{ ...model, name: 'Wrong Name', entity: 'nothing' }] });`);

  const { status, answer } = validate('--platform', folder);
  expect(status).toBe(1);
  expect(answer).toMatchObject({
    error: { problems: expect.arrayContaining([expect.objectContaining({ path: expect.anything() })]) },
  });
});

test.each([
  ['', "exports no 'platform'"],
  ["throw new Error('no definitions today');", 'no definitions today'],
  [
    "export { platform } from 'ROOT/examples/flight-delays'; export const history = { loader: 'load.js' };",
    'history.loader: must be the path of a Python file',
  ],
])('a folder that exports %j is refused', (text, message) => {
  define(text);

  const { status, answer } = validate('--platform', folder);
  expect(status).not.toBe(0);
  expect(answer).toMatchObject({ error: { message: expect.stringContaining(message) } });
});

test('a folder without definitions is wrong use', () => {
  expect(validate('--platform', folder)).toMatchObject({
    status: 2,
    answer: { error: { message: `--platform: ${folder}/index.ts does not exist` } },
  });
});
