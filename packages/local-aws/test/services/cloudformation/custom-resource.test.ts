import { roleProperties } from '../../support/role';
import { parameter, StackBench } from '../../support/stack-bench';
import { answer, PROVIDER, requests } from './custom-provider';

// The first start of a function takes its time on a busy machine.
let bench: StackBench;

beforeAll(async () => {
  bench = await StackBench.start();
});
afterAll(() => bench.stop());

// Answers as the property `mode` says, and tells what it was asked in its log.
const SOURCE = `
exports.handler = async (event) => {
  console.log('ASKED ' + JSON.stringify({ type: event.RequestType, id: event.PhysicalResourceId, mode: event.ResourceProperties.mode, old: event.OldResourceProperties?.mode, flag: event.ResourceProperties.flag }));
  const { mode } = event.ResourceProperties;
  const copy = { StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId };
  const answers = {
    fail: { ...copy, Status: 'FAILED', Reason: 'it was told to', PhysicalResourceId: 'thing' },
    moved: { ...copy, Status: 'SUCCESS', PhysicalResourceId: 'thing-2', Data: { Answer: '43' } },
  };
  const answer = answers[event.RequestType === 'Delete' ? '' : mode] ?? { ...copy, Status: 'SUCCESS', PhysicalResourceId: event.PhysicalResourceId ?? 'thing', Data: { Answer: '42' } };
  await fetch(event.ResponseURL, { method: 'PUT', body: mode === 'garbage' && event.RequestType === 'Update' ? 'no json' : JSON.stringify(answer) });
};`;

function template(mode: string) {
  return {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        // Without its role the function could not write the log of its last event.
        DeletionPolicy: 'Retain',
        Properties: roleProperties('lambda'),
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'provider',
          Code: { ZipFile: SOURCE },
          Handler: 'index.handler',
          Runtime: 'nodejs24.x',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        },
      },
      Thing: { Type: 'Custom::Thing', Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] }, mode, flag: true } },
    },
    Outputs: { Ref: { Value: { Ref: 'Thing' } }, Answer: { Value: { 'Fn::GetAtt': ['Thing', 'Answer'] } } },
  };
}

let told = 0;

/** The next `count` events that the function was given; its log may be written after its answer. */
async function asked(count: number): Promise<object[]> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { events } = await bench.call<{ events: { message: string }[] }>('logs', 'FilterLogEvents', {
      logGroupName: '/aws/lambda/provider',
    });
    const all = events
      .map(({ message }) => /ASKED (\{.*\})/.exec(message.replaceAll('\\"', '"'))?.[1])
      .filter((text) => text !== undefined)
      .slice(told);
    if (all.length >= count) {
      told += all.length;
      return all.map((text) => JSON.parse(text) as object);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`the function was not asked ${count} times`);
}

test('its function creates, updates, moves and deletes a custom resource, and what it answers can be referred to', async () => {
  expect(await bench.deploy('custom', template('one'))).toBe('CREATE_COMPLETE');
  expect(await bench.outputs('custom')).toEqual({ Ref: 'thing', Answer: '42' });
  expect(await asked(1)).toEqual([{ type: 'Create', mode: 'one', flag: 'true' }]);

  expect(await bench.deploy('custom', template('one'))).toMatch(/didn't contain changes/);
  expect(await bench.deploy('custom', template('moved'))).toBe('UPDATE_COMPLETE');
  expect(await bench.outputs('custom')).toEqual({ Ref: 'thing-2', Answer: '43' });
  expect(await asked(2)).toEqual([
    { type: 'Update', id: 'thing', mode: 'moved', old: 'one', flag: 'true' },
    { type: 'Delete', id: 'thing', mode: 'one', flag: 'true' },
  ]);
});

test('an update that its function refuses is taken back by an update with old and new swapped', async () => {
  expect(await bench.deploy('custom', template('fail'))).toBe('UPDATE_ROLLBACK_COMPLETE');

  expect((await bench.events('custom', true)).join()).toContain(
    'Received response status [FAILED] from custom resource. Message returned: it was told to',
  );
  expect(await bench.outputs('custom')).toEqual({ Ref: 'thing-2', Answer: '43' });
  expect(await asked(2)).toMatchObject([
    { type: 'Update', id: 'thing-2', mode: 'fail', old: 'moved' },
    { type: 'Update', id: 'thing-2', mode: 'moved', old: 'fail' },
  ]);
});

test('an answer that is no JSON fails the resource instead of leaving it waiting', async () => {
  expect(await bench.deploy('custom', template('garbage'))).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect((await bench.events('custom', true)).join()).toContain('Invalid Response object: the body is not valid JSON');
  await asked(2);
});

test('deleting the stack asks the function to delete; a creation that it refuses rolls the stack back', async () => {
  expect(await bench.delete('custom')).toBe('GONE');
  expect(await asked(1)).toEqual([{ type: 'Delete', id: 'thing-2', mode: 'moved', flag: 'true' }]);

  expect(await bench.deploy('refused', template('fail'))).toBe('ROLLBACK_COMPLETE');
  expect(await bench.resources('refused')).toEqual({});
});

test('a stranger cannot answer for a custom resource', async () => {
  const { cloud } = bench.bench;
  const host = `cloudformation-custom-resource-response-${cloud.region}.s3.${cloud.region}.amazonaws.com`;
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const { request } = require('node:http') as typeof import('node:http');
    const sent = request(`${cloud.endpoint}/deadbeef`, { method: 'PUT', headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on('error', reject).end('{"Status":"SUCCESS"}');
  });
  expect(status).toBe(403);
});

describe('a function that says nothing', () => {
  const thing = (properties: object, more: object = {}) => ({
    Thing: { Type: 'Custom::Thing', Properties: { ServiceToken: { 'Fn::ImportValue': 'provider' }, ...properties }, ...more },
  });
  const begin = async (stack: string, template: object): Promise<void> => {
    const set = await bench.plan(stack, template);
    void bench.execute(stack, set.ChangeSetName).catch(() => undefined);
  };
  const reasons = async (stack: string): Promise<string[]> => (await bench.events(stack, true)).slice(2);

  beforeAll(() => bench.deploy('provider', PROVIDER));

  test('a crash is an answer that never comes: the creation times out on the clock, and is deleted all the same', async () => {
    await begin('crash', thing({ mode: 'crash', ServiceTimeout: '600' }));
    await bench.until('crash', 'Thing CREATE_IN_PROGRESS');
    await bench.bench.cloud.clock.advance(599_000);
    expect(await bench.status('crash')).toBe('CREATE_IN_PROGRESS');
    await bench.bench.cloud.clock.advance(2_000);

    await bench.until('crash', 'Thing DELETE_IN_PROGRESS');
    await bench.bench.cloud.clock.advance(601_000);
    expect(await bench.settled('crash')).toBe('ROLLBACK_FAILED');
    expect(await reasons('crash')).toEqual([
      'Thing CREATE_IN_PROGRESS',
      'Thing CREATE_FAILED CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId.',
      'crash ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Thing]. Rollback requested by user.',
      'Thing DELETE_IN_PROGRESS',
      'Thing DELETE_FAILED CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId.',
      'crash ROLLBACK_FAILED The following resource(s) failed to delete: [Thing]. ',
    ]);
  });

  test('a failed creation is asked to delete what it may have left, by the id that it gave or one of its own', async () => {
    await begin('failed', thing({ mode: 'one' }));
    const [created] = await requests(bench, 1);
    expect(created).toMatchObject({ RequestType: 'Create', ResourceProperties: { mode: 'one' } });
    await answer(bench, created, { Status: 'FAILED', Reason: 'no', PhysicalResourceId: 'half-made' });
    const [deleted] = await requests(bench, 1);
    expect(deleted).toMatchObject({
      RequestType: 'Delete',
      PhysicalResourceId: 'half-made',
      ResourceProperties: { mode: 'one' },
    });
    await answer(bench, deleted, { Status: 'SUCCESS', PhysicalResourceId: 'half-made' });
    expect(await bench.settled('failed')).toBe('ROLLBACK_COMPLETE');

    await begin('nameless', thing({ mode: 'two' }));
    await answer(bench, (await requests(bench, 1))[0], { Status: 'FAILED', Reason: 'no' });
    const [generated] = await requests(bench, 1);
    expect(generated?.PhysicalResourceId).toMatch(/^nameless-Thing-[0-9A-F]{12}$/);
    await answer(bench, generated, { Status: 'SUCCESS' });
    expect(await bench.settled('nameless')).toBe('ROLLBACK_COMPLETE');
  });

  test('the first answer counts; a late one is taken and changes nothing', async () => {
    await begin('late', { ...thing({ mode: 'one' }), User: parameter('/late/user', { 'Fn::GetAtt': ['Thing', 'Word'] }) });
    const [asked] = await requests(bench, 1);
    expect(await answer(bench, asked, { Status: 'SUCCESS', PhysicalResourceId: 'x', Data: { Word: 'first' } })).toBe(200);
    expect(await answer(bench, asked, { Status: 'FAILED', Reason: 'second' })).toBe(200);
    expect(await bench.settled('late')).toBe('CREATE_COMPLETE');
    expect(await answer(bench, asked, { Status: 'FAILED', Reason: 'third' })).toBe(200);
    expect(await bench.parameter('/late/user')).toBe('first');
  });

  test('data that the function calls secret is used, and is asterisks in the events', async () => {
    await begin('quiet', { ...thing({ mode: 'one' }), User: parameter('/quiet/user', { 'Fn::GetAtt': ['Thing', 'Word'] }) });
    await answer(bench, (await requests(bench, 1))[0], {
      Status: 'SUCCESS',
      PhysicalResourceId: 'x',
      NoEcho: true,
      Data: { Word: 'horse' },
    });
    expect(await bench.settled('quiet')).toBe('CREATE_COMPLETE');
    expect(await bench.parameter('/quiet/user')).toBe('horse');
    expect(JSON.stringify(await bench.rawEvents('quiet'))).not.toContain('horse');
  });

  test('an answer of more than 4,096 bytes fails the resource', async () => {
    await begin('long', thing({ mode: 'one' }));
    const [asked] = await requests(bench, 1);
    await answer(bench, asked, { Status: 'SUCCESS', PhysicalResourceId: 'x', Data: { Word: 'x'.repeat(4096) } });
    await answer(bench, (await requests(bench, 1))[0], { Status: 'SUCCESS', PhysicalResourceId: 'x' });
    expect(await bench.settled('long')).toBe('ROLLBACK_COMPLETE');
    expect((await reasons('long')).join()).toContain('Response object is too long.');
  });

  test('a failure elsewhere cancels the wait, and what was asked for is asked to go', async () => {
    const bad = { Type: 'AWS::SSM::Parameter', Properties: { Name: '/x', Type: 'String', Value: 'x', AllowedPattern: '^y$' } };
    await begin('cancelled', { ...thing({ mode: 'one' }), Bad: bad });
    const [created, deleted] = await requests(bench, 2);
    expect([created?.RequestType, deleted?.RequestType]).toEqual(['Create', 'Delete']);
    await answer(bench, deleted, { Status: 'SUCCESS' });
    expect(await bench.settled('cancelled')).toBe('ROLLBACK_COMPLETE');
    expect(await reasons('cancelled')).toContain('Thing CREATE_FAILED Resource creation cancelled');
  });

  test.each([
    [
      'a ServiceTimeout of two hours',
      { ServiceTimeout: '7200' },
      'ServiceTimeout must be an integer between 1 and 3600, given 7200',
    ],
    [
      'a ServiceToken that is no function',
      { ServiceToken: 'arn:aws:sns:eu-west-1:000000000000:topic' },
      'The local AWS calls custom resources by Lambda ARN only; given arn:aws:sns:eu-west-1:000000000000:topic',
    ],
  ])('%s is refused', async (name, properties, reason) => {
    const stack = name.replaceAll(' ', '-');
    expect(await bench.deploy(stack, thing(properties))).toBe('ROLLBACK_COMPLETE');
    expect(await reasons(stack)).toContain(`Thing CREATE_FAILED ${reason}`);
  });

  test('the function of a custom resource cannot be exchanged', async () => {
    await begin('token', thing({ mode: 'one' }));
    await answer(bench, (await requests(bench, 1))[0], { Status: 'SUCCESS', PhysicalResourceId: 'x' });
    expect(await bench.settled('token')).toBe('CREATE_COMPLETE');
    await begin('token', thing({ ServiceToken: 'arn:aws:lambda:eu-west-1:000000000000:function:other' }));
    await bench.until('token', 'Thing UPDATE_FAILED');
    expect(await bench.settled('token')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await reasons('token')).join()).toContain('Modifying service token is not allowed.');
    expect(await requests(bench, 0)).toEqual([]);
  });
});
