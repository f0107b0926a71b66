import { names } from '../../../core/naming';
import { ChampionPointers, POINTER_WILDCARDS } from '../../../lib/registry/champion-pointers';
import { grantsOf } from '../../support/role-grants';

const pointers = new ChampionPointers(names('prod'));
const CHAMPION = 'ssm:parameter/slipway/prod/*/champion';
const BELOW = `${CHAMPION}/*`;

test('who reads what serves reads the pointer alone', () => {
  expect(grantsOf((role) => pointers.grantRead(role))).toEqual({ 'ssm:GetParameter': [CHAMPION] });
});

test('who moves a champion writes the pointer and what the endpoints resolve below it, and deletes nothing', () => {
  expect(grantsOf((role) => pointers.grantWrite(role))).toEqual({
    'ssm:GetParameter': [CHAMPION, BELOW],
    'ssm:PutParameter': [CHAMPION, BELOW],
  });
});

test('who seeds may take pointers away as well', () => {
  expect(grantsOf((role) => pointers.grantSeed(role))).toEqual({
    'ssm:DeleteParameters': [CHAMPION, BELOW],
    'ssm:GetParameter': [CHAMPION, BELOW],
    'ssm:PutParameter': [CHAMPION, BELOW],
  });
});

test('the freeze switch is read and never written: people turn it', () => {
  expect(grantsOf((role) => pointers.grantReadFreeze(role))).toEqual({
    'ssm:GetParameter': ['ssm:parameter/slipway/prod/*/freeze'],
  });
});

test.each([
  ['Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/slipway/dev/*/champion', true],
  ['Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/slipway/dev/*/freeze', true],
  ['Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/slipway/dev/*', false],
  ['Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/*/champion', false],
])('of the wildcards, %s is explained: %p', (finding, explained) => {
  expect(POINTER_WILDCARDS.some(({ pattern }) => pattern.test(finding))).toBe(explained);
});
