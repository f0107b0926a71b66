import { UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { failure } from '../../support/cloud-bench';
import { parameter, StackBench } from '../../support/stack-bench';

let bench: StackBench;

beforeAll(async () => {
  bench = await StackBench.start();
});
afterAll(() => bench.stop());

const names = (service: string, operation: string, list: string, name: string) => async (): Promise<string[]> => {
  const answer = await bench.call<Record<string, Record<string, string>[]>>(service, operation, {});
  return (answer[list] ?? []).map((item) => item[name] ?? '');
};
const buckets = names('s3', 'ListBuckets', 'Buckets', 'Name');
const roles = names('iam', 'ListRoles', 'Roles', 'RoleName');
const parameters = async (path: string): Promise<string[]> =>
  (
    await bench.call<{ Parameters: { Name: string }[] }>('ssm', 'GetParametersByPath', { Path: path, Recursive: true })
  ).Parameters.map(({ Name }) => Name);
const TRUST = { Version: '2012-10-17', Statement: [] };
/** Cannot be created: the value does not match its own pattern. */
const BAD = { Type: 'AWS::SSM::Parameter', Properties: { Name: '/bad', Type: 'String', Value: 'x', AllowedPattern: '^y$' } };
const BAD_REASON =
  'BAD CREATE_FAILED Resource handler returned message: "Parameter value, cannot be validated against allowedPattern: ^y$ (Service: SSM, Status Code: 400)" (HandlerErrorCode: ParameterPatternMismatchException)';

test('an update in place keeps the physical resource and its data', async () => {
  await bench.deploy('place', { Bucket: { Type: 'AWS::S3::Bucket' } });
  const before = await bench.resources('place');
  await bench.call('s3', 'PutObject', { Bucket: before.Bucket, Key: 'k', Body: Buffer.from('data') });

  const properties = { VersioningConfiguration: { Status: 'Enabled' } };
  expect(await bench.deploy('place', { Bucket: { Type: 'AWS::S3::Bucket', Properties: properties } })).toBe('UPDATE_COMPLETE');

  expect(await bench.resources('place')).toEqual(before);
  expect(await bench.call('s3', 'GetBucketVersioning', { Bucket: before.Bucket })).toEqual({ Status: 'Enabled' });
  expect(await bench.call('s3', 'GetObject', { Bucket: before.Bucket, Key: 'k' })).toMatchObject({ Body: Buffer.from('data') });
});

test('a replacement creates the new one, switches what refers to it, and only then deletes the old one', async () => {
  const template = (name: string) => ({
    Source: parameter(`/replace/${name}`, '1'),
    User: parameter('/replace/user', { Ref: 'Source' }),
  });
  await bench.deploy('replace', template('old'));
  const start = (await bench.events('replace')).length;

  expect(await bench.deploy('replace', template('new'))).toBe('UPDATE_COMPLETE');

  expect((await bench.events('replace')).slice(start)).toEqual([
    'replace UPDATE_IN_PROGRESS',
    'Source UPDATE_IN_PROGRESS',
    'Source UPDATE_IN_PROGRESS',
    'Source UPDATE_COMPLETE',
    'User UPDATE_IN_PROGRESS',
    'User UPDATE_COMPLETE',
    'replace UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'Source DELETE_IN_PROGRESS',
    'Source DELETE_COMPLETE',
    'replace UPDATE_COMPLETE',
  ]);
  expect(await bench.parameter('/replace/user')).toBe('/replace/new');
  expect(await bench.parameter('/replace/old')).toBeUndefined();
});

test('UpdateReplacePolicy keeps the old half; both kinds of Retain keep what leaves the template or loses its stack', async () => {
  const keep = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
  await bench.deploy('keep', {
    A: parameter('/keep/a1', '1', keep),
    B: parameter('/keep/b', '1', { DeletionPolicy: 'RetainExceptOnCreate' }),
    C: parameter('/keep/c', '1'),
  });
  await bench.deploy('keep', { A: parameter('/keep/a2', '1', keep) });

  expect(await parameters('/keep')).toEqual(['/keep/a1', '/keep/a2', '/keep/b']);
  expect((await bench.events('keep')).filter((event) => event.includes('DELETE_SKIPPED'))).toEqual([
    'A DELETE_SKIPPED',
    'B DELETE_SKIPPED',
  ]);

  expect(await bench.delete('keep')).toBe('GONE');
  expect(await parameters('/keep')).toEqual(['/keep/a1', '/keep/a2', '/keep/b']);
});

test('removed resources go in reverse order of dependency', async () => {
  const chain = { A: parameter('/chain/a', '1'), B: parameter('/chain/b', { Ref: 'A' }), C: parameter('/chain/c', { Ref: 'B' }) };
  await bench.deploy('chain', { ...chain, Rest: parameter('/chain/rest', '1') });
  await bench.deploy('chain', { Rest: parameter('/chain/rest', '1') });

  expect((await bench.events('chain')).filter((event) => event.endsWith('DELETE_COMPLETE'))).toEqual([
    'C DELETE_COMPLETE',
    'B DELETE_COMPLETE',
    'A DELETE_COMPLETE',
  ]);
  expect(await parameters('/chain')).toEqual(['/chain/rest']);
});

test('a failed creation is rolled back and leaves nothing', async () => {
  const before = { buckets: await buckets(), roles: await roles() };
  const status = await bench.deploy('broken', {
    Bucket: { Type: 'AWS::S3::Bucket' },
    A: parameter('/broken/a', { Ref: 'Bucket' }),
    BAD: { ...BAD, DependsOn: 'A' },
  });

  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(await bench.events('broken', true)).toContain(BAD_REASON);
  expect({ buckets: await buckets(), roles: await roles() }).toEqual(before);
  expect(await parameters('/broken')).toEqual([]);
  expect(await bench.resources('broken')).toEqual({});
  expect((await failure(bench.plan('broken', { A: parameter('/broken/a', '1') }))).message).toMatch(
    /^Stack:arn:aws:cloudformation:.* is in ROLLBACK_COMPLETE state and can not be updated\.$/,
  );
  expect(await bench.delete('broken')).toBe('GONE');
});

test('a resource whose creation fails half way leaves nothing either', async () => {
  const before = await roles();
  const inline = [{ PolicyName: 'broken', PolicyDocument: { Version: '2012-10-17' } }];
  const status = await bench.deploy('half', {
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: TRUST, Policies: inline } },
  });

  expect(status).toBe('ROLLBACK_COMPLETE');
  expect((await bench.events('half', true)).join()).toContain('Syntax errors in policy.');
  expect(await roles()).toEqual(before);
});

test('a failed update restores the former state, replaced and half-changed resources too, with their data', async () => {
  const role = (description: string, policy: object) => ({
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: TRUST,
      Description: description,
      Policies: [{ PolicyName: 'p', PolicyDocument: policy }],
    },
  });
  const good = {
    Bucket: { Type: 'AWS::S3::Bucket' },
    A: parameter('/former/a', '1'),
    B: parameter('/former/b', { Ref: 'A' }),
    Role: { ...role('before', TRUST), DependsOn: 'B' },
  };
  await bench.deploy('former', good);
  const before = await bench.resources('former');
  await bench.call('s3', 'PutObject', { Bucket: before.Bucket, Key: 'k', Body: Buffer.from('data') });

  const status = await bench.deploy('former', {
    A: parameter('/former/a2', '2'),
    B: parameter('/former/b', { Ref: 'A' }),
    New: parameter('/former/new', '1'),
    Role: { ...role('after', { broken: true }), DependsOn: ['B', 'New'] },
  });

  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await bench.resources('former')).toEqual(before);
  expect(await parameters('/former')).toEqual(['/former/a', '/former/b']);
  expect(await bench.parameter('/former/b')).toBe('/former/a');
  expect(await bench.call('iam', 'GetRole', { RoleName: before.Role })).toMatchObject({ Role: { Description: 'before' } });
  expect(await bench.call('s3', 'GetObject', { Bucket: before.Bucket, Key: 'k' })).toMatchObject({ Body: Buffer.from('data') });
  expect(await bench.deploy('former', good)).toMatch(/didn't contain changes/);
});

test.each([
  ['an unknown property', { Nope: 1 }, '#: extraneous key [Nope] is not permitted'],
  ['a wrong type', { Value: ['a'] }, '#/Value: expected type: String, found: JSONArray'],
  ['a missing one', { Value: undefined }, '#: required key [Value] not found'],
  [
    'one that is neither enforced nor stored',
    { Policies: '[]' },
    '#/Policies: the local AWS neither enforces nor stores this property of AWS::SSM::Parameter',
  ],
])('%s fails the resource with its path', async (name, properties, problem) => {
  const stack = `property-${name.replaceAll(' ', '-')}`;
  const thing = { Type: 'AWS::SSM::Parameter', Properties: { Name: '/p', Type: 'String', Value: '1', ...properties } };

  expect(await bench.deploy(stack, { Thing: thing })).toBe('ROLLBACK_COMPLETE');

  expect(await bench.events(stack, true)).toContain(
    `Thing CREATE_FAILED Properties validation failed for resource Thing with message:\n${problem}`,
  );
  expect(await bench.parameter('/p')).toBeUndefined();
});

test.each([
  ['AWS::SSM::Parameter', { Type: 'String', Value: 'x', Description: 'd'.repeat(1025) }, "at 'description'"],
  ['AWS::IAM::Role', { AssumeRolePolicyDocument: TRUST, MaxSessionDuration: 60 }, "Value '60' at 'maxSessionDuration'"],
])('a value of %s that its operation would refuse fails the resource', async (Type, Properties, problem) => {
  const stack = `value-${Type.replaceAll('::', '-')}`;

  expect(await bench.deploy(stack, { Thing: { Type, Properties } })).toBe('ROLLBACK_COMPLETE');

  const [failed] = (await bench.events(stack, true)).filter((event) => event.startsWith('Thing CREATE_FAILED'));
  expect(failed).toContain('1 validation error detected: ');
  expect(failed).toContain(problem);
});

test.each([
  [
    { VersioningConfiguration: { Status: 'On' } },
    '#/VersioningConfiguration/Status: failed validation constraint for keyword [enum]',
  ],
  [
    { VersioningConfiguration: { Status: 'Enabled', Since: 1 } },
    '#/VersioningConfiguration: extraneous key [Since] is not permitted',
  ],
  [{ VersioningConfiguration: {} }, '#/VersioningConfiguration: required key [Status] not found'],
  [{ Tags: [{ Key: 'a', Value: ['b'] }] }, '#/Tags/0/Value: expected type: String, found: JSONArray'],
])('what is wrong in the depth of %j is told with its path', async (Properties, problem) => {
  const stack = `depth-${problem.replace(/[^a-z]+/gi, '-').slice(1, 60)}x`;
  expect(await bench.deploy(stack, { Thing: { Type: 'AWS::S3::Bucket', Properties } })).toBe('ROLLBACK_COMPLETE');
  expect(await bench.events(stack, true)).toContain(
    `Thing CREATE_FAILED Properties validation failed for resource Thing with message:\n${problem}`,
  );
});

test('an export in use can be neither deleted nor changed, and an unknown one cannot be imported', async () => {
  const producer = (value: string, exported = true) => ({
    Resources: { A: parameter('/export/a', value) },
    Outputs: exported ? { O: { Value: { 'Fn::GetAtt': ['A', 'Value'] }, Export: { Name: 'shared' } } } : {},
  });
  const consumer = (name: string) => ({ B: parameter('/export/b', { 'Fn::ImportValue': name }) });
  await bench.deploy('producer', producer('1'));
  expect(await bench.outputs('producer')).toEqual({ O: '1' });
  expect(await bench.deploy('consumer', consumer('nope'))).toBe('ROLLBACK_COMPLETE');
  // Found out before any resource is touched.
  expect((await bench.events('consumer', true)).slice(1)).toEqual([
    'consumer CREATE_IN_PROGRESS User Initiated',
    'consumer ROLLBACK_IN_PROGRESS No export named nope found. Rollback requested by user.',
    'consumer ROLLBACK_COMPLETE',
  ]);
  await bench.delete('consumer');
  expect(await bench.deploy('consumer', consumer('shared'))).toBe('CREATE_COMPLETE');

  const used = 'Delete canceled. Cannot delete export shared as it is in use by consumer';
  expect((await failure(bench.delete('producer'))).message).toBe(used);
  expect(await bench.deploy('producer', producer('1', false))).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await bench.events('producer', true)).toContain(`producer UPDATE_ROLLBACK_IN_PROGRESS ${used}`);
  expect(await bench.deploy('producer', producer('2'))).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await bench.parameter('/export/a')).toBe('1');
  expect(await bench.deploy('thief', producer('3'))).toBe('ROLLBACK_COMPLETE');
  expect(await bench.outputs('producer')).toEqual({ O: '1' });

  expect(await bench.delete('consumer')).toBe('GONE');
  expect(await bench.delete('producer')).toBe('GONE');
});

test('a protected stack is not deleted, and a bucket with objects fails its deletion without losing them', async () => {
  await bench.deploy('guard', { Bucket: { Type: 'AWS::S3::Bucket' }, A: parameter('/guard/a', '1') });
  const protect = (EnableTerminationProtection: boolean) =>
    bench.client.send(new UpdateTerminationProtectionCommand({ StackName: 'guard', EnableTerminationProtection }));
  await protect(true);
  expect(await failure(bench.delete('guard'))).toMatchObject({
    message: 'Stack [guard] cannot be deleted while TerminationProtection is enabled',
  });
  expect(await bench.status('guard')).toBe('CREATE_COMPLETE');

  await protect(false);
  const { Bucket } = await bench.resources('guard');
  await bench.call('s3', 'PutObject', { Bucket, Key: 'k', Body: Buffer.from('data') });
  expect(await bench.delete('guard')).toBe('DELETE_FAILED');
  expect((await bench.events('guard', true)).join()).toContain('The bucket you tried to delete is not empty');
  expect(await bench.call('s3', 'GetObject', { Bucket, Key: 'k' })).toMatchObject({ Body: Buffer.from('data') });

  await bench.call('s3', 'DeleteObject', { Bucket, Key: 'k' });
  expect(await bench.delete('guard')).toBe('GONE');
});
