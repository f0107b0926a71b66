import { parameter, StackBench } from './stack-bench';

let bench: StackBench;

beforeAll(async () => {
  bench = await StackBench.start();
});
afterAll(() => bench.stop());

test.each([
  ['CREATE_IN_PROGRESS', 'CREATE_FAILED'],
  ['ROLLBACK_IN_PROGRESS', 'ROLLBACK_FAILED'],
  ['UPDATE_IN_PROGRESS', 'UPDATE_FAILED'],
  ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_FAILED'],
  ['UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_FAILED'],
  ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_FAILED'],
  ['DELETE_IN_PROGRESS', 'DELETE_FAILED'],
])('a stack that was in %s when the server died is %s, says why, and can be deleted', async (status, failed) => {
  const stack = `died-${status.toLowerCase().replaceAll('_', '-')}`;
  await bench.deploy(stack, { A: parameter(`/${stack}/a`, '1') });

  await bench.restart();
  const storage = bench.bench.cloud.storage;
  const table = storage.table<{ id: string; name: string; status: string }>('cloudformation/stacks');
  const record = [...table.entries()].map(({ value }) => value).find(({ name }) => name === stack);
  await table.put(record?.id ?? '', { ...record, id: record?.id ?? '', name: stack, status });
  await bench.restart();

  expect(await bench.status(stack)).toBe(failed);
  expect((await bench.events(stack, true)).at(-1)).toBe(`${stack} ${failed} The local AWS was stopped during this operation.`);
  expect(await bench.delete(stack)).toBe('GONE');
  expect(await bench.parameter(`/${stack}/a`)).toBeUndefined();
});

test('a stack at rest survives a restart and is updated after it', async () => {
  await bench.deploy('rest', { A: parameter('/rest/a', '1') });
  await bench.restart();

  expect(await bench.status('rest')).toBe('CREATE_COMPLETE');
  expect(await bench.deploy('rest', { A: parameter('/rest/a', '1') })).toMatch(/didn't contain changes/);
  expect(await bench.deploy('rest', { A: parameter('/rest/a', '2') })).toBe('UPDATE_COMPLETE');
  expect(await bench.parameter('/rest/a')).toBe('2');
});
