import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { Failure } from './failure';

export const ROOT = resolve(__dirname, '..', '..');
export const DEFAULT_STATE = join(ROOT, '.slipway', 'state');

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

/** The server, or a Failure that says how to start one. */
export function requireServer(stateDir: string): LocalServer {
  const server = findServer(stateDir);
  if (server === undefined)
    throw new Failure(
      `no local AWS runs with the state folder ${stateDir}`,
      1,
      'Start one: npx slipway local up --detach (or npm start).',
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
