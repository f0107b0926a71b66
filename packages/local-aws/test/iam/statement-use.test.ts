import { type Policy, parsePolicy } from '../../src/iam/policy/document';
import type { AccessRequest, Policies } from '../../src/iam/policy/evaluate';
import { StatementUse } from '../../src/iam/statement-use';

const ACCOUNT = '111122223333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/reader`;
const read = (action: string, resource = 'arn:aws:s3:::lake/a'): AccessRequest => ({
  principal: { kind: 'assumed-role', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/reader/one`, account: ACCOUNT, roleArn: ROLE },
  action,
  resource,
  context: new Map(),
});
const policy = (...statements: object[]): Policy =>
  parsePolicy(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: statements.map((one) => ({ Effect: 'Allow', Resource: '*', ...one })),
    }),
  );

function tried(requests: readonly AccessRequest[], own: Policy, more: Partial<Policies> = {}) {
  const use = new StatementUse();
  for (const request of requests) use.try(ROLE, { request, names: ['own'], policies: { identity: [own], ...more } });
  return use.report()[ROLE] ?? {};
}

test('a statement that alone allows a call is needed, and of its actions those that were called', () => {
  const own = policy({ Action: ['s3:GetObject', 's3:PutObject'] }, { Action: 's3:DeleteObject' });
  expect(tried([read('s3:GetObject')], own)).toEqual({ 'own\n0': { calls: ['s3:GetObject'], actions: ['s3:getobject'] } });
});

test('of two statements that allow the same neither is needed, until a call needs one of them', () => {
  const own = policy({ Action: 's3:GetObject' }, { Action: 's3:Get*', Resource: 'arn:aws:s3:::lake/*' });
  expect(tried([read('s3:GetObject')], own)).toEqual({});
  expect(Object.keys(tried([read('s3:GetObject'), read('s3:GetObject', 'arn:aws:s3:::other/a')], own))).toEqual(['own\n0']);
});

test('an action that another entry of the same statement covers is idle', () => {
  const own = policy({ Action: ['s3:GetObject', 's3:Get*'] });
  expect(tried([read('s3:GetObject')], own)).toEqual({ 'own\n0': { calls: ['s3:GetObject'], actions: [] } });
  expect(tried([read('s3:GetObject'), read('s3:GetObjectTagging')], own)['own\n0']?.actions).toEqual(['s3:get*']);
});

test('a statement is not needed where the resource policy allows the role anyway', () => {
  const own = policy({ Action: 's3:GetObject' });
  const resource = policy({ Action: 's3:GetObject', Principal: { AWS: ROLE } });
  expect(tried([read('s3:GetObject')], own, { resource })).toEqual({});
});

test('a call is tried once, and once more when it comes through another service', () => {
  const use = new StatementUse();
  expect(use.knows(ROLE, read('kms:Decrypt'), undefined)).toBe(false);
  expect(use.knows(ROLE, read('kms:Decrypt'), undefined)).toBe(true);
  expect(use.knows(ROLE, read('kms:Decrypt'), 's3')).toBe(false);
});
