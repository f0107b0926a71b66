import { DescribeChangeSetCommand, DescribeStacksCommand, GetTemplateSummaryCommand } from '@aws-sdk/client-cloudformation';
import { failure } from '../../support/cloud-bench';
import { parameter, StackBench } from '../../support/stack-bench';

let bench: StackBench;

beforeAll(async () => {
  bench = await StackBench.start();
});
afterAll(() => bench.stop());

const withParameter = (declaration: object, name = '/parameter/a') => ({
  Parameters: { P: { Type: 'String', ...declaration } },
  Resources: { A: parameter(name, { 'Fn::Sub': `\${P}.` }) },
});
const given = (value: string, key = 'P') => ({ Parameters: [{ ParameterKey: key, ParameterValue: value }] });

test.each([
  [{ AllowedValues: ['a', 'b'] }, 'c', 'must be one of AllowedValues'],
  [{ AllowedPattern: '[a-z]+' }, 'ab1', 'must match pattern [a-z]+'],
  [{ MinLength: 3 }, 'ab', 'must contain at least 3 characters'],
  [{ MaxLength: '3' }, 'abcd', 'must contain at most 3 characters'],
  [{ Type: 'Number' }, 'four', 'must be a number'],
  [{ Type: 'Number', MinValue: 3 }, '2.9', 'must be a number not less than 3'],
  [{ Type: 'Number', MaxValue: 3 }, '10', 'must be a number not greater than 3'],
  [{ Type: 'List<Number>' }, '1, x', 'must be a number'],
  [
    { AllowedPattern: '[a-z]+', ConstraintDescription: 'only small letters' },
    'AB',
    'failed to satisfy constraint: only small letters',
  ],
])('the constraint %j refuses %j', async (declaration, value, problem) => {
  expect(await failure(bench.plan('constrained', withParameter(declaration), given(value)))).toMatchObject({
    name: 'ValidationError',
    message: `Parameter 'P' ${problem}`,
  });
  expect(await bench.status('constrained')).toBe('GONE');
});

test.each([
  [{ AllowedValues: [1, 2] }, '2'],
  [{ AllowedPattern: '[a-z]+' }, 'abc'],
  [{ MinLength: 3, MaxLength: 3 }, 'abc'],
  [{ Type: 'Number', MinValue: 3, MaxValue: 3 }, '3'],
])('the constraint %j lets %j pass', async (declaration, value) => {
  const set = await bench.plan(`passing-${value}`, withParameter(declaration), given(value));
  expect(set.Status).toBe('CREATE_COMPLETE');
});

test('a parameter that the template does not have is refused', async () => {
  expect((await failure(bench.plan('unknown', withParameter({ Default: 'x' }), given('x', 'Q')))).message).toBe(
    'Parameters: [Q] do not exist in the template',
  );
});

test('an update takes the value before where it is asked to, and the default where it is not', async () => {
  const template = withParameter({ Default: 'default' }, '/parameter/previous');
  await bench.deploy('previous', template, given('chosen'));

  const previous = { Parameters: [{ ParameterKey: 'P', UsePreviousValue: true }] };
  expect(await bench.deploy('previous', template, previous)).toMatch(/didn't contain changes/);
  expect(await bench.deploy('previous', template)).toBe('UPDATE_COMPLETE');
  expect(await bench.parameter('/parameter/previous')).toBe('default.');
});

test('a secret parameter reaches its resource and is asterisks wherever the stack shows it', async () => {
  const secret = 'correct "horse" battery';
  const template = withParameter({ NoEcho: true }, '/parameter/secret');
  const set = await bench.plan('secret', template, given(secret));
  const described = await bench.client.send(
    new DescribeChangeSetCommand({ StackName: 'secret', ChangeSetName: set.ChangeSetName }),
  );
  await bench.execute('secret', set.ChangeSetName);
  const stacks = await bench.client.send(new DescribeStacksCommand({ StackName: 'secret' }));
  const summary = await bench.client.send(new GetTemplateSummaryCommand({ StackName: 'secret' }));
  const events = await bench.rawEvents('secret');

  expect(await bench.parameter('/parameter/secret')).toBe(`${secret}.`);
  expect(described.Parameters).toEqual([{ ParameterKey: 'P', ParameterValue: '****' }]);
  expect(stacks.Stacks?.[0]?.Parameters).toEqual([{ ParameterKey: 'P', ParameterValue: '****' }]);
  expect(summary.Parameters).toMatchObject([{ ParameterKey: 'P', NoEcho: true }]);
  expect(JSON.stringify([described, stacks, summary, events])).not.toContain('horse');
  expect(events.find(({ LogicalResourceId }) => LogicalResourceId === 'A')?.ResourceProperties).toBe(
    '{"Name":"/parameter/secret","Type":"String","Value":"****."}',
  );
});

test('a parameter of type SSM is read when the change set is made, and shows both', async () => {
  await bench.call('ssm', 'PutParameter', { Name: '/source/a', Value: 'one', Type: 'String' });
  const template = withParameter({ Type: 'AWS::SSM::Parameter::Value<String>', Default: '/source/a' }, '/parameter/ssm');
  expect(await bench.deploy('ssm', template)).toBe('CREATE_COMPLETE');
  expect(await bench.parameter('/parameter/ssm')).toBe('one.');
  const { Stacks } = await bench.client.send(new DescribeStacksCommand({ StackName: 'ssm' }));
  expect(Stacks?.[0]?.Parameters).toEqual([{ ParameterKey: 'P', ParameterValue: '/source/a', ResolvedValue: 'one' }]);

  await bench.call('ssm', 'PutParameter', { Name: '/source/a', Value: 'two', Type: 'String', Overwrite: true });
  expect(await bench.deploy('ssm', template)).toBe('UPDATE_COMPLETE');
  expect(await bench.parameter('/parameter/ssm')).toBe('two.');
});

test('a dynamic reference is read when its resource is handled: its value is no change, its version is', async () => {
  const template = (reference: string) => ({ A: parameter('/parameter/dynamic', `{{resolve:ssm:${reference}}}`) });
  const put = (Value: string) => bench.call('ssm', 'PutParameter', { Name: '/source/b', Value, Type: 'String', Overwrite: true });
  await put('one');
  expect(await bench.deploy('dynamic', template('/source/b'))).toBe('CREATE_COMPLETE');
  expect(await bench.parameter('/parameter/dynamic')).toBe('one');

  await put('two');
  expect(await bench.deploy('dynamic', template('/source/b'))).toMatch(/didn't contain changes/);
  expect(await bench.deploy('dynamic', template('/source/b:2'))).toBe('UPDATE_COMPLETE');
  expect(await bench.parameter('/parameter/dynamic')).toBe('two');
  expect(await bench.deploy('dynamic', template('/source/b:1'))).toBe('UPDATE_COMPLETE');
  expect(await bench.parameter('/parameter/dynamic')).toBe('one');

  expect(await bench.deploy('dynamic', template('/source/none'))).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await bench.parameter('/parameter/dynamic')).toBe('one');
});
