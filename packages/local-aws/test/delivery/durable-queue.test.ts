import { DurableQueue } from '../../src/delivery/durable-queue';
import type { Table } from '../../src/storage/storage';
import { FakeCloud } from '../support/fake-cloud';

interface Entry {
  readonly id: string;
  readonly due: number;
}

let cloud: FakeCloud;
let table: Table<Entry>;
let tried: string[];

beforeEach(async () => {
  tried = [];
  cloud = await FakeCloud.start({ startAt: 0, paused: true });
  table = cloud.storage.table<Entry>('test/entries');
});
afterEach(() => cloud.stop());

function queue(attempt: (entry: Entry, queue: DurableQueue<Entry>) => Promise<void>): DurableQueue<Entry> {
  const made: DurableQueue<Entry> = new DurableQueue<Entry>(cloud, {
    service: 'test',
    table,
    idOf: ({ id }) => id,
    dueAt: ({ due }) => due,
    attempt: (entry) => {
      tried.push(`${entry.id} at ${cloud.clock.now()}`);
      return attempt(entry, made);
    },
  });
  return made;
}

test('an entry is tried when it is due, again when it was put off, and no more when it is removed', async () => {
  const entries = queue((entry, own) => (entry.due < 200 ? own.later({ ...entry, due: entry.due + 100 }) : own.remove(entry)));
  await entries.later({ id: 'a', due: 100 });

  await cloud.clock.advance(1000);

  expect(tried).toEqual(['a at 100', 'a at 200']);
  expect([...table.entries()]).toEqual([]);
});

test('an attempt that throws leaves its entry for the next start, and the others are tried', async () => {
  await table.put('a', { id: 'a', due: 0 });
  await table.put('b', { id: 'b', due: 0 });
  const entries = queue(async (entry, own) => {
    if (entry.id === 'a' && tried.length < 3) throw new Error('down');
    await own.remove(entry);
  });

  entries.start();
  await cloud.clock.advance(10);
  expect([...table.entries()].map(({ key }) => key)).toEqual(['a']);

  entries.start();
  await cloud.clock.advance(10);
  expect(tried.map((line) => line[0])).toEqual(['a', 'b', 'a']);
  expect([...table.entries()]).toEqual([]);
});

test('32 entries are tried at once, and one more when one of them is done', async () => {
  const waiting: (() => void)[] = [];
  const entries = queue(async (entry, own) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    await own.remove(entry);
  });
  for (let index = 0; index < 40; index += 1) {
    await table.put(`e${index}`, { id: `e${index}`, due: 0 });
    entries.enqueue(`e${index}`);
  }
  expect(tried).toHaveLength(32);

  while (waiting.length > 0) {
    for (const done of waiting.splice(0)) done();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }

  expect(tried).toHaveLength(40);
});

test('nothing is tried after the queue was stopped, and what it kept is there for the next one', async () => {
  const entries = queue((entry, own) => own.remove(entry));
  await entries.later({ id: 'a', due: 100 });

  entries.stop();
  entries.enqueue('a');
  await cloud.clock.advance(1000);

  expect(tried).toEqual([]);
  expect(table.get('a')).toEqual({ id: 'a', due: 100 });
});
