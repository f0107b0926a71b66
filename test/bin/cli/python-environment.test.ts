import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePython } from '../../../bin/cli/python-environment';

// A python3 that answers as the real one does, but installs nothing: it notes what it was asked for in a log.
const INTERPRETER = `#!/bin/sh
if [ "$1" = -c ]; then echo "$FAKE_VERSION"; exit 0; fi
if [ "$2" = venv ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; exit 0; fi
echo "$*" >> "$FAKE_LOG"
[ -z "$FAKE_REFUSAL" ] || { echo "$FAKE_REFUSAL" >&2; exit 1; }
`;

const saved = { ...process.env };
let scratch: string;
let cache: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'python-environment-'));
  cache = join(scratch, 'cache', 'slipway', 'python');
  const tools = join(scratch, 'tools');
  mkdirSync(tools);
  writeFileSync(join(tools, 'python3'), INTERPRETER);
  chmodSync(join(tools, 'python3'), 0o755);
  Object.assign(process.env, {
    PATH: `${tools}:${saved.PATH}`,
    XDG_CACHE_HOME: join(scratch, 'cache'),
    FAKE_LOG: join(scratch, 'log'),
    FAKE_VERSION: '3.11',
    FAKE_REFUSAL: '',
  });
});

afterEach(() => {
  process.env = { ...saved };
  rmSync(scratch, { recursive: true, force: true });
});

function checkout(name: string, requirements = 'numpy==2.1.0'): string {
  const root = join(scratch, name);
  mkdirSync(root);
  writeFileSync(join(root, 'requirements-build.txt'), 'setuptools==80');
  writeFileSync(join(root, 'requirements.txt'), requirements);
  writeFileSync(join(root, 'requirements-dev.txt'), 'pytest==9');
  return root;
}

const ensure = (root: string, development = false): Promise<string> =>
  ensurePython({ root, development, progress: () => undefined });
const installs = (): number =>
  existsSync(join(scratch, 'log')) ? readFileSync(join(scratch, 'log'), 'utf8').trim().split('\n').length : 0;

test('a second checkout with the same lock files links to what the first installed', async () => {
  const [first, second] = [checkout('first'), checkout('second')];
  expect(await ensure(first)).toBe(join(first, '.venv', 'bin', 'python'));
  const after = installs();

  const python = await ensure(second);

  expect(after).toBe(2);
  expect(installs()).toBe(after);
  expect(existsSync(python)).toBe(true);
  expect(readlinkSync(join(second, '.venv'))).toBe(readlinkSync(join(first, '.venv')));
});

test('what tests need serves to run the platform as well, and not the other way round', async () => {
  const root = checkout('root');
  await ensure(root);
  await ensure(root, true);
  expect(readdirSync(cache)).toHaveLength(2);

  unlinkSync(join(root, '.venv'));
  await ensure(root);

  expect(readlinkSync(join(root, '.venv'))).toContain('-development-');
});

test.each([
  ['other lock files', 'numpy==2.2.0', '3.11'],
  ['another Python', 'numpy==2.1.0', '3.12'],
])('%s get an environment of their own', async (_, requirements, version) => {
  await ensure(checkout('first'));
  process.env.FAKE_VERSION = version;

  await ensure(checkout('second', requirements));

  expect(readdirSync(cache)).toHaveLength(2);
});

test('a failed installation leaves nothing, and the next try starts anew', async () => {
  const root = checkout('root');
  process.env.FAKE_REFUSAL = 'no matching distribution';
  await expect(ensure(root)).rejects.toThrow(/no matching distribution/);
  expect(readdirSync(cache)).toEqual([]);
  expect(existsSync(join(root, '.venv'))).toBe(false);

  process.env.FAKE_REFUSAL = '';
  expect(existsSync(await ensure(root))).toBe(true);
});

test("somebody else's .venv is refused and left as it was", async () => {
  const root = checkout('root');
  mkdirSync(join(root, '.venv'));
  writeFileSync(join(root, '.venv', 'precious.txt'), 'mine');

  await expect(ensure(root)).rejects.toThrow(/did not make/);

  expect(readFileSync(join(root, '.venv', 'precious.txt'), 'utf8')).toBe('mine');
});

test('two checkouts at once both end with a working link', async () => {
  const roots = [checkout('first'), checkout('second')];

  const pythons = await Promise.all(roots.map((root) => ensure(root)));

  expect(pythons.map((python) => existsSync(python))).toEqual([true, true]);
  expect(readdirSync(cache)).toHaveLength(1);
});
