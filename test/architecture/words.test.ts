import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import { PROBLEMS } from '../../core/api';
import { platformSchema } from '../../core/definition/platform';

// Nothing is accepted and dropped: each word of a definition is read by something else than the definitions.

const ROOT = join(__dirname, '..', '..');
const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'bin', 'core', 'lambda', 'lib'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file.endsWith('.ts') && !file.startsWith('core/definition/') && existsSync(join(ROOT, file)))
  .map((file) => [file, readFileSync(join(ROOT, file), 'utf8')] as const);

/** Words that nothing reads yet, by the subject of the issue that wires them; an entry that is read, or gone, fails. */
const WAITING: Readonly<Record<string, string>> = {
  'models.card.intendedUse': 'a page to look at, and reports to pass on',
  'models.card.limitations': 'a page to look at, and reports to pass on',
  'models.card.risk': 'a page to look at, and reports to pass on',
  'models.owner': 'a page to look at, and reports to pass on',
  'sources.owner': 'a page to look at, and reports to pass on',
  'sources.personal': 'features and data: erasure of a person',
  'sources.retention': 'features and data: how long the lake keeps events',
  'models.training.spot': 'ready for a real account: spot training with checkpoints',
  'models.api.timeout': 'the API as a product: time limits',
};

/** Codes of problems that nothing answers yet, likewise. */
const WAITING_PROBLEMS: Readonly<Record<string, string>> = {
  method_not_allowed: 'the API as a product: what the gateway answers',
  idempotency_in_flight: 'the API as a product: idempotency keys',
  idempotency_mismatch: 'the API as a product: idempotency keys',
};

/** How a word is read that has other meanings in the code, or stands at several places of a definition. */
const READ_AS: Readonly<Record<string, RegExp>> = {
  'sources.owner': /source\.owner|\{[^}]*\bowner\b[^}]*\} (=|of) [^;]*source/,
  'featureGroups.owner': /group\.owner/,
  'models.owner': /model\.owner|\{[^}]*\bowner\b[^}]*\}(: Model\b| = [\w.]*model\b)/,
  'consumers.owner': /consumer\.owner/,
  'sources.description': /source\.description/,
  'featureGroups.description': /group\.description/,
  'models.description': /model\.description/,
  'consumers.description': /consumer\.description/,
  'models.api.timeout': /api\.timeout|\{[^}]*\btimeout\b[^}]*\} = [\w.]*api\b/,
  'consumers.plan.rate': /plan\.rate|\{[^}]*\brate\b[^}]*\} = [\w.]*plan\b/,
  'consumers.plan.burst': /plan\.burst|\{[^}]*\bburst\b[^}]*\} = [\w.]*plan\b/,
  'stages.throttle.rate': /throttle\.rate|\{[^}]*\brate\b[^}]*\} = [\w.]*throttle\b/,
  'stages.throttle.burst': /throttle\.burst|\{[^}]*\bburst\b[^}]*\} = [\w.]*throttle\b/,
  'models.training.window': /training\.window|\{[^}]*\bwindow\b[^}]*\} = [\w.]*training\b/,
  'models.monitoring.window': /monitoring\.window/,
};

/** Paths of the values of a schema; elements of lists and records stand for all of them. */
function leaves(schema: unknown, path = ''): string[] {
  const definition = (schema as z.core.$ZodType)._zod.def as unknown as Record<string, unknown> & { readonly type: string };
  const inner = (...keys: string[]): string[] => [...new Set(keys.flatMap((key) => leaves(definition[key], path)))];
  switch (definition.type) {
    case 'object':
      return Object.entries(definition.shape as object).flatMap(([name, value]) =>
        leaves(value, path === '' ? name : `${path}.${name}`),
      );
    case 'union':
      return [...new Set((definition.options as readonly unknown[]).flatMap((option) => leaves(option, path)))];
    case 'array':
      return inner('element');
    case 'record':
      return inner('valueType');
    case 'intersection':
      return inner('left', 'right');
    case 'pipe':
      return inner('in');
    default:
      return definition.innerType === undefined ? [path] : inner('innerType');
  }
}

function isRead(path: string): boolean {
  const word = path.split('.').at(-1) ?? '';
  const pattern = READ_AS[path] ?? new RegExp(`\\.${word}\\b|[{,]\\s*${word}\\s*[,}=]`);
  return sources.some(([, text]) => pattern.test(text));
}

const paths = leaves(platformSchema);

test('each word of a definition is read, or waits for the issue that wires it', () => {
  expect(paths.length).toBeGreaterThan(100);
  expect(paths.filter((path) => !isRead(path)).toSorted()).toEqual(Object.keys(WAITING).toSorted());
});

test('each way of reading is that of a word', () => {
  expect(Object.keys(READ_AS).filter((path) => !paths.includes(path))).toEqual([]);
});

test('each code of a problem is answered by something, or waits for the issue that wires it', () => {
  const unused = Object.keys(PROBLEMS).filter(
    (code) =>
      !sources.some(
        ([file, text]) => file !== 'core/api/problem-details.ts' && new RegExp(`['"]${code}['"]|\\b${code}:`).test(text),
      ),
  );

  expect(unused.toSorted()).toEqual(Object.keys(WAITING_PROBLEMS).toSorted());
});
