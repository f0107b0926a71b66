import { MalformedPolicy, parsePolicy } from '../../../src/iam/policy/document';

const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

test.each<[string, unknown, RegExp]>([
  ['no JSON', undefined, /Syntax errors/],
  ['no statement', { Version: '2012-10-17' }, /Syntax errors/],
  ['an unknown version', { Version: '2020-01-01', Statement: allow }, /Syntax errors/],
  ['an unknown effect', { Statement: { ...allow, Effect: 'Maybe' } }, /Effect must be/],
  ['no action', { Statement: { Effect: 'Allow', Resource: '*' } }, /required element Action/],
  ['action and its contrary', { Statement: { ...allow, NotAction: 's3:PutObject' } }, /both Action and NotAction/],
  ['an action that is a number', { Statement: { ...allow, Action: 7 } }, /Action must be/],
  ['no action in the list', { Statement: { ...allow, Action: [] } }, /Action must be/],
  ['an element that there is not', { Statement: { ...allow, Conditions: {} } }, /unknown element Conditions/],
  ['a condition that is a list', { Statement: { ...allow, Condition: [] } }, /Condition must be/],
  ['a principal that is a number', { Statement: { ...allow, Principal: 1 } }, /Principal must be/],
])('%s is refused', (_, document, message) => {
  expect(() => parsePolicy(document === undefined ? '{' : JSON.stringify(document))).toThrow(message);
  expect(() => parsePolicy(document === undefined ? '{' : JSON.stringify(document))).toThrow(MalformedPolicy);
});

test('one statement may stand without a list, and condition values may be numbers and Booleans', () => {
  const { statements } = parsePolicy(
    JSON.stringify({
      Statement: { ...allow, Condition: { Bool: { 'aws:SecureTransport': false }, NumericLessThan: { 's3:max-keys': 10 } } },
    }),
  );
  expect(statements[0]?.conditions).toEqual({
    Bool: { 'aws:SecureTransport': ['false'] },
    NumericLessThan: { 's3:max-keys': ['10'] },
  });
});
