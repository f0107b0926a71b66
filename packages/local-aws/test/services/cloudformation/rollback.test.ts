import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { parameter, StackBench } from '../../support/stack-bench';

let bench: StackBench;

beforeAll(async () => {
  bench = await StackBench.start();
});
afterAll(() => bench.stop());

const TABLE = {
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
};
/** Cannot be created: the value does not match its own pattern. */
const broken = (DependsOn: string[]) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name: '/broken', Type: 'String', Value: 'x', AllowedPattern: '^y$' },
  DependsOn,
});

const data = (version: string, more: object = {}) => ({
  Parameters: { P: { Type: 'String', Default: version } },
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { Tags: [{ Key: 'version', Value: { Ref: 'P' } }] } },
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { ...TABLE, Tags: [{ Key: 'version', Value: version }] } },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: version.length } },
    Name: parameter(`/data/${version}`, { Ref: 'Queue' }),
    User: parameter('/data/user', { Ref: 'Name' }),
    ...more,
  },
  Outputs: { Name: { Value: { Ref: 'Name' }, Export: { Name: 'data-name' } } },
});

async function fill(): Promise<void> {
  const { Bucket, Table, Queue } = await bench.resources('data');
  await bench.call('s3', 'PutObject', { Bucket, Key: 'k', Body: Buffer.from('object') });
  await bench.call('dynamodb', 'PutItem', { TableName: Table, Item: { id: { S: 'item' } } });
  await bench.call('sqs', 'SendMessage', { QueueUrl: Queue, MessageBody: 'message' });
}

async function contents(): Promise<object> {
  const { Bucket, Table, Queue } = await bench.resources('data');
  const { Body } = await bench.call<{ Body: Buffer }>('s3', 'GetObject', { Bucket, Key: 'k' });
  const { Items } = await bench.call<{ Items: object[] }>('dynamodb', 'Scan', { TableName: Table });
  const { Messages } = await bench.call<{ Messages?: { Body: string }[] }>('sqs', 'ReceiveMessage', {
    QueueUrl: Queue,
    VisibilityTimeout: 0,
  });
  return { object: Body.toString(), items: Items, message: Messages?.[0]?.Body };
}
const FULL = { object: 'object', items: [{ id: { S: 'item' } }], message: 'message' };

/** All that a stack shows of itself, but for when and how it came to rest. */
async function shown(): Promise<object> {
  const { Stacks } = await bench.client.send(new DescribeStacksCommand({ StackName: 'data' }));
  const { StackStatus, StackStatusReason, LastUpdatedTime, ...rest } = Stacks?.[0] ?? {};
  return { ...rest, resources: await bench.resources('data') };
}

async function settings(): Promise<object> {
  const { Bucket, Queue } = await bench.resources('data');
  const { TagSet } = await bench.call<{ TagSet: { Value: string }[] }>('s3', 'GetBucketTagging', { Bucket });
  const { Attributes } = await bench.call<{ Attributes: object }>('sqs', 'GetQueueAttributes', {
    QueueUrl: Queue,
    AttributeNames: ['VisibilityTimeout'],
  });
  return { TagSet, Attributes, user: await bench.parameter('/data/user') };
}

test('objects, items and messages survive an update in place and one that is rolled back to exactly the former state', async () => {
  await bench.deploy('data', data('one'), { Tags: [{ Key: 'stack', Value: 'one' }] });
  await fill();
  expect(await bench.deploy('data', data('three'), { Tags: [{ Key: 'stack', Value: 'three' }] })).toBe('UPDATE_COMPLETE');
  expect(await contents()).toEqual(FULL);
  const [before, set] = [await shown(), await settings()];

  const status = await bench.deploy('data', data('seventeen', { Broken: broken(['Bucket', 'Table', 'User']) }), {
    Tags: [{ Key: 'stack', Value: 'seventeen' }],
  });

  expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await shown()).toEqual(before);
  expect(await settings()).toEqual(set);
  expect(await contents()).toEqual(FULL);
  expect(await bench.parameter('/data/seventeen')).toBeUndefined();
  expect(await bench.deploy('data', data('three'), { Tags: [{ Key: 'stack', Value: 'three' }] })).toMatch(/didn't contain/);
});

test('a rolled back update tells its events in order: updated back, then cleaned up', async () => {
  await bench.deploy('order', { A: parameter('/order/a', '1'), B: parameter('/order/b', { Ref: 'A' }) });
  const start = (await bench.events('order')).length;

  await bench.deploy('order', {
    A: parameter('/order/a2', '1'),
    B: parameter('/order/b', { Ref: 'A' }),
    C: parameter('/order/c', { Ref: 'B' }),
    Broken: broken(['C']),
  });

  expect((await bench.events('order', true)).slice(start)).toEqual([
    'order UPDATE_IN_PROGRESS User Initiated',
    'A UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.',
    'A UPDATE_IN_PROGRESS Resource creation Initiated',
    'A UPDATE_COMPLETE',
    'B UPDATE_IN_PROGRESS',
    'B UPDATE_COMPLETE',
    'C CREATE_IN_PROGRESS',
    'C CREATE_IN_PROGRESS Resource creation Initiated',
    'C CREATE_COMPLETE',
    'Broken CREATE_IN_PROGRESS',
    expect.stringContaining('Broken CREATE_FAILED Resource handler returned message'),
    'order UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Broken]. ',
    'B UPDATE_IN_PROGRESS',
    'B UPDATE_COMPLETE',
    'A UPDATE_IN_PROGRESS',
    'A UPDATE_COMPLETE',
    'order UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    'A DELETE_IN_PROGRESS',
    'A DELETE_COMPLETE',
    'C DELETE_IN_PROGRESS',
    'C DELETE_COMPLETE',
    'order UPDATE_ROLLBACK_COMPLETE',
  ]);
});

test('policies and metadata that a failed update changed are as before', async () => {
  const one = { A: parameter('/policy/a', '1', { DeletionPolicy: 'Retain' }) };
  await bench.deploy('policy', one);
  await bench.deploy('policy', { A: parameter('/policy/a', '1'), Broken: broken(['A']) });
  await bench.delete('policy');
  expect(await bench.parameter('/policy/a')).toBe('1');
});

test('Retain keeps what a rolled back creation made, RetainExceptOnCreate does not', async () => {
  const status = await bench.deploy('kept', {
    A: parameter('/kept/a', '1', { DeletionPolicy: 'Retain' }),
    B: parameter('/kept/b', '1', { DeletionPolicy: 'RetainExceptOnCreate' }),
    Broken: broken(['A', 'B']),
  });

  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(await bench.events('kept')).toContain('A DELETE_SKIPPED');
  expect([await bench.parameter('/kept/a'), await bench.parameter('/kept/b')]).toEqual(['1', undefined]);
  await bench.delete('kept');
  expect(await bench.deploy('kept', { A: parameter('/kept/a', '2') })).toBe('ROLLBACK_COMPLETE');
  expect((await bench.events('kept', true)).join()).toContain('HandlerErrorCode: ParameterAlreadyExists');
});

test('independent resources that fail together are all named', async () => {
  const bad = (Name: string) => ({
    Type: 'AWS::SSM::Parameter',
    Properties: { Name, Type: 'String', Value: 'x', AllowedPattern: '^y$' },
  });
  await bench.deploy('both', { A: bad('/both/a'), B: bad('/both/b') });
  expect(await bench.events('both', true)).toContain(
    'both ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [A, B]. Rollback requested by user.',
  );
});

test('a replacement of what a person named is refused with the way out, and taken with a new name', async () => {
  const policy = (Description: string, ManagedPolicyName: string) => ({
    Policy: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { Description, ManagedPolicyName, PolicyDocument: { Version: '2012-10-17', Statement: [] } },
    },
  });
  const table = (name: string) => ({
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        ...TABLE,
        TableName: 'chosen',
        KeySchema: [{ AttributeName: name, KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: name, AttributeType: 'S' }],
      },
    },
  });
  await bench.deploy('named', { ...policy('one', 'my-policy'), ...table('id') });
  await bench.call('dynamodb', 'PutItem', { TableName: 'chosen', Item: { id: { S: 'item' } } });

  expect(await bench.deploy('named', { ...policy('one', 'my-policy'), ...table('key') })).toBe('UPDATE_ROLLBACK_COMPLETE');
  const text = (id: string): string =>
    `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${id} and update the stack again.`;
  expect(await bench.events('named', true)).toContain(`Table UPDATE_FAILED ${text('chosen')}`);
  const { Items } = await bench.call<{ Items: object[] }>('dynamodb', 'Scan', { TableName: 'chosen' });
  expect(Items).toEqual([{ id: { S: 'item' } }]);

  expect(await bench.deploy('named', { ...policy('two', 'my-policy'), ...table('id') })).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect((await bench.events('named', true)).join()).toContain('Policy UPDATE_FAILED CloudFormation cannot update a stack');
  expect(await bench.deploy('named', { ...policy('two', 'other-policy'), ...table('id') })).toBe('UPDATE_COMPLETE');
});

test('an update back that fails leaves the stack UPDATE_ROLLBACK_FAILED, and deleting it removes both halves', async () => {
  const role = (Description: string) => ({
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'fragile', Description, AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } },
    },
  });
  const sabotage = {
    Type: 'AWS::SSM::Parameter',
    Properties: { Name: '/sabotage', Type: 'String', Value: '{{resolve:ssm:/signal}}' },
    DependsOn: ['Role', 'Name'],
  };
  await bench.deploy('fragile', { ...role('one'), Name: parameter('/fragile/one', '1') });
  const gone = bench.bench.cloud.services.find(({ name }) => name === 'ssm')?.operations;
  const getParameter = gone?.GetParameter;
  // The role vanishes by another hand between the update and the rollback.
  Object.assign(gone ?? {}, {
    GetParameter: async () => {
      await bench.call('iam', 'DeleteRole', { RoleName: 'fragile' });
      throw new Error('no signal');
    },
  });
  const status = await bench.deploy('fragile', { ...role('two'), Name: parameter('/fragile/two', '1'), Sabotage: sabotage });
  Object.assign(gone ?? {}, { GetParameter: getParameter });

  expect(status).toBe('UPDATE_ROLLBACK_FAILED');
  expect(await bench.events('fragile', true)).toContain(
    'fragile UPDATE_ROLLBACK_FAILED The following resource(s) failed to update: [Role]. ',
  );
  expect(await bench.delete('fragile')).toBe('GONE');
  expect([await bench.parameter('/fragile/one'), await bench.parameter('/fragile/two')]).toEqual([undefined, undefined]);
});

test('what a creation made before it failed half way is gone after the rollback', async () => {
  const stream = { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'half', ShardCount: 1, RetentionPeriodHours: 999_999 } };

  expect(await bench.deploy('half', { Half: stream })).toBe('ROLLBACK_COMPLETE');

  expect(await bench.events('half')).toEqual(expect.arrayContaining(['Half CREATE_FAILED', 'Half DELETE_COMPLETE']));
  await expect(bench.call('kinesis', 'DescribeStreamSummary', { StreamName: 'half' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('what was there under the same name before is not taken for a leftover', async () => {
  await bench.call('dynamodb', 'CreateTable', { TableName: 'theirs', ...TABLE });
  const mine = { Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'theirs', ...TABLE } } };

  expect(await bench.deploy('mine', mine)).toBe('ROLLBACK_COMPLETE');

  expect(await bench.call('dynamodb', 'DescribeTable', { TableName: 'theirs' })).toMatchObject({
    Table: { TableName: 'theirs' },
  });
});
