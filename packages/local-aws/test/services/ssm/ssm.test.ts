import {
  DeleteParameterCommand,
  DeleteParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  type ParameterType,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { CloudBench, failure } from '../../support/cloud-bench';

let bench: CloudBench;
let client: SSMClient;

beforeAll(async () => {
  bench = await CloudBench.start();
  client = await bench.client(SSMClient);
});
afterAll(() => bench.stop());

const put = (Name: string, Value: string, more: Partial<PutParameterCommandInput> = {}) =>
  client.send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }));
const get = async (Name: string) => (await client.send(new GetParameterCommand({ Name }))).Parameter;

test('a parameter is overwritten only on demand, and keeps its versions', async () => {
  expect(await put('/a/one', '1')).toMatchObject({ Version: 1 });
  expect(await failure(put('/a/one', '2'))).toMatchObject({ name: 'ParameterAlreadyExists' });
  expect(await put('/a/one', '2', { Overwrite: true })).toMatchObject({ Version: 2 });

  expect(await get('/a/one')).toMatchObject({
    Value: '2',
    Version: 2,
    Type: 'String',
    ARN: 'arn:aws:ssm:eu-west-1:000000000000:parameter/a/one',
  });
  expect(await get('/a/one:1')).toMatchObject({ Value: '1', Version: 1 });
  expect(await get('arn:aws:ssm:eu-west-1:000000000000:parameter/a/one')).toMatchObject({ Value: '2' });
  expect(await failure(get('/a/one:3'))).toMatchObject({ name: 'ParameterNotFound' });
});

test('parallel overwrites each have a version of their own', async () => {
  await put('/race', '0');
  const made = await Promise.all(Array.from({ length: 10 }, (_, index) => put('/race', String(index), { Overwrite: true })));

  expect(new Set(made.map(({ Version }) => Version))).toEqual(new Set([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));
});

test('a path lists what is under it, directly or at any depth, in pages', async () => {
  for (const name of ['/p/a', '/p/b/c', '/p/b/d', '/pp/x']) await put(name, name);
  const list = async (more: object = {}) =>
    (await client.send(new GetParametersByPathCommand({ Path: '/p', ...more }))).Parameters?.map(({ Name }) => Name);

  expect(await list()).toEqual(['/p/a']);
  expect(await list({ Recursive: true })).toEqual(['/p/a', '/p/b/c', '/p/b/d']);
  const { NextToken } = await client.send(new GetParametersByPathCommand({ Path: '/p', Recursive: true, MaxResults: 2 }));
  expect(await list({ Recursive: true, MaxResults: 2, NextToken })).toEqual(['/p/b/d']);
});

test('several are read at once, unknown ones listed; a deleted one is gone', async () => {
  await put('/gone', '1');
  expect(await client.send(new GetParametersCommand({ Names: ['/gone', '/none'] }))).toMatchObject({
    Parameters: [{ Name: '/gone' }],
    InvalidParameters: ['/none'],
  });
  await client.send(new DeleteParameterCommand({ Name: '/gone' }));

  expect(await failure(get('/gone'))).toMatchObject({ name: 'ParameterNotFound' });
  await put('/gone', '2');
  expect(await client.send(new DeleteParametersCommand({ Names: ['/gone', '/none'] }))).toMatchObject({
    DeletedParameters: ['/gone'],
    InvalidParameters: ['/none'],
  });
  expect(await failure(get('/gone'))).toMatchObject({ name: 'ParameterNotFound' });
  expect(await failure(client.send(new DeleteParameterCommand({ Name: '/gone' })))).toMatchObject({ name: 'ParameterNotFound' });
});

test.each([
  ['a value that is too long', '/x', 'v'.repeat(4097), {}, 'ValidationException'],
  ['a secret', '/x', 'v', { Type: 'SecureString' as ParameterType }, 'UnsupportedParameterType'],
  ['a value beside its pattern', '/x', 'v', { AllowedPattern: '^w$' }, 'ParameterPatternMismatchException'],
  ['a name that is too long', `/${'x'.repeat(3000)}`, 'v', {}, 'ValidationException'],
  ['a name of other characters', '/a b', 'v', {}, 'ValidationException'],
])('%s is refused', async (_, name, value, more, code) => {
  expect(await failure(put(name, value, more))).toMatchObject({ name: code, status: 400 });
});
