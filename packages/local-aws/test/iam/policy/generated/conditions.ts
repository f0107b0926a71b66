import type { Random } from './random';
import { VALUES } from './targets';

const TEXT = 'StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike StringNotLike'.split(' ');
const ARN = 'ArnEquals ArnNotEquals ArnLike ArnNotLike'.split(' ');
const ORDER = ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'];
const NUMERIC = ORDER.map((name) => `Numeric${name}`);
const DATE = ORDER.map((name) => `Date${name}`);

/** Operators that suit a key, with values beside those that requests have. */
const SUITED: Readonly<Record<string, readonly [operators: readonly string[], values: readonly string[]]>> = {
  'aws:SourceIp': [
    ['IpAddress', 'NotIpAddress'],
    ['203.0.113.0/24', '198.51.100.0/31', '2001:db8::/32', '0.0.0.0/0', '203.0.113.9'],
  ],
  'aws:SecureTransport': [
    ['Bool', 'StringEquals'],
    ['true', 'false', 'True'],
  ],
  'kms:GrantIsForAWSResource': [['Bool'], ['true', 'false']],
  'aws:CurrentTime': [
    DATE,
    ['2013-01-02T00:00:00Z', '2013-03-01', '2013-06-01T12:30:00+00:00', '2013-06-01T14:30:00+02:00', '1370089800'],
  ],
  'aws:EpochTime': [
    [...NUMERIC, ...DATE],
    ['1357084800', '1360000000'],
  ],
  'aws:MultiFactorAuthAge': [NUMERIC, ['300', '10.0', '299.5']],
  's3:max-keys': [NUMERIC, ['10', '100']],
  'aws:SourceArn': [
    [...ARN, ...ARN, 'StringEquals', 'StringLike', 'StringNotLike'],
    ['arn:aws:*:*:111122223333:*', 'arn:aws:events:eu-west-1:*:rule/*', 'arn:aws:s3:::l?ke', 'arn:aws:sns*', '*'],
  ],
};

const PATTERNS = ['*', 'b*', '?lue', 'raw*', '*ra*', '*.amazonaws.com', 's3.*', 'Harbour*', 'r?w/*', 'nothing'];
const VARIABLES = [
  '${aws:PrincipalTag/team}',
  "${aws:PrincipalTag/team, 'blue'}",
  '${aws:username}',
  '${aws:PrincipalTag/team}*',
  '${*}',
];

export type Condition = Record<string, Record<string, string | string[]>>;

function operatorFor(random: Random, key: string, multivalued: boolean): string {
  if (random.chance(0.08)) return 'Null';
  const base = random.pick(SUITED[key]?.[0] ?? TEXT);
  const ifExists = random.chance(0.25) ? 'IfExists' : '';
  const quantified = multivalued ? 0.9 : 0.05;
  const quantifier = random.chance(quantified) ? random.pick(['ForAllValues:', 'ForAnyValue:']) : '';
  return `${quantifier}${base}${ifExists}`;
}

function valueFor(random: Random, key: string, operator: string): string {
  if (operator === 'Null') return random.pick(['true', 'false']);
  const suited = SUITED[key];
  const own = [...(VALUES[key] ?? []), ...(suited?.[1] ?? [])];
  if (suited !== undefined && !/String/.test(operator)) return random.pick(own);
  return random.weighted([
    [5, random.pick(own)],
    [/Like/.test(operator) ? 4 : 0.5, random.pick(PATTERNS)],
    [1.2, random.pick(VARIABLES)],
  ]);
}

/** One or two conditions on the keys given. */
export function condition(random: Random, keys: readonly string[], multivalued: ReadonlySet<string>): Condition {
  const block: Condition = {};
  for (const key of random.some(keys, 2)) {
    const operator = operatorFor(random, key, multivalued.has(key));
    const values = random.some([0, 0, 0], operator === 'Null' ? 1 : 3).map(() => valueFor(random, key, operator));
    const written = random.chance(0.05) ? key.toUpperCase() : key;
    block[operator] = { ...block[operator], [written]: values.length === 1 ? (values[0] ?? '') : values };
  }
  return block;
}
