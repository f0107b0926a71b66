import { BlockList, isIP } from 'node:net';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = { readonly [name: string]: Json };
type Test = (value: Json) => boolean;
/** Whether a field (all its values, none if it is absent) satisfies one alternative of a pattern. */
type FieldTest = (values: readonly Json[], exists: boolean) => boolean;
type Matcher = (event: readonly Json[]) => boolean;

const MAX_LENGTH = 4096;
const NUMERIC_LIMIT = 5e9;

/** A pattern that EventBridge refuses, with its reason. */
export class PatternError extends Error {}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wildcard(text: Json): RegExp {
  if (typeof text !== 'string') throw new PatternError('wildcard match pattern must be a string');
  if (/(?<!\\)\*\*/.test(text)) throw new PatternError('Consecutive wildcard characters at pos 0');
  const parts = text.match(/\\\*|\\\\|\*|[^*\\]+|\\/g) ?? [];
  const source = parts.map((part) =>
    part === '*' ? '.*' : part.replace(/^\\([*\\])$/, '$1').replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`^${source.join('')}$`, 's');
}

function caseOption(operand: Json, name: string): { text: string; ignoreCase: boolean } {
  if (isObject(operand) && typeof operand['equals-ignore-case'] === 'string')
    return { text: operand['equals-ignore-case'].toLowerCase(), ignoreCase: true };
  if (typeof operand !== 'string') throw new PatternError(`${name} match pattern must be a string`);
  return { text: operand, ignoreCase: false };
}

function onText(test: (text: string) => boolean): Test {
  return (value) => typeof value === 'string' && test(value);
}

const COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

function numeric(operand: Json): Test {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 === 1)
    throw new PatternError('Invalid member in numeric match: an array of operators and numbers is expected');
  const tests = Array.from({ length: operand.length / 2 }, (_, index) => {
    const compare = COMPARISONS[String(operand[2 * index])];
    const bound = operand[2 * index + 1];
    if (compare === undefined) throw new PatternError(`Unrecognized numeric range operator: ${String(operand[2 * index])}`);
    if (typeof bound !== 'number' || Math.abs(bound) > NUMERIC_LIMIT)
      throw new PatternError('Value of numeric match must be a number between -5.0E9 and +5.0E9');
    return (value: number): boolean => compare(value, bound);
  });
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function cidr(operand: Json): Test {
  const [address = '', bits] = String(operand).split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0 || bits === undefined) throw new PatternError(`Malformed CIDR, one '/' required`);
  const block = new BlockList();
  block.addSubnet(address, Number(bits), family);
  return onText((text) => isIP(text) !== 0 && block.check(text, isIP(text) === 6 ? 'ipv6' : 'ipv4'));
}

function valueTest(operator: string, operand: Json): Test {
  switch (operator) {
    case 'prefix':
    case 'suffix': {
      const { text, ignoreCase } = caseOption(operand, operator);
      return onText((value) => {
        const given = ignoreCase ? value.toLowerCase() : value;
        return operator === 'prefix' ? given.startsWith(text) : given.endsWith(text);
      });
    }
    case 'equals-ignore-case': {
      if (typeof operand !== 'string') throw new PatternError('equals-ignore-case match pattern must be a string');
      return onText((value) => value.toLowerCase() === operand.toLowerCase());
    }
    case 'wildcard': {
      const pattern = wildcard(operand);
      return onText((value) => pattern.test(value));
    }
    case 'numeric':
      return numeric(operand);
    case 'cidr':
      return cidr(operand);
    default:
      throw new PatternError(`Unrecognized match type ${operator}`);
  }
}

/** Tests of which `anything-but` wants none to hold. */
function excluded(operand: Json): Test[] {
  if (isObject(operand)) {
    const [[operator = '', inner = null] = []] = Object.entries(operand);
    if (!['prefix', 'suffix', 'wildcard', 'equals-ignore-case'].includes(operator))
      throw new PatternError(`Unsupported anything-but pattern: ${operator}`);
    return (Array.isArray(inner) ? inner : [inner]).map((item: Json) => valueTest(operator, item));
  }
  const list: readonly Json[] = Array.isArray(operand) ? operand : [operand];
  if (list.some((item) => typeof item !== 'string' && typeof item !== 'number'))
    throw new PatternError('Inside anything but list, start|null|boolean is not supported.');
  return list.map((item) => (value: Json) => value === item);
}

function alternative(rule: Json): FieldTest {
  if (Array.isArray(rule)) throw new PatternError('arrays are not allowed within the values of a field');
  if (!isObject(rule)) return (values) => values.some((value) => value === rule);
  const entries = Object.entries(rule);
  const [[operator, operand] = ['', null]] = entries;
  if (entries.length !== 1) throw new PatternError('Only one key allowed in match expression');
  if (operator === 'exists') {
    if (typeof operand !== 'boolean') throw new PatternError('exists match pattern must be either true or false.');
    return (values, exists) => (exists && !values.every((value) => isObject(value))) === operand;
  }
  if (operator === 'anything-but') {
    const tests = excluded(operand);
    return (values) => values.some((value) => !isObject(value) && tests.every((test) => !test(value)));
  }
  const test = valueTest(operator, operand);
  return (values) => values.some(test);
}

/** Values of a field in any of `parents`; an array stands for its elements. */
function valuesOf(parents: readonly Json[], name: string): { values: Json[]; exists: boolean } {
  const found = parents.flatMap((parent) => (isObject(parent) && parent[name] !== undefined ? [parent[name]] : []));
  const flat = (value: Json): Json[] => (Array.isArray(value) ? value.flatMap(flat) : [value]);
  return { values: found.flatMap(flat), exists: found.length > 0 };
}

function compileField(name: string, rule: Json): Matcher {
  if (name === '$or') {
    if (!Array.isArray(rule) || rule.length < 2 || !rule.every(isObject))
      throw new PatternError('"$or" must be an array of at least two objects');
    const options = rule.map((option) => compileObject(option));
    return (parents) => options.some((option) => option(parents));
  }
  if (Array.isArray(rule)) {
    if (rule.length === 0) throw new PatternError('Empty arrays are not allowed');
    const tests = rule.map((item: Json) => alternative(item));
    return (parents) => {
      const { values, exists } = valuesOf(parents, name);
      return tests.some((test) => test(values, exists));
    };
  }
  if (!isObject(rule)) throw new PatternError(`"${name}" must be an object or an array`);
  const inner = compileObject(rule);
  return (parents) => inner(valuesOf(parents, name).values);
}

function compileObject(pattern: JsonObject): Matcher {
  const fields = Object.entries(pattern);
  if (fields.length === 0) throw new PatternError('Empty objects are not allowed');
  const matchers = fields.map(([name, rule]) => compileField(name, rule));
  return (parents) => matchers.every((matcher) => matcher(parents));
}

const compiled = new Map<string, Matcher>();
const MAX_COMPILED = 1000;

function compile(text: string): Matcher {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  if (text.length > MAX_LENGTH) throw new PatternError(`the pattern has more than ${MAX_LENGTH} characters`);
  let pattern: Json;
  try {
    pattern = JSON.parse(text);
  } catch (error) {
    throw new PatternError(error instanceof Error ? error.message : 'not JSON');
  }
  if (!isObject(pattern)) throw new PatternError('Filter is not an object');
  const matcher = compileObject(pattern);
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(text, matcher);
  return matcher;
}

/** Throws `PatternError` if EventBridge would refuse the pattern (JSON text). */
export function checkPattern(text: string): void {
  compile(text);
}

/** Whether an event matches an EventBridge event pattern (JSON text); also SNS's filter policies. */
export function matches(text: string, event: unknown): boolean {
  return compile(text)([event as Json]);
}
