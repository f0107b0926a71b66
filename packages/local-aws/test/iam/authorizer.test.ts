import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreatePolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateGrantCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { sourceZip } from '../../src/services/lambda/source-zip';
import { CloudBench, failure } from '../support/cloud-bench';
import { makeRole, type Statement } from '../support/role';

const REGION = 'eu-west-1';
const ACCOUNT = '000000000000';
const TABLE = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/orders`;
let bench: CloudBench;
let dynamo: DynamoDBClient;
let kms: KMSClient;

const document = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string | string[], Resource: string, more: object = {}): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const item = (id: string) => ({ id: { S: id } });
const get = (id: string) => new GetItemCommand({ TableName: 'orders', Key: item(id) });
const put = (id: string) => new PutItemCommand({ TableName: 'orders', Item: item(id) });

/** A client that acts in a session of a role, or of a role made for these statements. */
async function acting<T extends { destroy(): void }>(
  Client: new (options: object) => T,
  role: string,
  statements?: readonly Statement[],
): Promise<T> {
  const arn =
    statements === undefined ? `arn:aws:iam::${ACCOUNT}:role/${role}` : await makeRole(bench.cloud, role, ['lambda'], statements);
  return bench.client(Client, { credentials: await bench.cloud.identities.assume(arn, 'one') });
}

beforeAll(async () => {
  bench = await CloudBench.start();
  dynamo = await bench.client(DynamoDBClient);
  kms = await bench.client(KMSClient);
  const key = {
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
  };
  await dynamo.send(new CreateTableCommand({ TableName: 'orders', BillingMode: 'PAY_PER_REQUEST', ...key }));
});
afterAll(() => bench.stop());

test('a role does what its policy allows and nothing else; the refusal names action, resource and policy, and is kept with its cure', async () => {
  const client = await acting(DynamoDBClient, 'reader', [allow('dynamodb:GetItem', TABLE)]);

  await client.send(get('a'));

  expect(await failure(client.send(put('a')))).toEqual({
    name: 'AccessDeniedException',
    status: 400,
    message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/reader/one is not authorized to perform: dynamodb:PutItem on resource: ${TABLE} because no identity-based policy allows the dynamodb:PutItem action`,
  });
  await failure(client.send(put('b')));
  const denial = bench.cloud.authorizer.denials.list().find(({ caller }) => caller.endsWith('role/reader'));
  expect(denial).toMatchObject({ count: 2, action: 'dynamodb:PutItem', statement: allow('dynamodb:PutItem', TABLE) });
});

test('keys of items can be held to the caller: dynamodb:LeadingKeys', async () => {
  const Condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['mine'] } };
  const client = await acting(DynamoDBClient, 'tenant', [allow('dynamodb:*', TABLE, { Condition })]);

  await client.send(put('mine'));
  expect(await failure(client.send(put('yours')))).toMatchObject({ name: 'AccessDeniedException' });
});

test('a boundary and a session policy narrow a role, and a boundary can be taken off', async () => {
  const iam = await bench.client(IAMClient);
  await makeRole(bench.cloud, 'bounded', ['lambda']);
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'reads', PolicyDocument: document(allow('dynamodb:GetItem', '*')) }),
  );
  await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'bounded', PermissionsBoundary: Policy?.Arn }));
  const client = await acting(DynamoDBClient, 'bounded');

  await client.send(get('a'));
  expect((await failure(client.send(put('a')))).message).toMatch(
    /because no permissions boundary allows the dynamodb:PutItem action$/,
  );
  await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: 'bounded' }));
  await client.send(put('a'));

  const arn = `arn:aws:iam::${ACCOUNT}:role/bounded`;
  const session = await bench.cloud.identities.assume(arn, 'narrow', 3_600_000, document(allow('dynamodb:PutItem', '*')));
  const narrow = await bench.client(DynamoDBClient, { credentials: session });
  await narrow.send(put('a'));
  expect((await failure(narrow.send(get('a')))).message).toMatch(/because no session policy allows the dynamodb:GetItem action$/);
});

test('an explicit deny in a bucket policy holds for everybody, and S3 refuses in its own words', async () => {
  const s3 = await bench.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: 'vault' }));
  await s3.send(new PutObjectCommand({ Bucket: 'vault', Key: 'a', Body: 'x' }));
  const denied = { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::vault/*' };
  await s3.send(new PutBucketPolicyCommand({ Bucket: 'vault', Policy: document(denied) }));

  expect(await failure(s3.send(new GetObjectCommand({ Bucket: 'vault', Key: 'a' })))).toMatchObject({
    name: 'AccessDenied',
    status: 403,
    message: expect.stringMatching(
      /s3:GetObject on resource: arn:aws:s3:::vault\/a with an explicit deny in a resource-based policy$/,
    ),
  });
});

test('a role is assumed only by whom its trust policy names, and never by the root user', async () => {
  const credentials = await bench.cloud.identities.administrator();
  const administrator = await bench.client(STSClient, { credentials });
  const root = await bench.client(STSClient);
  const RoleArn = await makeRole(bench.cloud, 'of-a-service', ['lambda']);
  const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' });

  expect(await failure(administrator.send(assume))).toMatchObject({
    name: 'AccessDenied',
    message: `User: arn:aws:iam::${ACCOUNT}:user/administrator is not authorized to perform: sts:AssumeRole on resource: ${RoleArn} because no role trust policy allows the sts:AssumeRole action`,
  });
  expect(await failure(root.send(assume))).toMatchObject({ message: 'Roles may not be assumed by root accounts.' });
});

test('handing a role to a service needs iam:PassRole for that service, and a role that the service may assume', async () => {
  const runner = await makeRole(bench.cloud, 'runner', ['lambda']);
  const foreign = await makeRole(bench.cloud, 'foreign', ['sagemaker']);
  const Condition = { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } };
  const create = (Role: string, FunctionName = 'made') =>
    new CreateFunctionCommand({
      FunctionName,
      Role,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: sourceZip('index.js', '') },
    });
  const deployer = await acting(LambdaClient, 'deployer', [
    allow('lambda:CreateFunction', '*'),
    allow('iam:PassRole', '*', { Condition }),
  ]);
  const root = await bench.client(LambdaClient);

  expect((await failure(deployer.send(create(runner)))).message).toContain(`iam:PassRole on resource: ${runner}`);
  expect(await failure(root.send(create(foreign)))).toMatchObject({
    name: 'InvalidParameterValueException',
    message: 'The role defined for the function cannot be assumed by Lambda.',
  });
  await root.send(create(runner));
});

test('a topic reaches a queue whose policy names it by its source, and no other', async () => {
  const sqs = await bench.client(SQSClient);
  const sns = await bench.client(SNSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'inbox' }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const arns: string[] = [];
  for (const Name of ['known', 'unknown']) arns.push((await sns.send(new CreateTopicCommand({ Name }))).TopicArn ?? '');
  const Condition = { ArnEquals: { 'aws:SourceArn': arns[0] } };
  const Policy = document({
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: '*',
    Condition,
  });
  const root = { kind: 'root' as const, arn: `arn:aws:iam::${ACCOUNT}:root`, account: ACCOUNT };
  await bench.cloud.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } }, root);
  for (const TopicArn of arns) {
    await bench.cloud.call(
      'sns',
      'Subscribe',
      { TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn, Attributes: { RawMessageDelivery: 'true' } },
      root,
    );
    await sns.send(new PublishCommand({ TopicArn, Message: TopicArn }));
  }

  await bench.cloud.clock.advance(1000);
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  expect(Messages?.map(({ Body }) => Body)).toEqual([arns[0]]);
});

test("a key whose policy leaves the account out is closed to an administrator; the policy's role and a grant open it", async () => {
  const friend = await makeRole(bench.cloud, 'friend', ['lambda'], []);
  const Policy = document({ Effect: 'Allow', Principal: { AWS: friend }, Action: 'kms:*', Resource: '*' });
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Policy }));
  const encrypt = new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.from('x') });
  const asFriend = await acting(KMSClient, 'friend');
  const asStranger = await acting(KMSClient, 'stranger', [allow('kms:*', '*')]);

  expect(await failure(kms.send(encrypt))).toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringMatching(/because no resource-based policy allows the kms:Encrypt action$/),
  });
  expect(await failure(asStranger.send(encrypt))).toMatchObject({ name: 'AccessDeniedException' });
  await asFriend.send(encrypt);

  const GranteePrincipal = `arn:aws:iam::${ACCOUNT}:role/stranger`;
  const Constraints = { EncryptionContextEquals: { purpose: 'test' } };
  await asFriend.send(
    new CreateGrantCommand({ KeyId: KeyMetadata?.KeyId, GranteePrincipal, Operations: ['Encrypt'], Constraints }),
  );
  expect(await failure(asStranger.send(encrypt))).toMatchObject({ name: 'AccessDeniedException' });
  await asStranger.send(new EncryptCommand({ ...encrypt.input, EncryptionContext: { purpose: 'test' } }));
});

test('items of a table under a key need kms:Decrypt through DynamoDB, and a disabled key closes the table', async () => {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const arn = KeyMetadata?.Arn ?? '';
  const secret = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/secret`;
  await dynamo.send(
    new CreateTableCommand({
      TableName: 'secret',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: arn },
    }),
  );
  const read = new GetItemCommand({ TableName: 'secret', Key: item('a') });
  const Condition = { StringEquals: { 'kms:ViaService': `dynamodb.${REGION}.amazonaws.com` } };
  const bare = await acting(DynamoDBClient, 'bare', [allow('dynamodb:*', secret)]);
  const full = await acting(DynamoDBClient, 'full', [allow('dynamodb:*', secret), allow('kms:Decrypt', arn, { Condition })]);

  expect((await failure(bare.send(read))).message).toContain(`kms:Decrypt on resource: ${arn}`);
  await full.send(read);
  await kms.send(new DisableKeyCommand({ KeyId: arn }));
  await bench.cloud.clock.advance(6 * 60_000);
  const disabled = await failure(full.send(read));
  await kms.send(new EnableKeyCommand({ KeyId: arn }));
  expect(disabled.message).toContain('is disabled');
});

test('queues and topics under a key need the right to make data keys from who sends', async () => {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KmsMasterKeyId = KeyMetadata?.Arn ?? '';
  const admin = { sqs: await bench.client(SQSClient), sns: await bench.client(SNSClient) };
  const { QueueUrl } = await admin.sqs.send(new CreateQueueCommand({ QueueName: 'sealed', Attributes: { KmsMasterKeyId } }));
  const { TopicArn } = await admin.sns.send(new CreateTopicCommand({ Name: 'sealed' }));
  await admin.sns.send(
    new SetTopicAttributesCommand({ TopicArn, AttributeName: 'KmsMasterKeyId', AttributeValue: KmsMasterKeyId }),
  );
  await makeRole(bench.cloud, 'sender', ['lambda'], [allow(['sqs:SendMessage', 'sns:Publish'], '*')]);
  const sqs = await acting(SQSClient, 'sender');
  const sns = await acting(SNSClient, 'sender');
  const send = new SendMessageCommand({ QueueUrl, MessageBody: 'x' });
  const publish = new PublishCommand({ TopicArn, Message: 'x' });

  expect((await failure(sqs.send(send))).name).toBe('KmsAccessDenied');
  expect((await failure(sns.send(publish))).name).toBe('KMSAccessDeniedException');
  const iam = await bench.client(IAMClient);
  const PolicyDocument = document(allow('kms:GenerateDataKey', KmsMasterKeyId));
  await iam.send(new PutRolePolicyCommand({ RoleName: 'sender', PolicyName: 'key', PolicyDocument }));
  await sqs.send(send);
  await sns.send(publish);
});

test('the statements that calls could not do without are known by role', () => {
  const reader = bench.cloud.authorizer.use.report()[`arn:aws:iam::${ACCOUNT}:role/reader`];
  expect(reader).toEqual({ 'Rights\n0': { calls: ['dynamodb:GetItem'], actions: ['dynamodb:getitem'] } });
});
