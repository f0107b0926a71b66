import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './command-line';

/** A running local AWS, as it describes itself in its state folder to whoever may read that. */
export interface ServerDescription {
  readonly pid: number;
  readonly port: number;
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
  readonly controlToken: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const pathOf = (stateDir: string): string => join(stateDir, 'server.json');

/** Readable for its owner alone: it holds an administrator's keys. */
export function writeServerFile(stateDir: string, server: ServerDescription): void {
  const file = pathOf(stateDir);
  writeFileSync(file, JSON.stringify(server, null, 2), { mode: 0o600 });
  chmodSync(file, 0o600);
}

export function removeServerFile(stateDir: string): void {
  rmSync(pathOf(stateDir), { force: true });
}

/** The description that lies in a state folder, also of a server that was killed; undefined if there is none. */
function described(stateDir: string): ServerDescription | undefined {
  const file = pathOf(stateDir);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ServerDescription) : undefined;
}

async function answers({ endpoint, controlToken }: ServerDescription): Promise<boolean> {
  const headers = { authorization: `Bearer ${controlToken}` };
  const response = await fetch(`${endpoint}/_local/status`, { headers }).catch(() => undefined);
  return response?.ok === true;
}

/** The server that runs with this state. Throws UsageError if none does. */
export async function runningServer(stateDir: string): Promise<ServerDescription> {
  const server = described(stateDir);
  if (server === undefined || !(await answers(server)))
    throw new UsageError(`no local AWS runs with the state folder ${stateDir}; start one: local-aws --state '${stateDir}'`);
  return server;
}

/** Throws UsageError if a server runs with this state: two would write over each other. */
export async function checkNoneRuns(stateDir: string): Promise<void> {
  const server = described(stateDir);
  if (server !== undefined && (await answers(server)))
    throw new UsageError(`a local AWS runs with this state folder already (pid ${server.pid}, port ${server.port})`);
}
