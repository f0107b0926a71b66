import { type BatchedCalls, sendAll } from '../../../lambda/adapters/unprocessed';

/** Calls whose items are left `refusals` times each. */
function calls(refusals: Readonly<Record<string, number>>, more: Partial<BatchedCalls<string>> = {}) {
  const left: Record<string, number> = { ...refusals };
  const sent: string[][] = [];
  const options: BatchedCalls<string> = {
    items: ['a', 'b', 'c', 'd', 'e'],
    batchSize: 2,
    attempts: 3,
    failure: (count) => `${count} left`,
    send: async (batch) => {
      sent.push([...batch]);
      return batch.filter((item) => {
        left[item] = (left[item] ?? 0) - 1;
        return (left[item] ?? 0) >= 0;
      });
    },
    ...more,
  };
  return { sent, done: sendAll(options) };
}

test('batches go out in order, and only what is left is sent again', async () => {
  const { sent, done } = calls({ c: 2 });

  await done;

  expect(sent).toEqual([['a', 'b'], ['c', 'd'], ['c'], ['c'], ['e']]);
});

test('what stays unprocessed is an error that counts it, and nothing after it is sent', async () => {
  const { sent, done } = calls({ c: 99, d: 99 });

  await expect(done).rejects.toThrow('2 left');
  expect(sent).toEqual([
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
    ['c', 'd'],
  ]);
});

test('nothing to send is no call', async () => {
  const { sent, done } = calls({}, { items: [] });

  await done;
  expect(sent).toEqual([]);
});

test('parallel batches do not wait for each other', async () => {
  let under = 0;
  let most = 0;
  const { done } = calls(
    {},
    {
      parallel: true,
      send: async () => {
        under += 1;
        most = Math.max(most, under);
        await new Promise((resolve) => setTimeout(resolve, 1));
        under -= 1;
        return [];
      },
    },
  );

  await done;
  expect(most).toBe(3);
});
