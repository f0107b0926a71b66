import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalCloud } from '../../src/server';

let cloud: LocalCloud;
let stateDir: string;
beforeAll(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'rights-'));
  cloud = await LocalCloud.start({ stateDir });
});
afterAll(async () => {
  await cloud.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

test('every operation says which rights it asks for, and nothing else does', () => {
  const operations = cloud.services.flatMap(({ name, operations }) => Object.keys(operations).map((key) => `${name}:${key}`));
  const rights = cloud.services.flatMap(({ name, rights: table }) => Object.keys(table).map((key) => `${name}:${key}`));
  expect(rights.sort()).toEqual(operations.sort());
});

test('an empty input gives rights that can be decided, so that a malformed call is refused and not failed', () => {
  const caller = cloud.asService('test.amazonaws.com');
  const scope = { account: cloud.account, region: cloud.region, caller };
  for (const { rights } of cloud.services)
    for (const ask of Object.values(rights))
      for (const { action, resource } of ask({}, scope)) {
        expect(action).toMatch(/^[a-z0-9-]+:\w+$/);
        expect(resource).toMatch(/^(\*|arn:aws:[a-z0-9-]+:.*|)$/);
      }
});
