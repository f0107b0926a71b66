import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Denials } from '../../src/iam/denials';
import { Storage } from '../../src/storage/storage';

const folder = mkdtempSync(join(tmpdir(), 'denials-'));
let storage: Storage;
let now = 0;
const clock = { now: () => now };
const refused = (action: string) => ({ caller: 'r', action, resource: '*', message: 'no', where: 'identity-based policy of r' });

beforeEach(() => {
  storage = new Storage(folder);
});
afterEach(() => storage.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('refusals in the same moment are all counted, and the latest stands last', () => {
  const denials = new Denials(storage, clock);
  for (const action of ['a:A', 'b:B', 'a:A', 'a:A']) {
    now += 1;
    denials.record(refused(action));
  }
  expect(denials.list()).toMatchObject([
    { action: 'b:B', count: 1 },
    { action: 'a:A', count: 3, firstAt: 1, lastAt: 4 },
  ]);
});

test('they outlive the server, the oldest of a thousand makes room, and clearing forgets them for good', async () => {
  const denials = new Denials(storage, clock);
  expect(denials.list()).toHaveLength(2);
  for (let index = 0; index < 1000; index += 1) denials.record(refused(`c:C${index}`));
  expect(denials.list()).toHaveLength(1000);
  expect(denials.list()[0]).toMatchObject({ action: 'c:C0' });

  await denials.clear();
  expect(new Denials(storage, clock).list()).toEqual([]);
});
