import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Identities, roleName } from '../../src/iam/identities';
import { Storage } from '../../src/storage/storage';

const ROLE = 'arn:aws:iam::000000000000:role/path/to/writer';
const clock = { now: () => 5 };
let folder: string;
let storage: Storage;
let identities: Identities;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'identities-'));
  storage = new Storage(folder);
  identities = new Identities(storage, '000000000000', clock);
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the root key is made once and kept', async () => {
  const root = await identities.root();
  expect(root.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
  await storage.close();
  storage = new Storage(folder);

  const again = new Identities(storage, '000000000000', clock);

  expect(await again.root()).toEqual(root);
  expect(again.find(root.accessKeyId, undefined)).toMatchObject({
    secret: root.secretAccessKey,
    caller: { kind: 'root', arn: 'arn:aws:iam::000000000000:root', accessKeyId: root.accessKeyId },
  });
});

test('a session acts as its role, and survives a restart of the store', async () => {
  const made = await identities.assume(ROLE, 'me');
  const { caller } = new Identities(storage, '000000000000', clock).find(made.accessKeyId, made.sessionToken);

  expect(caller).toEqual({
    kind: 'assumed-role',
    arn: 'arn:aws:sts::000000000000:assumed-role/writer/me',
    account: '000000000000',
    roleArn: ROLE,
    accessKeyId: made.accessKeyId,
  });
  expect(roleName(ROLE)).toBe('writer');
});

test("the cloud's own sessions are reused per role and session, and renewed an hour before their end", async () => {
  const first = await identities.session(ROLE, 'a');
  expect(await identities.session(ROLE, 'a')).toBe(first);
  expect((await identities.session(ROLE, 'b')).accessKeyId).not.toBe(first.accessKeyId);

  const now = jest.spyOn(Date, 'now').mockReturnValue(first.expires - 3_600_000);
  try {
    expect((await identities.session(ROLE, 'a')).accessKeyId).not.toBe(first.accessKeyId);
  } finally {
    now.mockRestore();
  }
});

test('unknown keys, the record under the name root, other tokens and ended sessions are refused', async () => {
  await identities.root();
  const made = await identities.assume(ROLE, 'me');
  const ended = await identities.assume(ROLE, 'me', -1);

  for (const [key, token] of [['AKIAX'], ['root'], [made.accessKeyId], [made.accessKeyId, ended.sessionToken]] as [
    string,
    string?,
  ][])
    expect(() => identities.find(key, token)).toThrow('The security token included in the request is invalid.');
  expect(() => identities.find(ended.accessKeyId, ended.sessionToken)).toThrow(
    'The security token included in the request is expired',
  );
});
