import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkNoneRuns, removeServerFile, runningServer, type ServerDescription, writeServerFile } from '../src/server-file';
import { CloudBench } from './support/cloud-bench';

let bench: CloudBench;
let folder: string;
let server: ServerDescription;

beforeAll(async () => {
  bench = await CloudBench.start();
  const { port, endpoint, account, region, controlToken } = bench.cloud;
  const credentials = await bench.cloud.identities.administrator();
  server = { pid: 7, port, endpoint, account, region, controlToken, credentials };
});
afterAll(() => bench.stop());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'server-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a server that answers is found by its state folder, and no second one may start there', async () => {
  writeServerFile(folder, server);

  expect(statSync(join(folder, 'server.json')).mode & 0o777).toBe(0o600);
  expect(await runningServer(folder)).toEqual(server);
  await expect(checkNoneRuns(folder)).rejects.toThrow(
    `a local AWS runs with this state folder already (pid 7, port ${server.port})`,
  );
});

test.each([
  ['nothing listens there any more', { endpoint: 'http://127.0.0.1:1' }],
  ['another server has taken its port', { controlToken: 'of the one before' }],
])('a server that was killed is none: %s', async (_, change) => {
  writeServerFile(folder, { ...server, ...change });

  await expect(runningServer(folder)).rejects.toThrow(`no local AWS runs with the state folder ${folder}`);
  await expect(checkNoneRuns(folder)).resolves.toBeUndefined();
});

test('a server that has ended leaves nothing behind, and one that never ran neither', async () => {
  writeServerFile(folder, server);
  removeServerFile(folder);
  removeServerFile(folder);

  expect(existsSync(join(folder, 'server.json'))).toBe(false);
  await expect(runningServer(folder)).rejects.toThrow('start one: local-aws --state');
});
