import { failure } from '../../support/cloud-bench';
import { parameter, StackBench } from '../../support/stack-bench';

let bench: StackBench;

beforeAll(async () => {
  bench = await StackBench.start();
});
afterAll(() => bench.stop());

const template = (more: object = {}) => ({
  Parameters: { Stage: { Type: 'String', Default: 'dev', AllowedValues: ['dev', 'prod'] } },
  Conditions: {
    IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
    IsDev: { 'Fn::Not': [{ Condition: 'IsProd' }] },
    Always: { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'IsDev' }] },
  },
  Resources: {
    Prod: parameter('/live/prod', '1', { Condition: 'IsProd' }),
    Dev: parameter('/live/dev', '1', { Condition: 'IsDev' }),
    User: parameter('/live/user', { 'Fn::If': ['IsProd', { Ref: 'Prod' }, { Ref: 'Dev' }] }),
    ...more,
  },
  Outputs: { Only: { Condition: 'IsProd', Value: { Ref: 'Prod' } } },
});
const stage = (ParameterValue: string) => ({ Parameters: [{ ParameterKey: 'Stage', ParameterValue }] });

test('a condition that flips adds one resource, removes another and switches what refers to them', async () => {
  await bench.deploy('live', template(), stage('dev'));
  expect(await bench.resources('live')).toEqual({ Dev: '/live/dev', User: '/live/user' });
  expect(await bench.outputs('live')).toEqual({});

  const set = await bench.plan('live', template(), stage('prod'));
  expect(set.Changes?.map(({ ResourceChange }) => `${ResourceChange?.Action} ${ResourceChange?.LogicalResourceId}`)).toEqual([
    'Add Prod',
    'Modify User',
    'Remove Dev',
  ]);
  expect(await bench.execute('live', set.ChangeSetName)).toBe('UPDATE_COMPLETE');
  expect(await bench.parameter('/live/user')).toBe('/live/prod');
  expect(await bench.parameter('/live/dev')).toBeUndefined();
  expect(await bench.outputs('live')).toEqual({ Only: '/live/prod' });
});

test.each([
  ['a Ref', { Ref: 'Prod' }],
  ['a GetAtt', { 'Fn::GetAtt': ['Prod', 'Value'] }],
  ['a Sub', { 'Fn::Sub': `\${Prod}` }],
  ['a branch that is taken', { 'Fn::If': ['IsDev', { Ref: 'Prod' }, 'x'] }],
])('%s to a resource whose condition does not hold is refused at once', async (_, value) => {
  expect((await failure(bench.plan('absent', template({ Bad: parameter('/live/bad', value) })))).message).toBe(
    'Template format error: Unresolved resource dependencies [Prod] in the Resources block of the template',
  );
  expect(await bench.status('absent')).toBe('GONE');
});

test('an output that refers to an absent resource is refused too', async () => {
  const bad = { ...template(), Outputs: { Bad: { Value: { Ref: 'Prod' } } } };
  expect((await failure(bench.plan('absent', bad))).message).toBe(
    'Template format error: Unresolved resource dependencies [Prod] in the Outputs block of the template',
  );
});

test('an import counts only in the branch that is taken', async () => {
  const imports = { 'Fn::If': ['IsProd', { 'Fn::ImportValue': 'nowhere' }, 'none'] };
  const bad = { ...template({ Import: parameter('/live/import', imports) }) };
  await bench.delete('live');
  expect(await bench.deploy('imports', bad, stage('dev'))).toBe('CREATE_COMPLETE');
  expect(await bench.deploy('imports', bad, stage('prod'))).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await bench.events('imports', true)).toContain('imports UPDATE_ROLLBACK_IN_PROGRESS No export named nowhere found');
  expect(await bench.parameter('/live/import')).toBe('none');
});
