import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

interface SourceFile {
  readonly path: string;
  readonly lines: readonly string[];
}

const SOURCES: readonly SourceFile[] = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'lib'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, lines: readFileSync(join(ROOT, path), 'utf8').split('\n') }));

/** Places `<path>:<line>` of lines that match; `but` leaves one file out. */
function places(pattern: RegExp, but?: string): string[] {
  return SOURCES.filter(({ path }) => path !== but).flatMap(({ path, lines }) =>
    lines.flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1}`] : [])),
  );
}

interface Member {
  readonly place: string;
  readonly optional: boolean;
  readonly comment: string;
}

/** Members of the exported interfaces that say what a construct or function is made from. */
function members({ path, lines }: SourceFile): Member[] {
  const found: Member[] = [];
  let inside: string | undefined;
  lines.forEach((line, at) => {
    const declared = /^export interface (\w+(?:Props|Context|Settings|Grants|Step|Issuer|Placement|Image))\b/.exec(line);
    if (declared !== null) inside = declared[1];
    if (line.startsWith('}')) inside = undefined;
    const member = /^ {2}readonly (\w+)(\??):/.exec(line);
    if (inside === undefined || member === null) return;
    const comment = commentAbove(lines, at);
    found.push({ place: `${path}:${at + 1} ${inside}.${member[1]}`, optional: member[2] === '?', comment });
  });
  return found;
}

/** The doc comment that ends on the line above. */
function commentAbove(lines: readonly string[], at: number): string {
  if (lines[at - 1]?.trim().endsWith('*/') !== true) return '';
  const begin = lines.slice(0, at).findLastIndex((line) => line.trim().startsWith('/**'));
  return lines.slice(begin, at).join('\n');
}

/** SageMaker's own words, explained in its documentation. */
const IN_SAGEMAKERS_WORDS = /PipelineStep\./;

test('the checks below see the sources', () => {
  expect(SOURCES.length).toBeGreaterThan(40);
  expect(SOURCES.flatMap(members).length).toBeGreaterThan(100);
});

test('no construct is given more than it names: nothing is spread into it', () => {
  expect(places(/\.\.\.(this\.)?(props|context|shared|deployment|worker|options)\b(?![.\w])/)).toEqual([]);
});

test('every prop is documented', () => {
  const silent = SOURCES.flatMap(members).filter(({ comment, place }) => comment === '' && !IN_SAGEMAKERS_WORDS.test(place));

  expect(silent.map(({ place }) => place)).toEqual([]);
});

test('an optional prop says what happens without it', () => {
  const silent = SOURCES.flatMap(members).filter(
    ({ optional, comment, place }) => optional && !comment.includes('@default') && !IN_SAGEMAKERS_WORDS.test(place),
  );

  expect(silent.map(({ place }) => place)).toEqual([]);
});

test('ARNs are made in one place', () => {
  expect(places(/['"`]arn:/, 'lib/shared/arns.ts')).toEqual([]);
});

test('no default hides in an expression: the definitions are checked, and a construct has its DEFAULTS', () => {
  expect(places(/\?\? (['"`](?!['"`])|[1-9])/)).toEqual([]);
});

test('policies of functions come from grants of what they use', () => {
  expect(places(/addToRolePolicy\(|\.allow\(/)).toEqual([]);
});
