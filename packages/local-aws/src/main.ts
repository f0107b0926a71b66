import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LocalCloud } from './server';
import { diskFailureOf } from './storage/disk-failure';

// The process of a local AWS: `main.ts --state DIR [--port N] [--start-at ISO] [--python PATH]`. Writes `server.json` into the state folder
// when it answers, and removes it when it ends.

const { values } = parseArgs({
  options: {
    state: { type: 'string' },
    port: { type: 'string', default: '0' },
    'start-at': { type: 'string' },
    python: { type: 'string', default: 'python3' },
  },
});

const SERVER_FILE = 'server.json';

// Work in the background that meets a full disk is lost, as its failed call would be; it does not end the server. All else is a defect.
process.on('unhandledRejection', (error) => {
  const failure = diskFailureOf(error);
  if (failure === undefined) throw error;
  process.stdout.write(`${new Date().toISOString()} storage: ${failure.message}\n`);
});

async function main(stateDir: string | undefined): Promise<void> {
  if (stateDir === undefined) throw new Error('--state: the folder of the state is needed');
  const startAt = values['start-at'] === undefined ? undefined : Date.parse(values['start-at']);
  if (Number.isNaN(startAt))
    throw new Error(`--start-at: must be an instant such as 2013-01-01T00:00:00Z, given ${values['start-at']}`);
  const cloud = await LocalCloud.start({
    stateDir,
    port: Number(values.port),
    python: values.python,
    log: (line) => process.stdout.write(`${line}\n`),
    ...(startAt === undefined ? {} : { startAt }),
  });
  const file = join(stateDir, SERVER_FILE);
  const administrator = await cloud.identities.administrator();
  const document = {
    pid: process.pid,
    port: cloud.port,
    endpoint: cloud.endpoint,
    account: cloud.account,
    region: cloud.region,
    controlToken: cloud.controlToken,
    credentials: administrator,
  };
  writeFileSync(file, JSON.stringify(document, null, 2), { mode: 0o600 });
  chmodSync(file, 0o600);
  const stop = (): void => {
    rmSync(file, { force: true });
    cloud.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.send?.({ ready: true });
}

main(values.state).catch((error: unknown) => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'FAILED';
  const message = error instanceof Error ? error.message : String(error);
  process.send?.({ failed: { code, message } });
  process.stderr.write(`${error instanceof Error ? (error.stack ?? message) : message}\n`);
  process.exit(1);
});
