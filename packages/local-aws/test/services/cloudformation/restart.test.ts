import { ExecuteChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { parameter, StackBench } from '../../support/stack-bench';
import { answer, PROVIDER, requests } from './custom-provider';

// The first start of a function takes its time on a busy machine.
let bench: StackBench;

beforeAll(async () => {
  bench = await StackBench.start();
  await bench.deploy('provider', PROVIDER);
});
afterAll(() => bench.stop());

/** A parameter before, and one after, a custom resource that is answered for by the test. */
const waiting = (mode: string, name = 'a') => ({
  Before: parameter(`/waiting/before-${name}`, '1'),
  Thing: { Type: 'Custom::Thing', Properties: { ServiceToken: { 'Fn::ImportValue': 'provider' }, mode }, DependsOn: 'Before' },
  After: parameter('/waiting/after', { Ref: 'Thing' }),
});

async function begin(template: object): Promise<void> {
  const set = await bench.plan('waiting', template);
  void bench.client
    .send(new ExecuteChangeSetCommand({ StackName: 'waiting', ChangeSetName: set.ChangeSetName }))
    .catch(() => undefined);
}

const events = async (from: number): Promise<string[]> => (await bench.events('waiting')).slice(from);

test('a creation that waits for a custom resource goes on after a restart, and asks for nothing twice', async () => {
  await begin(waiting('silent'));
  const [asked] = await requests(bench, 1);

  await bench.restart();
  expect(await bench.status('waiting')).toBe('CREATE_IN_PROGRESS');
  await answer(bench, asked, { Status: 'SUCCESS', PhysicalResourceId: 'thing' });

  expect(await bench.settled('waiting')).toBe('CREATE_COMPLETE');
  expect(await bench.parameter('/waiting/after')).toBe('thing');
  expect((await events(1)).filter((event) => event.startsWith('Before'))).toEqual([
    'Before CREATE_IN_PROGRESS',
    'Before CREATE_IN_PROGRESS',
    'Before CREATE_COMPLETE',
  ]);
  expect(await requests(bench, 0)).toEqual([]);
});

test('an answer that came while no server ran the stack is found by the next one', async () => {
  await begin(waiting('silent-again'));
  const [asked] = await requests(bench, 1);

  await bench.restart();
  await answer(bench, asked, { Status: 'SUCCESS', PhysicalResourceId: 'thing' });
  await bench.restart();

  expect(await bench.settled('waiting')).toBe('UPDATE_COMPLETE');
  expect(await requests(bench, 0)).toEqual([]);
});

test('an update that fails after a restart is rolled back to what was before it', async () => {
  const former = await bench.resources('waiting');
  await begin(waiting('silent', 'b'));
  const [asked] = await requests(bench, 1);

  await bench.restart();
  await answer(bench, asked, { Status: 'FAILED', Reason: 'no' });
  const [back] = await requests(bench, 1);
  expect(back).toMatchObject({ RequestType: 'Update', ResourceProperties: { mode: 'silent-again' } });
  await answer(bench, back, { Status: 'SUCCESS', PhysicalResourceId: 'thing' });

  expect(await bench.settled('waiting')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await bench.resources('waiting')).toEqual(former);
  expect(await bench.parameter('/waiting/before-a')).toBe('1');
  expect(await bench.parameter('/waiting/before-b')).toBeUndefined();
});

test('a deletion goes on after a restart', async () => {
  void bench.delete('waiting').catch(() => undefined);
  await requests(bench, 1);

  await bench.restart();
  const [asked] = await requests(bench, 1);
  await answer(bench, asked, { Status: 'SUCCESS', PhysicalResourceId: 'thing' });

  expect(await bench.settled('waiting')).toBe('GONE');
  expect(await bench.parameter('/waiting/before-a')).toBeUndefined();
});

test('a call that was made but not answered when the server died is made once', async () => {
  const operations = bench.bench.cloud.services.find(({ name }) => name === 'dynamodb')?.operations;
  const createTable = operations?.CreateTable;
  const made = new Promise<void>((resolve) => {
    Object.assign(operations ?? {}, {
      CreateTable: async (...parameters: Parameters<NonNullable<typeof createTable>>) => {
        await createTable?.(...parameters);
        resolve();
        await new Promise(() => undefined);
      },
    });
  });
  const Properties = {
    TableName: 'unanswered',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
  const set = await bench.plan('unanswered', { Table: { Type: 'AWS::DynamoDB::Table', Properties } });
  void bench.execute('unanswered', set.ChangeSetName).catch(() => undefined);
  await made;

  await bench.restart();

  expect(await bench.settled('unanswered')).toBe('CREATE_COMPLETE');
  expect(await bench.call('dynamodb', 'ListTables', {})).toEqual({ TableNames: ['unanswered'] });
});

test('a stack at rest survives a restart and is updated after it', async () => {
  await bench.deploy('rest', { A: parameter('/rest/a', '1') });
  await bench.restart();

  expect(await bench.status('rest')).toBe('CREATE_COMPLETE');
  expect(await bench.deploy('rest', { A: parameter('/rest/a', '1') })).toMatch(/didn't contain changes/);
  expect(await bench.deploy('rest', { A: parameter('/rest/a', '2') })).toBe('UPDATE_COMPLETE');
  expect(await bench.parameter('/rest/a')).toBe('2');
});
