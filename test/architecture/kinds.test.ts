import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aggregationSchema } from '../../core/aggregations';
import { ALGORITHMS } from '../../core/algorithms';
import { STATISTIC_NAMES } from '../../core/drift';
import { issuerSchema } from '../../core/issuers';
import { TASKS } from '../../core/tasks';

// What it costs to add one of a kind: a place of its own, and a line in each list.

const ROOT = join(__dirname, '..', '..');
const texts = new Map(
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'bin', 'containers', 'core', 'lambda', 'lib'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => /\.(ts|js|py)$/.test(file) && !file.startsWith('containers/tests/') && existsSync(join(ROOT, file)))
    .map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]),
);

/** Files that hold a word, but for those that may. */
function others(word: RegExp, allowed: readonly string[]): string[] {
  return [...texts]
    .filter(([file, text]) => word.test(text) && !allowed.some((place) => file === place || file.startsWith(`${place}/`)))
    .map(([file]) => file);
}

/** A name as code writes it: binary-classification, binary_classification, binaryClassification, BinaryClassification. */
function spelled(name: string): RegExp {
  const words = name.replace(/([a-z])([A-Z])/g, '$1-$2').split('-');
  return new RegExp(words.join('[-_]?'), 'i');
}

/** A name that is a word of the language as well: where it is a value, or the constant of the kind. */
function quoted(name: string): RegExp {
  return new RegExp(`['"]${name}['"]|\\b${name}(Kind|Aggregation)\\b`);
}

const TASK_NAMES = TASKS.map(({ name }) => name);
const ALGORITHM_NAMES = ALGORITHMS.map(({ name }) => name);
const AGGREGATION_NAMES = aggregationSchema.options.map(({ shape }) => shape.kind.value);
const ISSUER_KINDS = issuerSchema.options.map(({ shape }) => shape.kind.value);

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const snake = (name: string): string => name.replaceAll('-', '_');

test.each(TASK_NAMES)(
  'the task %s is named in its folder, its file for the jobs, the list, and by the algorithms that learn it',
  (name) => {
    const places = [
      `core/tasks/${name}`,
      `containers/platform/tasks/${snake(name)}.py`,
      'core/tasks/index.ts',
      'core/algorithms',
    ];

    expect(others(spelled(name), [...places, ...ALGORITHM_NAMES.map((algorithm) => `containers/${algorithm}`)])).toEqual([]);
  },
);

test.each(ALGORITHM_NAMES)('the algorithm %s is named in its file, its folder of the container, and the list', (name) => {
  expect(others(spelled(name), [`core/algorithms/${name}.ts`, `containers/${name}`, 'core/algorithms/index.ts'])).toEqual([]);
});

test.each(AGGREGATION_NAMES)('the aggregation %s is named in its file and the list', (name) => {
  const files = others(quoted(name), [`core/aggregations/${name}.ts`, 'core/aggregations/index.ts']);

  // pandas and JSON have words of their own.
  expect(files.filter((file) => file.endsWith('.ts'))).toEqual([]);
});

test.each(STATISTIC_NAMES)('the statistic %s is named in its file and the list', (name) => {
  const folder = 'core/drift/statistics';

  expect(others(spelled(name), [`${folder}/${kebab(name)}.ts`, `${folder}/index.ts`])).toEqual([]);
});

test.each(ISSUER_KINDS)('the issuer %s is named in its two files, the two lists, and where clients get tokens', (name) => {
  const places = ['core/issuers', 'lib/api/issuers'].flatMap((folder) => [`${folder}/${name}.ts`, `${folder}/index.ts`]);

  expect(others(spelled(name), [...places, 'bin/cli/tokens.ts'])).toEqual([]);
});

const examples = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'all')
  .map(({ name }) => name);

test.each(examples)('nothing but platform/ and examples/ knows the example %s', async (folder) => {
  const { sources, featureGroups, models, consumers } = await import(`../../examples/${folder}`);
  const names = [...sources, ...featureGroups, ...models, ...consumers].map(({ name }: { name: string }) => name);

  expect(names.length).toBeGreaterThan(3);
  for (const name of [folder, ...names]) expect([name, others(spelled(name), [])]).toEqual([name, []]);
});

test('every kind has its file', () => {
  const missing = [
    ...TASK_NAMES.flatMap((name) => [`core/tasks/${name}/index.ts`, `containers/platform/tasks/${snake(name)}.py`]),
    ...ALGORITHM_NAMES.flatMap((name) => [
      `core/algorithms/${name}.ts`,
      `containers/${name}/train.py`,
      `containers/${name}/scorer.py`,
    ]),
    ...AGGREGATION_NAMES.map((name) => `core/aggregations/${name}.ts`),
    ...STATISTIC_NAMES.map((name) => `core/drift/statistics/${kebab(name)}.ts`),
    ...ISSUER_KINDS.flatMap((name) => [`core/issuers/${name}.ts`, `lib/api/issuers/${name}.ts`]),
  ].filter((file) => !texts.has(file));

  expect(missing).toEqual([]);
});
