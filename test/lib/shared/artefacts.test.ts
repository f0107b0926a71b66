import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { list } from 'tar';
import { type Artefacts, buildArtefacts, FUNCTIONS, packTar, sourceFolders, sources } from '../../../lib/shared/artefacts';
import { examplePlatform } from '../../support/example-templates';

const ROOT = join(__dirname, '..', '..', '..');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-artefacts-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function namesIn(path: string): string[] {
  const names: string[] = [];
  list({ file: path, sync: true, onReadEntry: ({ path: name }) => names.push(name) });
  return names;
}

describe('an archive', () => {
  test('holds what it was given, in the order of names', () => {
    const path = join(folder, 'archive.tar.gz');
    writeFileSync(path, packTar({ 'b.txt': 'bee', 'a/deep.txt': Buffer.from('ay'), 'empty.txt': '' }));
    const contents: Record<string, string> = {};
    list({
      file: path,
      sync: true,
      onReadEntry: (entry) => {
        contents[entry.path] = '';
        entry.on('data', (part: Buffer) => {
          contents[entry.path] += part.toString('utf8');
        });
      },
    });

    expect(contents).toEqual({ 'a/deep.txt': 'ay', 'b.txt': 'bee', 'empty.txt': '' });
    expect(namesIn(path)).toEqual(['a/deep.txt', 'b.txt', 'empty.txt']);
  });

  test('of equal contents has equal bytes, of others has others', () => {
    expect(packTar({ b: '2', a: '1' }).equals(packTar({ a: '1', b: '2' }))).toBe(true);
    expect(packTar({ a: '1' }).equals(packTar({ a: '2' }))).toBe(false);
  });
});

describe('sources of an algorithm', () => {
  test('are those of the platform, of the tasks and its own', () => {
    expect(sourceFolders('root', 'xgboost')).toEqual([
      join('root', 'containers', 'platform'),
      join('root', 'containers', 'platform', 'tasks'),
      join('root', 'containers', 'xgboost'),
    ]);
    expect(Object.keys(sources(ROOT, 'xgboost'))).toEqual(
      expect.arrayContaining(['prepare.py', 'train.py', 'evaluate.py', 'inference.py', 'scorer.py']),
    );
  });

  test('of which two have the same name are refused', () => {
    const root = join(folder, 'twice');
    for (const path of sourceFolders(root, 'xgboost')) mkdirSync(path, { recursive: true });
    writeFileSync(join(root, 'containers', 'platform', 'train.py'), '');
    writeFileSync(join(root, 'containers', 'xgboost', 'train.py'), '');

    expect(() => sources(root, 'xgboost')).toThrow(
      `${join(root, 'containers', 'xgboost', 'train.py')}: another module of this name is packed with it`,
    );
  });
});

describe('what deployment uploads', () => {
  let artefacts: Artefacts;
  beforeAll(() => {
    artefacts = buildArtefacts(ROOT, join(folder, 'one'), examplePlatform);
  });

  test.each(FUNCTIONS)('%s is one file, with the definitions beside it', (name) => {
    const bundle = artefacts.bundle(name);

    expect(readdirSync(bundle).toSorted()).toEqual(['index.js', 'platform.json']);
    expect(JSON.parse(readFileSync(join(bundle, 'platform.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(examplePlatform)));
  });

  test('a baseline is a model artefact with the code that serves it, and its digest is that of its bytes', () => {
    const { path, digest } = artefacts.baseline('flight-delay');

    expect(namesIn(path)).toEqual(expect.arrayContaining(['code/inference.py', 'code/scorer.py']));
    expect(namesIn(path).some((name) => !name.startsWith('code/'))).toBe(true);
    expect(digest).toBe(`sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`);
  });

  test('sources are packed once per algorithm', () => {
    expect(namesIn(artefacts.source('xgboost'))).toEqual(Object.keys(sources(ROOT, 'xgboost')).toSorted());
  });

  test('equal sources give equal bytes', () => {
    const again = buildArtefacts(ROOT, join(folder, 'two'), examplePlatform);
    const bytes = (of: Artefacts) => [
      ...FUNCTIONS.map((name) => readFileSync(join(of.bundle(name), 'index.js'))),
      readFileSync(of.source('xgboost')),
      readFileSync(of.baseline('flight-delay').path),
    ];

    expect(bytes(again).map((it, at) => it.equals(bytes(artefacts)[at] ?? Buffer.alloc(0)))).not.toContain(false);
  });

  test('what an earlier build left is gone', () => {
    const out = join(folder, 'three');
    mkdirSync(out);
    writeFileSync(join(out, 'left-over'), '');

    buildArtefacts(ROOT, out, examplePlatform);

    expect(existsSync(join(out, 'left-over'))).toBe(false);
  });

  test('a model that was not built is refused by name', () => {
    expect(() => artefacts.baseline('no-model')).toThrow('no baseline was built for model no-model');
  });
});
