import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Storage } from '../../src/storage/storage';
import { Watch } from '../../src/storage/watch';

const folder = mkdtempSync(join(tmpdir(), 'watched-'));
let storage: Storage;
beforeAll(() => {
  storage = new Storage(folder);
});
afterAll(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A reader that keeps what it has read as a service does. */
function reader() {
  let kept: number | undefined;
  const watch: Watch = new Watch(storage, () => {
    kept = undefined;
  });
  const table = watch.table(storage.table<number>('numbers'));
  const read = (): number | undefined => {
    if (kept !== undefined) return kept;
    const found = table.get('n');
    if (watch.mayKeep) kept = found;
    return found;
  };
  return { table, read };
}

test.each(['a write', 'a transaction'])(
  'who keeps what it reads sees the new value after %s, however often it looked meanwhile',
  async (kind) => {
    const { table, read } = reader();
    await table.put('n', 1);
    read();
    let looking = true;
    const looks = (async () => {
      while (looking) {
        read();
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();

    const seen: (number | undefined)[] = [];
    for (let value = 2; value < 40; value += 1) {
      if (kind === 'a write') await table.put('n', value);
      else await storage.transaction(() => void table.put('n', value));
      seen.push(read());
    }
    looking = false;
    await looks;

    expect(seen).toEqual(Array.from({ length: 38 }, (_, index) => index + 2));
  },
);
