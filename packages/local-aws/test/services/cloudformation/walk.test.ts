import { reversed, walk } from '../../../src/services/cloudformation/walk';

/** `b` and `c` wait for `a`, `d` for both, `e` for nothing. */
const GRAPH = new Map([
  ['a', new Set<string>()],
  ['b', new Set(['a'])],
  ['c', new Set(['a'])],
  ['d', new Set(['b', 'c'])],
  ['e', new Set<string>()],
]);
const ORDER = ['a', 'b', 'c', 'd', 'e'];

async function log(failing: readonly string[], stopAtFailure: boolean): Promise<string[]> {
  const lines: string[] = [];
  const work = async (id: string): Promise<boolean> => {
    lines.push(`${id} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    lines.push(`${id} ends`);
    return !failing.includes(id);
  };
  await walk(ORDER, GRAPH, work, { stopAtFailure });
  return lines;
}

test('independent nodes go side by side, each after all it depends on', async () => {
  expect(await log([], true)).toEqual([
    'a begins',
    'e begins',
    'a ends',
    'b begins',
    'c begins',
    'e ends',
    'b ends',
    'c ends',
    'd begins',
    'd ends',
  ]);
});

test('a failure lets what has begun come to its end, and begins nothing more', async () => {
  expect(await log(['a'], true)).toEqual(['a begins', 'e begins', 'a ends', 'e ends']);
});

test('without a stop, a failure holds back only what depends on it', async () => {
  expect((await log(['b'], false)).filter((line) => line.endsWith('ends'))).toEqual(['a ends', 'e ends', 'b ends', 'c ends']);
});

test('work that throws ends the walk', async () => {
  const broken = walk(ORDER, GRAPH, () => Promise.reject(new Error('broken')), { stopAtFailure: true });
  await expect(broken).rejects.toThrow('broken');
});

test('the reversed graph waits for dependents', () => {
  expect([...reversed(GRAPH)].map(([id, others]) => `${id}: ${[...others].join(' ')}`)).toEqual([
    'a: b c',
    'b: d',
    'c: d',
    'd: ',
    'e: ',
  ]);
});
