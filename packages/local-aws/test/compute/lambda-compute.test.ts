import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionSpec, Outcome } from '../../src/compute/function-spec';
import { LambdaCompute } from '../../src/compute/lambda-compute';
import { FakeCloud, logStub } from '../support/fake-cloud';

const logs = logStub();
let cloud: FakeCloud;
let compute: LambdaCompute;
let made = 0;

function define(code: string, changes: Partial<FunctionSpec> = {}, file = 'index.js'): FunctionSpec {
  made += 1;
  const folder = join(cloud.stateDir, 'code', String(made));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), code);
  const name = `fn-${made}`;
  const roleArn = 'arn:aws:iam::000000000000:role/role';
  return {
    key: name,
    name,
    arn: `arn:aws:lambda:eu-west-1:000000000000:function:${name}`,
    version: '$LATEST',
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    folder,
    timeoutSeconds: 3,
    memoryMb: 128,
    environment: {},
    roleArn,
    logGroup: `/aws/lambda/${name}`,
    logFormat: 'Text',
    ...changes,
  };
}

async function invoke(
  spec: FunctionSpec,
  event: unknown = {},
  wantsTail = false,
): Promise<Outcome & { value: Record<string, unknown> }> {
  const outcome = await compute.invoke(spec, Buffer.from(JSON.stringify(event)), {
    requestId: `request-${Math.random()}`,
    wantsTail,
  });
  return { ...outcome, value: JSON.parse(Buffer.from(outcome.payload).toString()) };
}

beforeAll(async () => {
  cloud = await FakeCloud.start({ stubs: { logs: logs.operations }, startAt: Date.UTC(2013, 0, 15), paused: true });
  compute = new LambdaCompute(cloud);
});

afterAll(async () => {
  compute.stop();
  await cloud.stop();
});

test('a CommonJS handler gets the event and the context, and its module state survives', async () => {
  const spec = define(
    'let n = 0; exports.handler = async (event, context) => ({ n: ++n, event, name: context.functionName, left: context.getRemainingTimeInMillis() > 2000 })',
  );

  const first = await invoke(spec, { a: 1 });
  const second = await invoke(spec, { a: 2 });

  expect(first.value).toEqual({ n: 1, event: { a: 1 }, name: spec.name, left: true });
  expect(second.value.n).toBe(2);
  expect(compute.environments(spec.key)).toBe(1);
});

test('an ES module runs on the declared runtime', async () => {
  const spec = define('export const handler = async () => process.version', {}, 'index.mjs');

  const { value } = await invoke(spec);

  expect(value).toMatch(/^v24\./);
});

test('Date follows the clock of the cloud, also within a warm environment', async () => {
  const spec = define(
    'exports.handler = async () => [Date.now(), new Date().toISOString(), new Date(0).getTime(), new Date() instanceof Date]',
  );
  await invoke(spec);

  await cloud.clock.advance(3_600_000);
  const { value } = await invoke(spec);

  expect(value).toEqual([Date.UTC(2013, 0, 15, 1), '2013-01-15T01:00:00.000Z', 0, true]);
});

test("the process sees AWS's variables and the function's, and none of this process's", async () => {
  process.env.LEAK = 'secret';
  const spec = define('exports.handler = async () => process.env', { environment: { STAGE: 'dev' } });

  const { value } = await invoke(spec);

  expect(value).toMatchObject({
    STAGE: 'dev',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ACCESS_KEY_ID: 'ASIATEST',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  });
  expect(value).not.toHaveProperty('LEAK');
});

test('an error of the handler keeps the environment and carries its name and trace', async () => {
  const spec = define("exports.handler = async () => { throw new TypeError('no') }");

  const { value, functionError } = await invoke(spec);

  expect(functionError).toBe('Unhandled');
  expect(value).toMatchObject({ errorType: 'TypeError', errorMessage: 'no', trace: expect.arrayContaining(['TypeError: no']) });
  expect(compute.environments(spec.key)).toBe(1);
});

test('a handler that takes too long is killed', async () => {
  const spec = define('exports.handler = () => new Promise(() => setTimeout(() => {}, 60000))', { timeoutSeconds: 1 });

  const { value } = await invoke(spec);

  expect(value).toEqual({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/),
  });
});

test('an answer of more than 6 MB is Function.ResponseSizeTooLarge, and the environment goes on', async () => {
  const spec = define(`exports.handler = async ({ size }) => 'x'.repeat(size);`);
  const answer = 6_291_556;

  const { value, functionError } = await invoke(spec, { size: answer });

  expect(functionError).toBe('Unhandled');
  expect(value).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
  expect((await invoke(spec, { size: 1 })).value).toBe('x');
});

test('an exit of the process is Runtime.ExitError', async () => {
  const spec = define('exports.handler = async () => process.exit(3)');

  const { value } = await invoke(spec);

  expect(value).toMatchObject({
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringContaining('Error: Runtime exited with error: exit status 3'),
  });
});

test('a process out of memory is Runtime.OutOfMemory', async () => {
  const spec = define(
    'exports.handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill({}).map((x) => ({ ...x, i: Math.random() }))) }',
    { memoryMb: 128, timeoutSeconds: 20 },
  );

  const { value } = await invoke(spec);

  expect(value.errorType).toBe('Runtime.OutOfMemory');
});

test.each([
  ["throw new RangeError('init')", 'RangeError'],
  ["require('nothing-like-this')", 'Runtime.ImportModuleError'],
  ['exports.other = 1', 'Runtime.HandlerNotFound'],
  ['exports.handler = (', 'Runtime.UserCodeSyntaxError'],
  ['exports.handler = (event, context, callback) => callback()', 'Runtime.CallbackHandlerDeprecated'],
])('%s fails at init as %s', async (code, errorType) => {
  const { value, functionError } = await invoke(define(code));

  expect(functionError).toBe('Unhandled');
  expect(value.errorType).toBe(errorType);
});

test('console lines have the format of Lambda and come between START and END', async () => {
  const spec = define("exports.handler = async () => { console.warn('two\\nlines', 1) }");

  const { logTail } = await invoke(spec, {}, true);
  await cloud.activity.idle();

  expect(logTail?.toString()).toMatch(
    /^START RequestId: (\S+) Version: \$LATEST\n2013-\S+Z\t\1\tWARN\ttwo\nlines 1\nEND RequestId: \1\nREPORT RequestId: \1\tDuration: /,
  );
  expect(logs.messages).toContainEqual(expect.stringContaining('WARN\ttwo\nlines 1'));
});

test('a streaming handler is answered whole', async () => {
  const spec = define(
    "exports.handler = awslambda.streamifyResponse(async (event, stream) => { stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 }); stream.write('a'); stream.write('b'); stream.end() })",
  );

  const { payload } = await compute.invoke(spec, Buffer.from('{}'), { requestId: 'r' });

  expect(Buffer.from(payload).toString()).toBe(`{"statusCode":201}${'\0'.repeat(8)}ab`);
});

test('concurrent calls run in environments of their own', async () => {
  const spec = define('exports.handler = async () => { await new Promise((r) => setTimeout(r, 600)); return process.pid }');

  const pids = await Promise.all([invoke(spec), invoke(spec), invoke(spec)]);

  expect(new Set(pids.map(({ value }) => value)).size).toBeGreaterThan(1);
});

test("a request to an AWS host goes to the cloud's endpoint", async () => {
  const spec = define(
    "exports.handler = async () => [(await fetch('https://cognito-idp.eu-west-1.amazonaws.com/pool')).status, await new Promise((r) => require('https').get('https://x.amazonaws.com/a', (m) => r(m.statusCode)))]",
  );

  const { value } = await invoke(spec);

  expect(value).toEqual([404, 404]);
});
