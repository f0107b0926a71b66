import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Storage } from '../../src/storage/storage';

let folder: string;
let storage: Storage;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'undo-log-'));
  storage = new Storage(folder);
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

async function reopen(): Promise<void> {
  await storage.close();
  storage = new Storage(folder);
}

const things = () => storage.table<number>('things');

/** Work that makes a record by a plain write and one in a transaction, and then stands still. */
async function halfWay(): Promise<void> {
  await new Promise<void>((reached) => {
    void storage.undoable(
      async () => {
        await things().put('plain', 1);
        await storage.transaction(() => void things().put(['in', 'transaction'], 1));
        await things().put('old', 2);
        reached();
        await new Promise(() => undefined);
      },
      () => undefined,
    );
  });
}

test('what unfinished work made is gone after a reopening; what was there before is kept', async () => {
  await things().put('old', 1);
  await halfWay();
  await things().put('of others', 1);

  await reopen();

  expect([...things().entries()].map(({ key }) => key)).toEqual(['of others', 'old']);
});

test('what finished work made is kept, together with what its end writes', async () => {
  await storage.undoable(
    () => things().put('made', 1),
    () => void things().put('end', 1),
  );

  await reopen();

  expect([...things().entries()].map(({ key }) => key)).toEqual(['end', 'made']);
});

test('what work made before it failed is kept, as its caller knows of the failure', async () => {
  const failing = storage.undoable(
    async () => {
      await things().put('made', 1);
      throw new Error('it failed');
    },
    () => void things().put('end', 1),
  );
  await expect(failing).rejects.toThrow('it failed');

  await reopen();

  expect([...things().entries()].map(({ key }) => key)).toEqual(['made']);
});

test('a write that goes on after the work has ended is not part of it', async () => {
  let late: Promise<void> = Promise.resolve();
  await storage.undoable(
    async () => {
      late = new Promise((resolve) => setImmediate(resolve)).then(() => things().put('late', 1));
    },
    () => undefined,
  );
  await late;

  await reopen();

  expect(things().get('late')).toBe(1);
});
