import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Failure } from './failure';
import { DEFAULT_STATE } from './paths';

/** Lies in every state folder, so that no other folder is ever filled or removed. */
const MARKER = '.slipway-state';

const serverSchema = z.object({
  pid: z.int(),
  port: z.int(),
  endpoint: z.url(),
  account: z.string(),
  region: z.string(),
  controlToken: z.string(),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
});

/** A running local AWS, as it describes itself in its state folder. */
export type LocalServer = z.infer<typeof serverSchema>;

/** The server of a state folder; undefined when none runs. Throws Failure when its description cannot be read. */
export function findServer(stateDir: string): LocalServer | undefined {
  const file = join(stateDir, 'server.json');
  if (!existsSync(file)) return undefined;
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    document = undefined;
  }
  const parsed = serverSchema.safeParse(document);
  if (!parsed.success)
    throw new Failure(
      `${file} is not readable as the description of a local AWS`,
      1,
      'Remove the file if no local AWS runs there.',
    );
  return isAlive(parsed.data.pid) ? parsed.data : undefined;
}

/** The option that leads to the same state folder again, for hints; empty for the default. */
export function stateOption(stateDir: string): string {
  return stateDir === DEFAULT_STATE ? '' : ` --state ${stateDir}`;
}

/** The server, or a Failure that says how to start one. */
export function requireServer(stateDir: string): LocalServer {
  const server = findServer(stateDir);
  if (server === undefined)
    throw new Failure(
      `no local AWS runs with the state folder ${stateDir}`,
      1,
      `Start one: npx slipway local up --detach${stateOption(stateDir)} (or npm start).`,
    );
  return server;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Makes a state folder, or takes one that was made before. Throws Failure for a folder that holds something else. */
export function claimStateFolder(stateDir: string): void {
  requireOurs(stateDir);
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    writeFileSync(join(stateDir, MARKER), 'The state of a local AWS. "npx slipway local reset" removes it.\n');
  } catch (error) {
    throw new Failure(`--state: cannot write to ${stateDir}: ${error instanceof Error ? error.message : String(error)}`, 1);
  }
}

/** Removes a state folder with all that is in it. Throws Failure for a folder that holds something else. */
export function removeStateFolder(stateDir: string): void {
  requireOurs(stateDir);
  rmSync(stateDir, { recursive: true, force: true });
}

function requireOurs(stateDir: string): void {
  if (!existsSync(stateDir) || existsSync(join(stateDir, MARKER)) || isEmptyFolder(stateDir)) return;
  throw new Failure(
    `--state: ${stateDir} is not the state folder of a local AWS; nothing in it was touched`,
    2,
    'Name a folder that is empty, or that does not exist yet.',
  );
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}
