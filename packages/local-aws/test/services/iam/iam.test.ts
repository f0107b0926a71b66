import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { iam } from '../../../src/services/iam';
import { iamResources } from '../../../src/services/iam/resources';
import { CloudBench, failure } from '../../support/cloud-bench';
import { FakeCloud } from '../../support/fake-cloud';

const DOCUMENT = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }] });
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'sts:AssumeRole' }],
});
let bench: CloudBench;
let client: IAMClient;

beforeAll(async () => {
  bench = await CloudBench.start();
  client = await bench.client(IAMClient);
});
afterAll(() => bench.stop());

const role = async (RoleName: string, more: object = {}) =>
  (await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST, ...more }))).Role;

test('a role is made with what was given, and documents come back encoded as IAM does', async () => {
  const made = await role('reader', {
    Path: '/team/',
    Description: 'reads',
    MaxSessionDuration: 7200,
    Tags: [{ Key: 'a', Value: '1' }],
  });
  await client.send(
    new TagRoleCommand({
      RoleName: 'reader',
      Tags: [
        { Key: 'a', Value: '2' },
        { Key: 'b', Value: '3' },
      ],
    }),
  );
  await client.send(new PutRolePolicyCommand({ RoleName: 'reader', PolicyName: 'inline', PolicyDocument: DOCUMENT }));

  expect(made?.Arn).toBe('arn:aws:iam::000000000000:role/team/reader');
  const { Role } = await client.send(new GetRoleCommand({ RoleName: 'reader' }));
  expect(Role).toMatchObject({
    Description: 'reads',
    MaxSessionDuration: 7200,
    Tags: [
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '3' },
    ],
  });
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(TRUST);
  const inline = await client.send(new GetRolePolicyCommand({ RoleName: 'reader', PolicyName: 'inline' }));
  expect(decodeURIComponent(inline.PolicyDocument ?? '')).toBe(DOCUMENT);
  expect(await failure(role('reader'))).toMatchObject({
    name: 'EntityAlreadyExistsException',
    message: 'Role with name reader already exists.',
    status: 409,
  });
  expect(await failure(role('broken', { AssumeRolePolicyDocument: '{' }))).toMatchObject({
    name: 'MalformedPolicyDocumentException',
  });
});

test('nothing that is in use can be deleted', async () => {
  await role('used');
  const { Policy } = await client.send(new CreatePolicyCommand({ PolicyName: 'shared', PolicyDocument: DOCUMENT }));
  const PolicyArn = Policy?.Arn;
  await client.send(new AttachRolePolicyCommand({ RoleName: 'used', PolicyArn }));
  await client.send(new PutRolePolicyCommand({ RoleName: 'used', PolicyName: 'inline', PolicyDocument: DOCUMENT }));
  const remove = () => client.send(new DeleteRoleCommand({ RoleName: 'used' }));

  expect((await failure(remove())).message).toBe('Cannot delete entity, must delete policies first.');
  await client.send(new DeleteRolePolicyCommand({ RoleName: 'used', PolicyName: 'inline' }));
  expect(await failure(remove())).toMatchObject({
    name: 'DeleteConflictException',
    message: 'Cannot delete entity, must detach all policies first.',
  });
  expect(await failure(client.send(new DeletePolicyCommand({ PolicyArn })))).toMatchObject({ name: 'DeleteConflictException' });
  const attached = await client.send(new ListAttachedRolePoliciesCommand({ RoleName: 'used' }));
  expect(attached.AttachedPolicies).toEqual([{ PolicyArn, PolicyName: 'shared' }]);
  const version = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
  expect(decodeURIComponent(version.PolicyVersion?.Document ?? '')).toBe(DOCUMENT);

  await client.send(new DetachRolePolicyCommand({ RoleName: 'used', PolicyArn }));
  await remove();
  await client.send(new DeletePolicyCommand({ PolicyArn }));
  expect(await failure(client.send(new GetRoleCommand({ RoleName: 'used' })))).toMatchObject({
    name: 'NoSuchEntityException',
    status: 404,
  });
});

test('an assumed role acts as itself, for as long as was asked', async () => {
  const made = await role('assumed');
  const sts = await bench.client(STSClient, { credentials: await bench.cloud.identities.administrator() });
  const assume = (more: object) => sts.send(new AssumeRoleCommand({ RoleArn: made?.Arn, RoleSessionName: 'me', ...more }));
  const { Credentials, AssumedRoleUser } = await assume({ DurationSeconds: 900 });

  expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::000000000000:assumed-role/assumed/me');
  expect(Math.abs((Credentials?.Expiration?.getTime() ?? 0) - Date.now() - 900_000)).toBeLessThan(60_000);
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  const session = await bench.client(STSClient, { credentials });
  expect(await session.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '000000000000',
    Arn: AssumedRoleUser?.Arn,
  });
  expect(await failure(assume({ DurationSeconds: 60 }))).toMatchObject({ name: 'ValidationError' });
  expect((await failure(assume({ RoleSessionName: 'a b' }))).message).toContain("Value 'a b' at 'roleSessionName'");
  expect(await failure(assume({ RoleArn: 'arn:aws:iam::000000000000:role/none' }))).toMatchObject({
    name: 'AccessDenied',
    status: 403,
  });
});

test('the resource of a role is deleted even where a policy of it is already gone', async () => {
  const cloud = await FakeCloud.start({ services: [iam] });
  const [handler] = iamResources;
  const properties = {
    AssumeRolePolicyDocument: JSON.parse(TRUST),
    Policies: [{ PolicyName: 'p', PolicyDocument: JSON.parse(DOCUMENT) }],
  };
  const made = await handler?.create(properties, cloud.context('Role'));
  await cloud.call('iam', 'DeleteRolePolicy', { RoleName: made?.id, PolicyName: 'p' });

  await handler?.delete(made?.id ?? '', properties, cloud.context('Role'));
  await handler?.delete(made?.id ?? '', properties, cloud.context('Role'));

  expect(await cloud.call('iam', 'ListRoles', {})).toMatchObject({ Roles: [] });
  await cloud.stop();
});
