import { DescribeChangeSetCommand, ExecuteChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { failure } from '../../support/cloud-bench';
import { parameter, StackBench } from '../../support/stack-bench';

let bench: StackBench;

beforeAll(async () => {
  bench = await StackBench.start();
});
afterAll(() => bench.stop());

const RICH = {
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      LifecycleConfiguration: { Rules: [{ Id: 'old', Status: 'Enabled', ExpirationInDays: 3 }] },
      VersioningConfiguration: { Status: 'Enabled' },
      Tags: [{ Key: 'a', Value: 'b' }],
    },
  },
  Name: parameter('/rich/bucket', { Ref: 'Bucket' }),
};

test('a stack is created; the same template again has no changes, in any order of its keys', async () => {
  expect(await bench.deploy('rich', RICH)).toBe('CREATE_COMPLETE');
  const { Bucket = '' } = await bench.resources('rich');
  expect(Bucket).toMatch(/^rich-bucket-[a-z0-9]{12}$/);
  expect(await bench.parameter('/rich/bucket')).toBe(Bucket);

  const reordered = {
    ...RICH,
    Bucket: { ...RICH.Bucket, Properties: Object.fromEntries(Object.entries(RICH.Bucket.Properties).reverse()) },
  };
  const set = await bench.plan('rich', reordered);

  expect(set).toMatchObject({
    Status: 'FAILED',
    ExecutionStatus: 'UNAVAILABLE',
    StatusReason: "The submitted information didn't contain changes. Submit different information to create a change set.",
  });
  expect(set.Changes ?? []).toEqual([]);
});

test('an unchanged resource is not touched when another one changes', async () => {
  const before = (await bench.events('rich')).length;
  const set = await bench.plan('rich', { ...RICH, Other: parameter('/rich/other', '1') });
  expect(set.Changes?.map(({ ResourceChange }) => `${ResourceChange?.Action} ${ResourceChange?.LogicalResourceId}`)).toEqual([
    'Add Other',
  ]);

  await bench.client.send(new ExecuteChangeSetCommand({ StackName: 'rich', ChangeSetName: set.ChangeSetName }));
  await bench.settled('rich');

  const events = (await bench.events('rich')).slice(before);
  expect(events.filter((event) => /^(Bucket|Name) /.test(event))).toEqual([]);
});

test('a change set says what is changed in place, what is replaced and what is removed', async () => {
  await bench.deploy('plan', { A: parameter('/plan/a', '1'), B: parameter('/plan/b', '1'), C: parameter('/plan/c', '1') });
  const set = await bench.plan('plan', { A: parameter('/plan/a', '2'), B: parameter('/plan/b2', '1') });

  expect(set.Changes?.map(({ ResourceChange }) => ResourceChange)).toMatchObject([
    { Action: 'Modify', LogicalResourceId: 'A', PhysicalResourceId: '/plan/a', Replacement: 'False' },
    {
      Action: 'Modify',
      LogicalResourceId: 'B',
      Replacement: 'True',
      Details: [{ Target: { Name: 'Name', RequiresRecreation: 'Always' } }],
    },
    { Action: 'Remove', LogicalResourceId: 'C', PolicyAction: 'Delete' },
  ]);
  expect(await bench.parameter('/plan/a')).toBe('1');
});

test('a change set is executed once, and voids the others of its stack', async () => {
  const first = await bench.plan('once', { A: parameter('/once/a', '1') });
  const second = await bench.plan('once', { A: parameter('/once/a', '2') });
  const execute = (ChangeSetName: string | undefined) =>
    bench.client.send(new ExecuteChangeSetCommand({ StackName: 'once', ChangeSetName }));
  await execute(first.ChangeSetName);
  await bench.settled('once');

  expect(await failure(execute(first.ChangeSetName))).toMatchObject({ name: 'InvalidChangeSetStatusException' });
  expect(
    await failure(bench.client.send(new DescribeChangeSetCommand({ StackName: 'once', ChangeSetName: second.ChangeSetName }))),
  ).toMatchObject({
    name: 'ChangeSetNotFoundException',
    message: `ChangeSet [${second.ChangeSetName}] does not exist`,
  });
  expect(await bench.parameter('/once/a')).toBe('1');
});

test.each([
  [
    'a cycle',
    { A: parameter('/x/a', { Ref: 'B' }), B: parameter('/x/b', { Ref: 'A' }) },
    'Circular dependency between resources: [A, B]',
  ],
  [
    'a resource that waits for itself',
    { A: { ...parameter('/x/a', '1'), DependsOn: 'A' } },
    'Circular dependency between resources: [A]',
  ],
  [
    'a Ref to nothing',
    { A: parameter('/x/a', { Ref: 'Nope' }) },
    'Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template',
  ],
  [
    'a DependsOn of nothing',
    { A: { ...parameter('/x/a', '1'), DependsOn: ['Nope'] } },
    'Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template',
  ],
  [
    'a GetAtt of nothing',
    { A: parameter('/x/a', { 'Fn::GetAtt': ['Nope', 'Arn'] }) },
    'Template error: instance of Fn::GetAtt references undefined resource Nope',
  ],
  [
    'a Sub of nothing',
    { A: parameter('/x/a', { 'Fn::Sub': `x\${Nope}` }) },
    'Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template',
  ],
  [
    'an output of nothing',
    { Resources: { A: parameter('/x/a', '1') }, Outputs: { O: { Value: { Ref: 'Nope' } } } },
    'Template format error: Unresolved resource dependencies [Nope] in the Outputs block of the template',
  ],
  [
    'an unknown condition',
    { A: { ...parameter('/x/a', '1'), Condition: 'Nope' } },
    'Template format error: Unresolved condition dependency Nope in the Resources block of the template',
  ],
  [
    'an unknown type',
    { A: { Type: 'AWS::Nope::Thing' } },
    'Template format error: Unrecognized resource types: [AWS::Nope::Thing]',
  ],
  ['no resources', { Resources: {} }, 'Template format error: At least one Resources member must be defined.'],
  [
    'a parameter without value',
    { Parameters: { P: { Type: 'String' } }, Resources: { A: parameter('/x/a', { Ref: 'P' }) } },
    'Parameters: [P] must have values',
  ],
  [
    'a transform',
    { Transform: 'AWS::Serverless-2016-10-31', Resources: { A: parameter('/x/a', '1') } },
    'The local AWS does not run transforms.',
  ],
])('%s is refused at once, and no stack comes into being', async (_, template, message) => {
  expect(await failure(bench.plan('refused', template))).toMatchObject({ name: 'ValidationError', message });
  expect(await bench.status('refused')).toBe('GONE');
});

test.each([
  ['{"Resources": {', /^Template format error: JSON not well-formed\./],
  [
    'Resources:\n  A:\n    Type: AWS::SSM::Parameter\n    Properties: {Type: String, Value: !Rf X}',
    /^Template format error: YAML not well-formed\..*!Rf/,
  ],
])('a template that is not well-formed is refused: %j', async (TemplateBody, message) => {
  expect((await failure(bench.plan('refused', {}, { TemplateBody }))).message).toMatch(message);
});

test('a template with roles needs the capability', async () => {
  const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } } };
  expect(await failure(bench.plan('roles', { Role: role }, { Capabilities: [] }))).toMatchObject({
    name: 'InsufficientCapabilitiesException',
    message: 'Requires capabilities : [CAPABILITY_IAM]',
  });
});
