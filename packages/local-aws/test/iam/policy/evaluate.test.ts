import { parsePolicy } from '../../../src/iam/policy/document';
import { type Decision, evaluate, type Policies, type Principal } from '../../../src/iam/policy/evaluate';

const ACCOUNT = '111122223333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/reader`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/reader/one`;
const ITEM = 'arn:aws:s3:::lake/a/b';
const role: Principal = { kind: 'assumed-role', arn: SESSION, account: ACCOUNT, roleArn: ROLE };
const service: Principal = { kind: 'service', arn: 'events.amazonaws.com', account: ACCOUNT };
const root: Principal = { kind: 'root', arn: `arn:aws:iam::${ACCOUNT}:root`, account: ACCOUNT };

type Statement = Readonly<Record<string, unknown>>;
const policy = (...statements: Statement[]) =>
  parsePolicy(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: statements.map((one) => ({ Effect: 'Allow', Action: 's3:GetObject', ...one })),
    }),
  );
const allow = policy({ Resource: ITEM });
const deny = policy({ Effect: 'Deny', Resource: '*' });
const nothing = policy({ Action: 's3:PutObject', Resource: '*' });

function decide(policies: Partial<Policies>, principal: Principal = role, context: Record<string, string[]> = {}): Decision {
  const request = { principal, action: 's3:GetObject', resource: ITEM, context: new Map(Object.entries(context)) };
  return evaluate(request, { identity: [], ...policies });
}

const of = (names: unknown, more: Statement = {}) => policy({ Principal: names, Resource: ITEM, ...more });
const OK = { allowed: true };
const no = (by: string, explicit = false) => ({ allowed: false, by, explicit });

// One line per row of "Evaluating policies within a single account" of the IAM User Guide.
test.each<[string, Partial<Policies>, object, Principal?]>([
  ['nothing at all', {}, no('identity-based policy')],
  ['an identity policy that allows', { identity: [allow] }, OK],
  ['an identity policy that allows something else', { identity: [nothing] }, no('identity-based policy')],
  ['an identity deny beside an allow', { identity: [allow, deny] }, no('identity-based policy', true)],
  ['a boundary that does not allow', { identity: [allow], boundary: nothing }, no('permissions boundary')],
  ['a boundary that denies', { identity: [allow], boundary: deny }, no('permissions boundary', true)],
  ['a boundary alone gives nothing', { boundary: allow }, no('identity-based policy')],
  ['a session policy that does not allow', { identity: [allow], session: nothing }, no('session policy')],
  ['a session policy that denies', { identity: [allow], session: deny }, no('session policy', true)],
  ['all of them allow', { identity: [allow], boundary: allow, session: allow }, OK],
  [
    'a resource policy that names the session, past boundary and session policy',
    { resource: of({ AWS: SESSION }), boundary: nothing, session: nothing },
    OK,
  ],
  ['a resource policy that names the role', { resource: of({ AWS: ROLE }) }, OK],
  [
    'a resource policy that names the role, with a boundary against it',
    { resource: of({ AWS: ROLE }), boundary: nothing },
    no('permissions boundary'),
  ],
  [
    'a resource policy that names the role, with a session policy against it',
    { resource: of({ AWS: ROLE }), session: nothing },
    no('session policy'),
  ],
  ['a resource policy that names the account delegates only', { resource: of({ AWS: ACCOUNT }) }, no('identity-based policy')],
  [
    'a resource policy that names the account, and the identity allows',
    { resource: of({ AWS: root.arn }), identity: [allow] },
    OK,
  ],
  [
    'a resource policy that denies an allowed identity',
    { resource: of('*', { Effect: 'Deny' }), identity: [allow] },
    no('resource-based policy', true),
  ],
  ['a resource policy for another role', { resource: of({ AWS: `${ROLE}2` }) }, no('identity-based policy')],
  ['a service that the resource policy names', { resource: of({ Service: 'events.amazonaws.com' }) }, OK, service],
  ['a service that it does not name', { resource: of({ Service: 'sns.amazonaws.com' }) }, no('resource-based policy'), service],
  ['a service has no identity policies', { identity: [allow] }, no('resource-based policy'), service],
  ['root needs no identity policy', {}, OK, root],
  [
    'root is denied by a resource policy all the same',
    { resource: of('*', { Effect: 'Deny' }) },
    no('resource-based policy', true),
    root,
  ],
  [
    'a key whose policy says nothing, for an administrator',
    { resourceMustAllow: true, identity: [allow], resource: of({ AWS: `${ROLE}2` }) },
    no('resource-based policy'),
  ],
  [
    'a key whose policy names the account, for who is allowed',
    { resourceMustAllow: true, identity: [allow], resource: of({ AWS: root.arn }) },
    OK,
  ],
  [
    'a key whose policy names the account, for who is not',
    { resourceMustAllow: true, resource: of({ AWS: root.arn }) },
    no('identity-based policy'),
  ],
  ['a key whose policy names the role', { resourceMustAllow: true, resource: of({ AWS: ROLE }) }, OK],
  ['a key without a policy, for root', { resourceMustAllow: true }, no('resource-based policy'), root],
  ['a grant, without any policy', { resourceMustAllow: true, granted: true }, OK],
  ['a grant cannot undo a deny', { resourceMustAllow: true, granted: true, identity: [deny] }, no('identity-based policy', true)],
])('%s', (_, policies, expected, ...[principal]) => {
  expect(decide(policies, principal)).toEqual(expected);
});

test.each<[string, Statement, boolean]>([
  ['Action in another case', { Action: 'S3:getobject', Resource: '*' }, true],
  ['Action with wildcards', { Action: 's3:Get*', Resource: '*' }, true],
  ['Action with a question mark', { Action: 's3:GetObjec?', Resource: '*' }, true],
  ['a question mark stands for one character', { Action: 's3:GetObject?', Resource: '*' }, false],
  ['NotAction of something else', { Action: undefined, NotAction: 's3:PutObject', Resource: '*' }, true],
  ['NotAction of itself', { Action: undefined, NotAction: 's3:Get*', Resource: '*' }, false],
  ['Resource in another case', { Resource: 'arn:aws:s3:::Lake/a/b' }, false],
  ['a wildcard crosses slashes', { Resource: 'arn:aws:s3:::lake/*' }, true],
  ['the bucket is not its objects', { Resource: 'arn:aws:s3:::lake' }, false],
  ['a pattern with dots is no regular expression', { Resource: 'arn:aws:s3:::l.ke/a/b' }, false],
  ['one of several resources', { Resource: ['arn:aws:s3:::x', ITEM] }, true],
  ['NotResource of itself', { Resource: undefined, NotResource: ITEM }, false],
  ['NotResource of another', { Resource: undefined, NotResource: `${ITEM}c` }, true],
  ['a wildcard does not cross the colons of an ARN', { Resource: 'arn:*:lake/a/b' }, false],
  ['a variable in the resource', { Resource: 'arn:aws:s3:::lake/${aws:PrincipalTag/team}/b' }, true],
  ['a variable without a value matches nothing', { Resource: 'arn:aws:s3:::lake/${aws:PrincipalTag/other}*' }, false],
  ['a variable with a default', { Resource: "arn:aws:s3:::lake/${aws:PrincipalTag/other, 'a'}/b" }, true],
  ['an escaped asterisk is no wildcard', { Resource: 'arn:aws:s3:::lake/${*}/b' }, false],
])('%s', (_, statement, allowed) => {
  const decision = decide({ identity: [policy(statement)] }, role, { 'aws:principaltag/team': ['a'] });
  expect(decision.allowed).toBe(allowed);
});

test('a variable holds text, never a pattern', () => {
  const own = policy({ Resource: 'arn:aws:s3:::lake/${aws:username}/b' });
  expect(decide({ identity: [own] }, role, { 'aws:username': ['*'] }).allowed).toBe(false);
});

test('documents of the old version know no variables', () => {
  const old = parsePolicy(
    JSON.stringify({
      Version: '2008-10-17',
      Statement: { Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::lake/${aws:username}/b' },
    }),
  );
  expect(decide({ identity: [old] }, role, { 'aws:username': ['a'] }).allowed).toBe(false);
});

test.each<[string, string[], boolean]>([
  ['the session, its role and its account', [SESSION, ROLE, root.arn], true],
  ['the role and its account', [ROLE, root.arn], false],
  ['the account', [root.arn], false],
  ['somebody else', [`${ROLE}2`], false],
])('NotPrincipal with Deny that lists %s', (_, names, allowed) => {
  const all = policy({ Effect: 'Deny', NotPrincipal: { AWS: names }, Resource: ITEM });
  expect(decide({ identity: [allow], resource: all }).allowed).toBe(allowed);
});

test('NotPrincipal with Deny spares nobody who has a permissions boundary', () => {
  const others = policy({ Effect: 'Deny', NotPrincipal: { AWS: [SESSION, ROLE, root.arn] }, Resource: ITEM });
  expect(decide({ identity: [allow], boundary: allow, resource: others })).toEqual(no('resource-based policy', true));
});
