/** Values of a request by condition key (lower case); several for a multivalued key. */
export type Context = ReadonlyMap<string, readonly string[]>;

const LITERALS = /[.+^${}()|[\]\\]/g;
const compiled = new Map<string, RegExp>();
const MAX_COMPILED = 10_000;

function expression(pattern: string, insensitive: boolean): RegExp {
  const id = `${insensitive ? 'i' : 's'}${pattern}`;
  let found = compiled.get(id);
  if (found === undefined) {
    const source = pattern.replace(LITERALS, '\\$&').replaceAll(/\*+/g, '.*').replaceAll('?', '.');
    found = new RegExp(`^${source}$`, insensitive ? 'is' : 's');
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(id, found);
  }
  return found;
}

/** Whether a text fits a pattern in which `*` stands for any characters and `?` for one. */
export function matches(pattern: string, text: string, insensitive = false): boolean {
  if (pattern === '*') return true;
  if (!/[*?]/.test(pattern)) return insensitive ? pattern.toLowerCase() === text.toLowerCase() : pattern === text;
  return expression(pattern, insensitive).test(text);
}

const PARTS = 6;

function parts(arn: string): string[] {
  const all = arn.split(':');
  return all.length <= PARTS ? all : [...all.slice(0, PARTS - 1), all.slice(PARTS - 1).join(':')];
}

/** Whether an ARN fits a pattern: its six parts are compared one by one, so that a wildcard never spans two of the first five. */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const [wanted, given] = [parts(pattern), parts(arn)];
  return wanted.length === given.length && wanted.every((part, index) => matches(part, given[index] ?? ''));
}

type Test = (text: string) => boolean;
const tests = new Map<string, Test>();

/** `matchesResource` for one pattern, read once. */
export function resourceTest(pattern: string): Test {
  let found = tests.get(pattern);
  if (found === undefined) {
    found = readResource(pattern);
    if (tests.size >= MAX_COMPILED) tests.clear();
    tests.set(pattern, found);
  }
  return found;
}

function readResource(pattern: string): Test {
  if (pattern === '*') return () => true;
  if (!/[*?]/.test(pattern) && parts(pattern).length === PARTS) return (text) => text === pattern;
  return (text) => matchesResource(pattern, text);
}

/** Whether an ARN fits a statement's `Resource`: as `matchesArn`, and parts that the pattern leaves out are anything. */
export function matchesResource(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  if (!pattern.startsWith('arn:')) return pattern === arn;
  const missing = Math.max(0, PARTS - parts(pattern).length);
  return matchesArn(pattern + ':*'.repeat(missing), arn);
}

/** Marks a literal `*`, `?` or `$` that a variable stands for, while the other wildcards of a pattern keep their meaning. */
const ESCAPED: Readonly<Record<string, string>> = { '*': '\u0001', '?': '\u0002', $: '\u0003' };

/**
 * A pattern with its `${...}` variables replaced by the request's values; undefined when one of them has no single value, since such an
 * element matches nothing. `${aws:PrincipalTag/team, 'none'}` has a default.
 */
export function substitute(pattern: string, context: Context): string | undefined {
  if (!pattern.includes('${')) return pattern;
  let resolved = true;
  const text = pattern.replace(/\$\{([^}]*)\}/g, (_, inner: string) => {
    const literal = ESCAPED[inner];
    if (literal !== undefined) return literal;
    const [, name = '', fallback] = /^\s*([^,]+?)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inner) ?? [];
    const values = context.get(name.toLowerCase());
    const value = values?.length === 1 ? values[0] : fallback;
    if (value === undefined) resolved = false;
    // A value of the request is text, never a pattern.
    return (value ?? '').replace(/[*?$]/g, (character) => ESCAPED[character] ?? character);
  });
  return resolved ? text : undefined;
}

/** A request's text as patterns with replaced variables see it: literal wildcards marked in the same way. */
function marked(text: string): string {
  return text.replace(/[*?$]/g, (character) => ESCAPED[character] ?? character);
}

type Matcher = (pattern: string, text: string) => boolean;

/** Whether a text fits a pattern that may hold variables. */
export function fits(pattern: string, text: string, context: Context | undefined, matcher: Matcher): boolean {
  if (context === undefined || !pattern.includes('${')) return matcher(pattern, text);
  const filled = substitute(pattern, context);
  return filled !== undefined && (matcher(filled, marked(text)) || matcher(filled, text));
}
