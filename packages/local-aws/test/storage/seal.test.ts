import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Storage } from '../../src/storage/storage';
import { chance } from '../integ/killing';

/** Places that are damaged, each in a fresh copy; DAMAGED_PLACES asks for more. */
const PLACES = Number(process.env.DAMAGED_PLACES ?? 40);
const SEED = Number(process.env.SEED ?? 1);
const RECORDS = 500;

let folder: string;
let path: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seal-'));
  path = join(folder, 'store.mdb');
  const storage = new Storage(folder);
  const table = storage.table<string>('things');
  for (let index = 0; index < RECORDS; index += 1) void table.put(index, `record ${index} `.repeat(10));
  await storage.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test(`a closed store with bytes flipped or cut at ${PLACES} random places is not opened, and the text names the file`, () => {
  const random = chance(SEED);
  const [store, seal] = [readFileSync(path), readFileSync(`${path}.seal`)];
  for (let place = 0; place < PLACES; place += 1) {
    const at = Math.floor(random() * store.length);
    const damaged = Buffer.from(store);
    damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at);
    writeFileSync(path, damaged);
    if (random() < 0.3) truncateSync(path, at);
    writeFileSync(`${path}.seal`, seal);

    expect(() => new Storage(folder)).toThrow(`the store ${path} is damaged`);
  }
});

test('a damaged store stays refused until it is restored, and is then whole', async () => {
  const store = readFileSync(path);
  truncateSync(path, 5000);
  for (let attempt = 0; attempt < 2; attempt += 1)
    expect(() => new Storage(folder)).toThrow('Restore its folder from a copy, or delete the folder');

  writeFileSync(path, store);
  const storage = new Storage(folder);

  expect([...storage.table('things').entries()]).toHaveLength(RECORDS);
  await storage.close();
});

test('a store whose file is gone is not taken for an empty one, closed or killed', async () => {
  const storage = new Storage(folder);
  rmSync(path);
  expect(() => new Storage(folder)).toThrow('the file is gone');
  await storage.close();
});

test('a store that was not closed is opened without its seal', async () => {
  const open = JSON.stringify({ state: 'open' });
  writeFileSync(`${path}.seal`, open);
  const storage = new Storage(folder);

  expect([...storage.table('things').entries()]).toHaveLength(RECORDS);
  await storage.close();
});
