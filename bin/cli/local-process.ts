import { fork } from 'node:child_process';
import { existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from './failure';
import { ROOT } from './paths';
import { claimStateFolder, findServer, isAlive, type LocalServer } from './state-folder';

export interface StartOptions {
  readonly stateDir: string;
  readonly port: number | undefined;
  /** Instant of the simulated clock at the very first start, ISO 8601. */
  readonly startAt: string;
  readonly python: string;
}

interface Message {
  readonly ready?: true;
  readonly failed?: { readonly code: string; readonly message: string };
}

/** The program of the package, which is started and never imported. */
const PROGRAM = join(dirname(require.resolve('local-aws/package.json')), 'bin', 'local-aws.js');
const PORT_FILE = 'port';
const LOG_FILE = 'local.log';
const PREFERRED_PORT = 4620;
const STOP_MS = 15_000;

/** Starts a local AWS in the background; resolves when it answers. Throws Failure for a taken port, a second start, an unreadable state. */
export async function startLocal({ stateDir, port, startAt, python }: StartOptions): Promise<LocalServer> {
  const running = findServer(stateDir);
  if (running !== undefined)
    throw new Failure(
      `a local AWS runs with this state folder already (pid ${running.pid}, port ${running.port})`,
      1,
      'Use it, or end it: npx slipway local down.',
    );
  claimStateFolder(stateDir);
  const kept = keptPort(stateDir);
  if (kept !== undefined && port !== undefined && kept !== port)
    throw new Failure(
      `this state belongs to port ${kept}, given ${port}`,
      2,
      'Tokens and addresses in it name the port. Leave --port out, or choose another --state.',
    );
  const chosen = port ?? kept ?? PREFERRED_PORT;
  const log = openSync(join(stateDir, LOG_FILE), 'a', 0o600);
  const parameters = ['--state', stateDir, '--port', String(chosen), '--start-at', startAt, '--python', python];
  const child = fork(PROGRAM, parameters, {
    cwd: ROOT,
    detached: true,
    execArgv: ['--max-old-space-size=2048'],
    stdio: ['ignore', log, log, 'ipc'],
  });
  const message = await new Promise<Message>((resolve) => {
    child.once('message', (value) => resolve(value as Message));
    child.once('exit', (code, signal) =>
      resolve({ failed: { code: 'EXIT', message: `the process ended with ${signal ?? code}` } }),
    );
  });
  if (child.connected) child.disconnect();
  child.unref();
  if (message.failed !== undefined)
    return refuseStart(message.failed, { stateDir, port: chosen, startAt, python }, port === undefined && kept === undefined);
  const server = findServer(stateDir);
  if (server === undefined)
    throw new Failure('the local AWS ended right after its start', 1, `Its log: ${join(stateDir, LOG_FILE)}`);
  writeFileSync(join(stateDir, PORT_FILE), String(server.port));
  return server;
}

/** A preferred port that is taken is no failure; a port that somebody asked for is. */
function refuseStart(
  failed: { code: string; message: string },
  options: StartOptions & { port: number },
  mayMove: boolean,
): Promise<LocalServer> {
  if (failed.code === 'EADDRINUSE') {
    if (mayMove) return startLocal({ ...options, port: options.port + 1 });
    throw new Failure(
      `port ${options.port} is taken`,
      1,
      'End what listens there, or choose another: --port N (with a new --state).',
    );
  }
  if (failed.code === 'ENOSPC')
    throw new Failure(`the disk is full: ${failed.message}`, 1, 'Free some space; nothing in the state folder was changed.');
  throw new Failure(
    `the local AWS cannot start: ${failed.message}`,
    1,
    `The state in ${options.stateDir} may be damaged; nothing was removed. Its log: ${join(options.stateDir, LOG_FILE)}. npx slipway local reset starts anew.`,
  );
}

function keptPort(stateDir: string): number | undefined {
  const file = join(stateDir, PORT_FILE);
  const port = existsSync(file) ? Number(readFileSync(file, 'utf8')) : Number.NaN;
  return Number.isInteger(port) && port > 0 ? port : undefined;
}

/** Ends a local AWS and waits for it; true when one ran. */
export async function stopLocal(stateDir: string): Promise<boolean> {
  const server = findServer(stateDir);
  if (server === undefined) return false;
  process.kill(server.pid, 'SIGTERM');
  const deadline = Date.now() + STOP_MS;
  while (isAlive(server.pid)) {
    if (Date.now() > deadline) {
      process.kill(server.pid, 'SIGKILL');
      rmSync(join(stateDir, 'server.json'), { force: true });
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
