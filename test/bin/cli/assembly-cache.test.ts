import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AssemblyCache } from '../../../bin/cli/assembly-cache';

let root: string;
const folder = (): string => join(root, 'cdk.out');
const cache = (stage = 'dev', definitions = '{}'): AssemblyCache => new AssemblyCache(root, folder(), { stage, definitions });

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const assets = { files: { one: { source: { path: 'asset.one' } } } };

async function synthesize(): Promise<string> {
  write('cdk.out/manifest.json', '{}');
  write('cdk.out/app.template.json', '{"Resources":{}}');
  write('cdk.out/app.assets.json', JSON.stringify(assets));
  write('cdk.out/asset.one', 'code');
  return 'the assembly';
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assembly-'));
  write('lib/stack.ts', 'one');
  write('node_modules/.package-lock.json', '{}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('an assembly is current after its synthesis, for its own stage and definitions', async () => {
  expect(cache().isCurrent()).toBe(false);

  expect(await cache().renew(synthesize)).toBe('the assembly');

  expect(cache().isCurrent()).toBe(true);
  expect(cache('prod').isCurrent()).toBe(false);
  expect(cache('dev', '{"name":"other"}').isCurrent()).toBe(false);
});

test.each([
  ['a source is changed', () => write('lib/stack.ts', 'two')],
  ['a source is added', () => write('platform/new.ts', '')],
  ['a source is renamed', () => renameSync(join(root, 'lib/stack.ts'), join(root, 'lib/other.ts'))],
  ['other packages are installed', () => write('node_modules/.package-lock.json', '{"packages":{}}')],
  ['a template was synthesized by somebody else', () => write('cdk.out/app.template.json', '{}')],
  ['a template came in beside it', () => write('cdk.out/prod.template.json', '{}')],
  ['an asset is gone', () => rmSync(join(root, 'cdk.out/asset.one'))],
])('it is not current any more when %s', async (_, change) => {
  await cache().renew(synthesize);

  change();

  expect(cache().isCurrent()).toBe(false);
});

test.each(['docs/text.md', 'test/a.test.ts', 'packages/local-aws/src/main.ts', '.git/index', 'lib/__pycache__/a.pyc'])(
  '%s is none of its inputs',
  async (path) => {
    await cache().renew(synthesize);

    write(path, 'new');

    expect(cache().isCurrent()).toBe(true);
  },
);

test('a synthesis that fails leaves nothing that passes for current', async () => {
  await cache().renew(synthesize);

  await expect(
    cache().renew(async () => {
      throw new Error('half-way');
    }),
  ).rejects.toThrow('half-way');

  expect(cache().isCurrent()).toBe(false);
});

test('an assembly whose sources changed while it was made is made again', async () => {
  await cache().renew(async () => {
    write('lib/stack.ts', 'two');
    return synthesize();
  });

  expect(cache().isCurrent()).toBe(false);
});
