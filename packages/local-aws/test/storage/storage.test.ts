import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Storage } from '../../src/storage/storage';

let folder: string;
let storage: Storage;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storage-'));
  storage = new Storage(folder);
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

const keys = (entries: Iterable<{ key: unknown }>): unknown[] => [...entries].map(({ key }) => key);

test('what was put is there in the same moment its promise resolves, and after a reopening', async () => {
  const table = storage.table<{ text: string; when: number }>('things');
  await table.put('a', { text: 'é😀', when: 1.5 });
  await table.put(['a', 1], { text: 'array', when: 2 });
  expect(table.get('a')).toEqual({ text: 'é😀', when: 1.5 });

  await storage.close();
  storage = new Storage(folder);

  const again = storage.table<{ text: string; when: number }>('things');
  expect(again.get('a')).toEqual({ text: 'é😀', when: 1.5 });
  expect(again.get(['a', 1])).toEqual({ text: 'array', when: 2 });
  await again.remove('a');
  expect(again.get('a')).toBeUndefined();
  expect(storage.table('others').get(['a', 1])).toBeUndefined();
});

test('a transaction over several tables is seen whole, reads its own writes, and gives its value', async () => {
  const left = storage.table<number>('left');
  const right = storage.table<number>('right');

  const value = await storage.transaction(() => {
    void left.put('k', 1);
    void right.put('k', (left.get('k') ?? 0) + 1);
    return right.get('k');
  });

  expect(value).toBe(2);
  expect([left.get('k'), right.get('k')]).toEqual([1, 2]);
});

test('a transaction that throws leaves nothing, and its neighbours are kept', async () => {
  const table = storage.table<number>('things');
  await table.put('kept', 1);
  const work = [
    table.put('before', 1),
    storage
      .transaction(() => {
        void table.put('kept', 2);
        void table.put('aborted', 1);
        void table.remove('before');
        throw new Error('no');
      })
      .catch((error: Error) => error.message),
    table.put('after', 1),
  ];

  expect((await Promise.all(work))[1]).toBe('no');
  expect(keys(table.entries())).toEqual(['after', 'before', 'kept']);
  expect(table.get('kept')).toBe(1);
});

test('increments in parallel transactions are all counted', async () => {
  const table = storage.table<number>('counters');
  const increment = () => storage.transaction(() => void table.put('n', (table.get('n') ?? 0) + 1));

  await Promise.all(Array.from({ length: 200 }, increment));

  expect(table.get('n')).toBe(200);
});

test('a key that is too long aborts its transaction instead of ending the process', async () => {
  const table = storage.table<number>('things');
  const work = storage.transaction(() => {
    void table.put('fine', 1);
    void table.put('x'.repeat(3000), 1);
  });

  await expect(work).rejects.toThrow('key size');
  expect(table.get('fine')).toBeUndefined();
  expect(table.get('x'.repeat(3000))).toBeUndefined();
});

test('entries come in order of their keys, numbers before text, text by its UTF-8 bytes', async () => {
  const table = storage.table<number>('order');
  for (const key of ['b', 'a', 'a\u{1f600}', 'a\uffee', 'B', 10, 9, 'é']) await table.put(key, 0);

  expect(keys(table.entries())).toEqual([9, 10, 'B', 'a', 'a\uffee', 'a\u{1f600}', 'b', 'é']);
  expect(keys(table.entries({ start: 'a', end: 'b' }))).toEqual(['a', 'a\uffee', 'a\u{1f600}']);
  expect(keys(table.entries({ start: 'b', end: 'B', reverse: true }))).toEqual(['b', 'a\u{1f600}', 'a\uffee', 'a']);
  expect(keys(table.entries({ limit: 2 }))).toEqual([9, 10]);
});

test('a prefix gives exactly the keys under it, whatever comes after it', async () => {
  const table = storage.table<number>('prefixes');
  const under = [
    ['a', 1],
    ['a', 2, 'x'],
    ['a', ''],
    ['a', 'z'],
    ['a', '\uffff'],
    ['a', '\u{1f600}'],
  ];
  for (const key of [...under, ['a'], ['ab', 1], ['b', 1], ['A', 1]]) await table.put(key, 0);

  const found = keys(table.under(['a'])).filter((key) => (key as unknown[]).length > 1);
  expect(new Set(found.map(String))).toEqual(new Set(under.map(String)));
  expect(keys(table.under(['a'], { reverse: true, limit: 1 }))).toEqual([['a', '\u{1f600}']]);
  expect(keys(table.under(['a', 2]))).toEqual([['a', 2, 'x']]);
});

test('what was begun before the end is written whole; a write after it waits for ever and breaks nothing', async () => {
  const table = storage.table<number>('things');
  const begun = storage.transaction(() => {
    void table.put('a', 1);
    void table.put('b', 2);
  });
  const closed = storage.close();
  const late = [table.put('c', 3), table.remove('a'), storage.transaction(() => void table.put('d', 4))];
  await Promise.all([begun, closed]);

  const moment = new Promise((resolve) => setTimeout(() => resolve('waits'), 50));
  expect(await Promise.race([...late, moment])).toBe('waits');
  storage = new Storage(folder);
  expect(keys(storage.table('things').entries())).toEqual(['a', 'b']);
});
