import { isIPv4 } from 'node:net';
import type { ConditionBlock } from './document';
import { type Context, fits, matches, matchesArn } from './patterns';

/** One comparison of a policy's value with a request's. */
type Comparison = (wanted: string, given: string, variables: Context | undefined) => boolean;

function numeric(compare: (given: number, wanted: number) => boolean): Comparison {
  return (wanted, given) => {
    const [a, b] = [Number(given), Number(wanted)];
    return given.trim() !== '' && wanted.trim() !== '' && !Number.isNaN(a) && !Number.isNaN(b) && compare(a, b);
  };
}

function instant(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function dated(compare: (given: number, wanted: number) => boolean): Comparison {
  return (wanted, given) => {
    const [a, b] = [instant(given), instant(wanted)];
    return !Number.isNaN(a) && !Number.isNaN(b) && compare(a, b);
  };
}

function bits(address: string): bigint | undefined {
  if (isIPv4(address)) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  if (!address.includes(':')) return undefined;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(Math.max(0, missing)).fill('0'), ...right];
  if (groups.length !== 8 || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function inRange(range: string, address: string): boolean {
  const [base = '', length] = range.split('/');
  const width = isIPv4(base) ? 32 : 128;
  const [network, given] = [bits(base), bits(address)];
  if (network === undefined || given === undefined || isIPv4(base) !== isIPv4(address)) return false;
  const shift = BigInt(width - (length === undefined ? width : Number(length)));
  return network >> shift === given >> shift;
}

const text: Comparison = (wanted, given, variables) => fits(wanted, given, variables, (a, b) => a === b);
const caseless: Comparison = (wanted, given, variables) =>
  fits(wanted, given, variables, (a, b) => a.toLowerCase() === b.toLowerCase());
const like: Comparison = (wanted, given, variables) => fits(wanted, given, variables, matches);
const arn: Comparison = (wanted, given, variables) => fits(wanted, given, variables, matchesArn);
const equalNumber = numeric((a, b) => a === b);
const equalDate = dated((a, b) => a === b);

interface Operator {
  readonly compare: Comparison;
  /** `StringNotEquals` and its like: true when no value compares, and when the request lacks the key. */
  readonly negated?: boolean;
}

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>(
  Object.entries({
    StringEquals: { compare: text },
    StringNotEquals: { compare: text, negated: true },
    StringEqualsIgnoreCase: { compare: caseless },
    StringNotEqualsIgnoreCase: { compare: caseless, negated: true },
    StringLike: { compare: like },
    StringNotLike: { compare: like, negated: true },
    ArnEquals: { compare: arn },
    ArnLike: { compare: arn },
    ArnNotEquals: { compare: arn, negated: true },
    ArnNotLike: { compare: arn, negated: true },
    NumericEquals: { compare: equalNumber },
    NumericNotEquals: { compare: equalNumber, negated: true },
    NumericLessThan: { compare: numeric((a, b) => a < b) },
    NumericLessThanEquals: { compare: numeric((a, b) => a <= b) },
    NumericGreaterThan: { compare: numeric((a, b) => a > b) },
    NumericGreaterThanEquals: { compare: numeric((a, b) => a >= b) },
    DateEquals: { compare: equalDate },
    DateNotEquals: { compare: equalDate, negated: true },
    DateLessThan: { compare: dated((a, b) => a < b) },
    DateLessThanEquals: { compare: dated((a, b) => a <= b) },
    DateGreaterThan: { compare: dated((a, b) => a > b) },
    DateGreaterThanEquals: { compare: dated((a, b) => a >= b) },
    Bool: { compare: (wanted: string, given: string) => wanted.toLowerCase() === given.toLowerCase() },
    BinaryEquals: { compare: (wanted: string, given: string) => wanted === given },
    IpAddress: { compare: inRange },
    NotIpAddress: { compare: inRange, negated: true },
  }).map(([name, operator]) => [name.toLowerCase(), operator]),
);

const SHAPE = /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/;

interface Test {
  readonly quantifier: 'forallvalues' | 'foranyvalue' | undefined;
  readonly operator: Operator;
  readonly ifExists: boolean;
}

function testOf(name: string): Test | undefined {
  const [, quantifier, base = '', ifExists] = SHAPE.exec(name.toLowerCase()) ?? [];
  const operator = OPERATORS.get(base);
  if (operator === undefined) return undefined;
  return { quantifier: quantifier as Test['quantifier'], operator, ifExists: ifExists !== undefined };
}

/** Whether the operator of a condition exists. */
export function isOperator(name: string): boolean {
  return name.toLowerCase() === 'null' || testOf(name) !== undefined;
}

/** Keys of several values (`ArrayOf..` in the Service Authorization Reference): without a set operator no value of theirs compares. */
const MULTIVALUED: ReadonlySet<string> = new Set([
  'aws:calledvia',
  'aws:principalorgpaths',
  'aws:principalservicenameslist',
  'aws:tagkeys',
  'dynamodb:attributes',
  'dynamodb:leadingkeys',
  'events:detail-type',
  'events:source',
  'kms:encryptioncontextkeys',
  'kms:grantoperations',
]);

function holds(
  test: Test,
  key: string,
  wanted: readonly string[],
  given: readonly string[] | undefined,
  variables: Context | undefined,
): boolean {
  const { quantifier, operator, ifExists } = test;
  const one = (value: string): boolean => {
    const equal = wanted.some((pattern) => operator.compare(pattern, value, variables));
    return operator.negated === true ? !equal : equal;
  };
  const absent = given === undefined || given.length === 0;
  // Without values there is not any that could match, `IfExists` or not.
  if (quantifier === 'foranyvalue') return !absent && given.some(one);
  if (absent && ifExists) return true;
  if (quantifier === 'forallvalues') return absent || given.every(one);
  if (absent) return operator.negated === true;
  return !MULTIVALUED.has(key) && given.length === 1 && given.every(one);
}

/** Whether all conditions of a statement hold. `variables` replaces `${...}`; absent for documents of the old version. */
export function conditionsHold(block: ConditionBlock, context: Context, variables: Context | undefined): boolean {
  return Object.entries(block).every(([name, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const given = context.get(key.toLowerCase());
      if (name.toLowerCase() === 'null')
        return wanted.some((value) => (value.toLowerCase() === 'true') === (given === undefined));
      const test = testOf(name);
      return test !== undefined && holds(test, key.toLowerCase(), wanted, given, variables);
    }),
  );
}
