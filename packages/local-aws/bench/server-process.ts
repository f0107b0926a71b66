import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerDescription } from '../src/server-file';

const PROGRAM = join(__dirname, '..', 'bin', 'local-aws.js');

/** A local AWS as everybody starts it: a process of its own, here with a fresh state. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly stateDir: string,
    readonly description: ServerDescription,
  ) {}

  static async start(): Promise<ServerProcess> {
    const stateDir = mkdtempSync(join(tmpdir(), 'local-aws-bench-'));
    const child = fork(PROGRAM, ['--state', stateDir, '--port', '0'], {
      execArgv: ['--max-old-space-size=2048'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`the local AWS ended with ${code} before it answered`)));
    });
    const file = readFileSync(join(stateDir, 'server.json'), 'utf8');
    return new ServerProcess(child, stateDir, JSON.parse(file) as ServerDescription);
  }

  /** What SDK clients take. */
  get clientOptions(): Pick<ServerDescription, 'endpoint' | 'region' | 'credentials'> {
    const { endpoint, region, credentials } = this.description;
    return { endpoint, region, credentials };
  }

  /** Resident size in bytes. */
  async residentBytes(): Promise<number> {
    const { endpoint, controlToken } = this.description;
    const response = await fetch(`${endpoint}/_local/status`, { headers: { authorization: `Bearer ${controlToken}` } });
    return ((await response.json()) as { rssBytes: number }).rssBytes;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}
