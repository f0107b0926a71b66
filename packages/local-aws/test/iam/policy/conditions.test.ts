import { conditionsHold, isOperator } from '../../../src/iam/policy/conditions';

type Values = Readonly<Record<string, readonly string[]>>;

function holds(operator: string, key: string, wanted: string[], given: Values): boolean {
  const context = new Map(Object.entries(given).map(([name, values]) => [name.toLowerCase(), values]));
  return conditionsHold({ [operator]: { [key]: wanted } }, context, context);
}

// Operator, wanted, given (undefined: the request lacks the key), result. Source: IAM User Guide, "Condition operators".
test.each<[string, string[], string[] | undefined, boolean]>([
  ['StringEquals', ['a', 'b'], ['b'], true],
  ['StringEquals', ['a'], ['A'], false],
  ['StringEquals', ['a'], undefined, false],
  ['StringEqualsIfExists', ['a'], undefined, true],
  ['StringEqualsIfExists', ['a'], ['b'], false],
  ['StringNotEquals', ['a', 'b'], ['c'], true],
  ['StringNotEquals', ['a', 'b'], ['b'], false],
  ['StringNotEquals', ['a'], undefined, true],
  ['StringEqualsIgnoreCase', ['a'], ['A'], true],
  ['StringNotEqualsIgnoreCase', ['a'], ['A'], false],
  ['StringLike', ['a*'], ['abc'], true],
  ['StringLike', ['a?'], ['abc'], false],
  ['StringNotLike', ['a*'], ['abc'], false],
  ['ArnLike', ['arn:aws:sns:*:1:t*'], ['arn:aws:sns:eu-west-1:1:topic'], true],
  ['ArnEquals', ['arn:aws:sns:*:1:t*'], ['arn:aws:sns:eu-west-1:1:topic'], true],
  ['ArnLike', ['arn:aws:sns:*'], ['arn:aws:sns:eu-west-1:1:topic'], false],
  ['ArnNotLike', ['arn:aws:sns:*:1:t*'], ['arn:aws:sns:eu-west-1:1:topic'], false],
  ['NumericLessThan', ['10'], ['9'], true],
  ['NumericLessThan', ['10'], ['10'], false],
  ['NumericLessThanEquals', ['10'], ['10'], true],
  ['NumericGreaterThan', ['10'], ['11'], true],
  ['NumericGreaterThanEquals', ['10'], ['9'], false],
  ['NumericEquals', ['1'], ['1.0'], true],
  ['NumericNotEquals', ['1'], ['2'], true],
  ['NumericEquals', ['1'], ['one'], false],
  ['DateGreaterThan', ['2013-01-01T00:00:00Z'], ['2013-01-02T00:00:00Z'], true],
  ['DateLessThan', ['2013-01-01T00:00:00Z'], ['2013-01-02T00:00:00Z'], false],
  ['DateEquals', ['1357084800'], ['2013-01-02T00:00:00Z'], true],
  ['Bool', ['true'], ['true'], true],
  ['Bool', ['false'], undefined, false],
  ['BoolIfExists', ['false'], undefined, true],
  ['IpAddress', ['203.0.113.0/24'], ['203.0.113.9'], true],
  ['IpAddress', ['203.0.113.0/24'], ['203.0.114.9'], false],
  ['IpAddress', ['2001:db8::/32'], ['2001:db8:1::1'], true],
  ['IpAddress', ['2001:db8::/32'], ['203.0.113.9'], false],
  ['IpAddress', ['203.0.113.9'], ['203.0.113.9'], true],
  ['NotIpAddress', ['203.0.113.0/24'], ['203.0.113.9'], false],
  ['NotIpAddress', ['203.0.113.0/24'], undefined, true],
  ['Null', ['true'], undefined, true],
  ['Null', ['true'], ['x'], false],
  ['Null', ['false'], ['x'], true],
  ['Null', ['false'], undefined, false],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
  ['ForAllValues:StringEquals', ['a'], undefined, true],
  ['ForAllValues:StringEquals', ['a'], [], true],
  ['ForAnyValue:StringEquals', ['a'], ['c', 'a'], true],
  ['ForAnyValue:StringEquals', ['a'], ['c'], false],
  ['ForAnyValue:StringEquals', ['a'], undefined, false],
  ['ForAnyValue:StringEqualsIfExists', ['a'], undefined, false],
  ['ForAllValues:StringEqualsIfExists', ['a'], undefined, true],
  ['StringEquals', ['a'], ['a', 'b'], false],
  ['StringNotEquals', ['a'], ['b', 'c'], false],
  ['ForAllValues:StringNotEquals', ['a'], ['b', 'c'], true],
  ['ForAllValues:StringNotEquals', ['a'], ['b', 'a'], false],
  ['NoSuchOperator', ['a'], ['a'], false],
])('%s of %j, given %j: %s', (operator, wanted, given, expected) => {
  expect(holds(operator, 'aws:Key', wanted, given === undefined ? {} : { 'aws:key': given })).toBe(expected);
});

test('all keys of an operator and all operators must hold', () => {
  const context = new Map([
    ['a', ['1']],
    ['b', ['2']],
  ]);
  const both = { StringEquals: { a: ['1'], b: ['2'] } };
  expect(conditionsHold(both, context, context)).toBe(true);
  expect(conditionsHold({ StringEquals: { a: ['1'], b: ['3'] } }, context, context)).toBe(false);
  expect(conditionsHold({ ...both, StringLike: { a: ['2*'] } }, context, context)).toBe(false);
});

test('a key of several values compares with a set operator only, even when it has one', () => {
  const context = new Map([['dynamodb:leadingkeys', ['a']]]);
  const block = (operator: string) => ({ [operator]: { 'dynamodb:LeadingKeys': ['a'] } });
  expect(conditionsHold(block('StringEquals'), context, context)).toBe(false);
  expect(conditionsHold(block('ForAllValues:StringEquals'), context, context)).toBe(true);
});

test('condition keys are found in any case, and a value may hold a variable', () => {
  const context = new Map([
    ['aws:principaltag/team', ['blue']],
    ['aws:resourcetag/team', ['blue']],
  ]);
  const block = { StringEquals: { 'AWS:ResourceTag/Team': ['${aws:PrincipalTag/Team}'] } };
  expect(conditionsHold(block, context, context)).toBe(true);
  expect(conditionsHold(block, context, undefined)).toBe(false);
});

test.each(['StringEquals', 'forallvalues:stringlike', 'ForAnyValue:ArnLikeIfExists', 'Null', 'BoolIfExists'])(
  '%s is an operator',
  (name) => {
    expect(isOperator(name)).toBe(true);
  },
);

test.each(['StringEqual', 'ForSomeValues:StringEquals', ''])("'%s' is none", (name) => {
  expect(isOperator(name)).toBe(false);
});
