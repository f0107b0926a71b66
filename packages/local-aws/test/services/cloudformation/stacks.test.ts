import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { failure } from '../../support/cloud-bench';
import { parameter, StackBench } from '../../support/stack-bench';

let bench: StackBench;

beforeAll(async () => {
  bench = await StackBench.start();
});
afterAll(() => bench.stop());

const body = (Resources: object, more: object = {}): string => JSON.stringify({ Resources, ...more });

test('CreateStack and UpdateStack deploy without a change set, and refuse what would change nothing', async () => {
  const one = body({ A: parameter('/direct/a', '1') }, { Description: 'words' });
  const { StackId } = await bench.client.send(new CreateStackCommand({ StackName: 'direct', TemplateBody: one }));
  expect(await bench.settled('direct')).toBe('CREATE_COMPLETE');
  const { Stacks } = await bench.client.send(new DescribeStacksCommand({ StackName: StackId }));
  expect(Stacks).toMatchObject([{ StackName: 'direct', StackId, Description: 'words', EnableTerminationProtection: false }]);

  expect(await failure(bench.client.send(new CreateStackCommand({ StackName: 'direct', TemplateBody: one })))).toMatchObject({
    name: 'AlreadyExistsException',
    message: 'Stack [direct] already exists',
  });
  const update = (TemplateBody: string) => bench.client.send(new UpdateStackCommand({ StackName: 'direct', TemplateBody }));
  expect(await failure(update(one))).toMatchObject({ name: 'ValidationError', message: 'No updates are to be performed.' });
  await update(body({ A: parameter('/direct/a', '2') }));
  expect(await bench.settled('direct')).toBe('UPDATE_COMPLETE');
  expect(await bench.parameter('/direct/a')).toBe('2');
});

test.each([
  ['UpdateStack', () => new UpdateStackCommand({ StackName: 'nope', TemplateBody: body({ A: parameter('/x', '1') }) })],
  ['DescribeStackEvents', () => new DescribeStackEventsCommand({ StackName: 'nope' })],
])('%s of a stack that is not there: its text', async (_, command) => {
  expect((await failure(bench.client.send(command() as DescribeStackEventsCommand))).message).toBe('Stack [nope] does not exist');
});

test.each([
  ['DescribeStacks', () => new DescribeStacksCommand({ StackName: 'nope' })],
  ['DescribeStackResources', () => new DescribeStackResourcesCommand({ StackName: 'nope' })],
  ['GetTemplate', () => new GetTemplateCommand({ StackName: 'nope' })],
])('%s of a stack that is not there: its text', async (_, command) => {
  expect((await failure(bench.client.send(command() as DescribeStacksCommand))).message).toBe(
    'Stack with id nope does not exist',
  );
});

test('rollback cannot be switched off here, and saying so is refused aloud', async () => {
  const TemplateBody = body({ A: parameter('/x', '1') });
  expect(
    (await failure(bench.client.send(new CreateStackCommand({ StackName: 'off', TemplateBody, DisableRollback: true })))).message,
  ).toBe('The local AWS does not support DisableRollback and OnFailure.');
  expect(await bench.status('off')).toBe('GONE');
});

test('a template in the request has at most 51,200 bytes', async () => {
  const resources = Object.fromEntries(
    Array.from({ length: 400 }, (_, index) => [`R${index}`, parameter(`/x/${index}`, 'x'.repeat(99))]),
  );
  expect(
    (await failure(bench.client.send(new CreateStackCommand({ StackName: 'big', TemplateBody: body(resources) })))).message,
  ).toBe(
    "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200",
  );
});

test('events, resources and stacks come in pages of one hundred, events newest first', async () => {
  const many = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`R${index}`, parameter(`/many/${index}`, 'x')]));
  expect(await bench.deploy('many', many)).toBe('CREATE_COMPLETE');

  const first = await bench.client.send(new DescribeStackEventsCommand({ StackName: 'many' }));
  expect(first.StackEvents).toHaveLength(100);
  const ids = new Set((first.StackEvents ?? []).map(({ EventId }) => EventId));
  let token = first.NextToken;
  let last = first.StackEvents;
  while (token !== undefined) {
    const page = await bench.client.send(new DescribeStackEventsCommand({ StackName: 'many', NextToken: token }));
    for (const { EventId } of page.StackEvents ?? []) ids.add(EventId);
    token = page.NextToken;
    last = page.StackEvents;
  }
  expect(ids.size).toBe(120 * 3 + 3);
  expect(first.StackEvents?.[0]).toMatchObject({ ResourceStatus: 'CREATE_COMPLETE', ResourceType: 'AWS::CloudFormation::Stack' });
  expect(last?.at(-1)).toMatchObject({ ResourceStatus: 'REVIEW_IN_PROGRESS', ResourceStatusReason: 'User Initiated' });

  const { StackResourceSummaries, NextToken } = await bench.client.send(new ListStackResourcesCommand({ StackName: 'many' }));
  const rest = await bench.client.send(new ListStackResourcesCommand({ StackName: 'many', NextToken }));
  expect([StackResourceSummaries?.length, rest.StackResourceSummaries?.length, rest.NextToken]).toEqual([100, 20, undefined]);
});

test('a deleted stack is gone by its name, and stays known by its ARN and in lists', async () => {
  await bench.deploy('short', { A: parameter('/short/a', '1') });
  const { Stacks } = await bench.client.send(new DescribeStacksCommand({ StackName: 'short' }));
  const StackId = Stacks?.[0]?.StackId ?? '';
  expect(StackId).toMatch(/^arn:aws:cloudformation:eu-west-1:000000000000:stack\/short\/[0-9a-f-]{36}$/);
  await bench.client.send(new DeleteStackCommand({ StackName: StackId, ClientRequestToken: 'my-token' }));

  expect(await bench.status('short')).toBe('GONE');
  const byArn = await bench.client.send(new DescribeStacksCommand({ StackName: StackId }));
  expect(byArn.Stacks).toMatchObject([{ StackStatus: 'DELETE_COMPLETE', DeletionTime: expect.any(Date) }]);
  const { StackEvents } = await bench.client.send(new DescribeStackEventsCommand({ StackName: StackId }));
  expect(StackEvents?.[0]).toMatchObject({ ResourceStatus: 'DELETE_COMPLETE', ClientRequestToken: 'my-token' });
  const { StackSummaries } = await bench.client.send(new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }));
  expect(StackSummaries?.map(({ StackName }) => StackName)).toEqual(['short']);
  await bench.client.send(new DeleteStackCommand({ StackName: 'short' }));
});

test('a deletion that failed may leave resources alone, and only then', async () => {
  await bench.deploy('leave', { Bucket: { Type: 'AWS::S3::Bucket' }, A: parameter('/leave/a', { Ref: 'Bucket' }) });
  const { Bucket } = await bench.resources('leave');
  await bench.call('s3', 'PutObject', { Bucket, Key: 'k', Body: Buffer.from('data') });
  const retaining = () => bench.client.send(new DeleteStackCommand({ StackName: 'leave', RetainResources: ['Bucket'] }));
  expect((await failure(retaining())).message).toMatch(/^Invalid operation on stack \[arn:.*DELETE_FAILED/);

  expect(await bench.delete('leave')).toBe('DELETE_FAILED');
  expect((await bench.events('leave', true)).at(-1)).toBe(
    'leave DELETE_FAILED The following resource(s) failed to delete: [Bucket]. ',
  );
  await retaining();
  expect(await bench.status('leave')).toBe('GONE');
  expect(await bench.call('s3', 'GetObject', { Bucket, Key: 'k' })).toMatchObject({ Body: Buffer.from('data') });
});

test('a resource that cannot be deleted keeps what it depends on', async () => {
  await bench.deploy('held', {
    Name: parameter('/held/name', 'x'),
    Bucket: { Type: 'AWS::S3::Bucket', DependsOn: 'Name' },
    Other: parameter('/held/other', 'x'),
  });
  const { Bucket } = await bench.resources('held');
  await bench.call('s3', 'PutObject', { Bucket, Key: 'k', Body: Buffer.from('data') });

  expect(await bench.delete('held')).toBe('DELETE_FAILED');

  expect(await bench.resources('held')).toEqual({ Bucket, Name: '/held/name' });
  expect([await bench.parameter('/held/name'), await bench.parameter('/held/other')]).toEqual(['x', undefined]);
});

test('the template of a stack and of a change set can be read back, with a summary', async () => {
  const template = { Parameters: { P: { Type: 'String', Default: 'd' } }, Resources: { A: parameter('/read/a', { Ref: 'P' }) } };
  await bench.deploy('read', template);
  const set = await bench.plan('read', { A: parameter('/read/a', '2') });
  const read = async (ChangeSetName?: string): Promise<string | undefined> =>
    (await bench.client.send(new GetTemplateCommand({ StackName: 'read', ChangeSetName }))).TemplateBody;

  expect(JSON.parse((await read()) ?? '')).toEqual(template);
  expect(JSON.parse((await read(set.ChangeSetId)) ?? '')).toEqual({ Resources: { A: parameter('/read/a', '2') } });
  expect(await bench.client.send(new GetTemplateSummaryCommand({ StackName: 'read' }))).toMatchObject({
    Parameters: [{ ParameterKey: 'P', ParameterType: 'String', DefaultValue: 'd', NoEcho: false }],
    ResourceTypes: ['AWS::SSM::Parameter'],
  });
});

test('the type of a resource cannot change', async () => {
  await bench.deploy('typed', { A: parameter('/typed/a', '1'), B: parameter('/typed/b', '1') });
  expect((await failure(bench.plan('typed', { A: { Type: 'AWS::S3::Bucket' }, B: parameter('/typed/b', '1') }))).message).toBe(
    'Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]',
  );
});
