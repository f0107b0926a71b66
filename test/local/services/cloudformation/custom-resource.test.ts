import { StackBench } from './stack-bench';

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
        Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } },
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
