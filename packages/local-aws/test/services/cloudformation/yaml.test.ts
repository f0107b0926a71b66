import { parseYaml } from '../../../src/services/cloudformation/yaml';

test.each([
  ['!Ref X', { Ref: 'X' }],
  ['!Condition C', { Condition: 'C' }],
  ['!GetAtt Resource.Outputs.Url', { 'Fn::GetAtt': ['Resource', 'Outputs.Url'] }],
  ['!GetAtt [Resource, Arn]', { 'Fn::GetAtt': ['Resource', 'Arn'] }],
  [`!Sub "${'$'}{A}-b"`, { 'Fn::Sub': `${'$'}{A}-b` }],
  ['!Join ["-", [a, !Ref B]]', { 'Fn::Join': ['-', ['a', { Ref: 'B' }]] }],
  [
    '!If [C, !Sub [x, {k: !Ref V}], !Ref "AWS::NoValue"]',
    { 'Fn::If': ['C', { 'Fn::Sub': ['x', { k: { Ref: 'V' } }] }, { Ref: 'AWS::NoValue' }] },
  ],
  ['{Fn::Not: [!Equals [a, b]]}', { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }],
  ['!Base64\n  Fn::Sub: x', { 'Fn::Base64': { 'Fn::Sub': 'x' } }],
])('%s is read as the function that it is short for', (text, value) => {
  expect(parseYaml(`V: ${text}`)).toEqual({ V: value });
});

test('an anchor holds the function, not its argument', () => {
  expect(parseYaml('A: &x !Ref R\nB: *x')).toEqual({ A: { Ref: 'R' }, B: { Ref: 'R' } });
});

test('a date is a text, as versions of templates and policies are', () => {
  expect(parseYaml('AWSTemplateFormatVersion: 2010-09-09')).toEqual({ AWSTemplateFormatVersion: '2010-09-09' });
});

test.each(['A: !Rf X', 'A: [1', 'A: 1\nA: 2'])('%j is no template', (text) => {
  expect(() => parseYaml(text)).toThrow();
});
