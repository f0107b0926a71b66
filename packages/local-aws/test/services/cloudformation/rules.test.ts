import type { Scope } from '../../../src/services/cloudformation/intrinsics';
import { checkRules } from '../../../src/services/cloudformation/rules';

function check(rule: object, parameters: Record<string, string | string[]> = { Stage: 'dev', Zones: ['a', 'b'] }): void {
  const template = { Resources: {}, Rules: { R: rule } };
  const scope: Scope = {
    template,
    parameters: new Map(Object.entries(parameters)),
    pseudo: new Map([['AWS::Region', 'eu-west-1']]),
    conditions: new Map(),
    ref: () => 'a resource',
    attribute: () => 'an attribute',
    importValue: () => 'an import',
  };
  checkRules(template, scope);
}

const assertion = (Assert: object) => ({ Assertions: [{ Assert, AssertDescription: 'it must be so' }] });
const stage = { Ref: 'Stage' };

test.each([
  { 'Fn::Equals': [stage, 'dev'] },
  { 'Fn::Contains': [['dev', 'prod'], stage] },
  { 'Fn::Not': [{ 'Fn::Contains': [['1', '2'], stage] }] },
  { 'Fn::And': [{ 'Fn::Equals': [stage, 'dev'] }, { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] }] },
  { 'Fn::Or': [{ 'Fn::Equals': [stage, 'x'] }, { 'Fn::Equals': [stage, 'dev'] }] },
  { 'Fn::EachMemberIn': [{ Ref: 'Zones' }, ['a', 'b', 'c']] },
  { 'Fn::EachMemberEquals': [['dev', 'dev'], stage] },
])('%j holds', (rule) => {
  expect(() => check(assertion(rule))).not.toThrow();
});

test.each([
  { 'Fn::Equals': [stage, 'prod'] },
  { 'Fn::Contains': [['prod'], stage] },
  { 'Fn::Not': [{ 'Fn::Contains': [['dev'], stage] }] },
  { 'Fn::And': [{ 'Fn::Equals': [stage, 'dev'] }, { 'Fn::Equals': [stage, 'x'] }] },
  { 'Fn::Or': [{ 'Fn::Equals': [stage, 'x'] }] },
  { 'Fn::EachMemberIn': [{ Ref: 'Zones' }, ['a']] },
  { 'Fn::EachMemberEquals': [['dev', 'x'], stage] },
])('%j does not hold', (rule) => {
  expect(() => check(assertion(rule))).toThrow('Template error: Rule R failed: it must be so');
});

test('a rule counts only where its condition holds', () => {
  const broken = assertion({ 'Fn::Equals': [stage, 'x'] });
  expect(() => check({ RuleCondition: { 'Fn::Equals': [stage, 'prod'] }, ...broken })).not.toThrow();
  expect(() => check({ RuleCondition: { 'Fn::Equals': [stage, 'dev'] }, ...broken })).toThrow('it must be so');
});

test('a function that is not evaluated here is refused aloud', () => {
  expect(() => check(assertion({ 'Fn::RefAll': 'AWS::EC2::VPC::Id' }))).toThrow(
    'The local AWS does not evaluate Fn::RefAll in Rules.',
  );
});
