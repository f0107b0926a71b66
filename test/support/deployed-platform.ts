import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..');

/** A local platform of a test, which is driven as people drive it: by the commands. */
export class DeployedPlatform {
  readonly state = mkdtempSync(join(tmpdir(), 'slipway-platform-'));

  /** @param folder of the definitions, relative to the repository */
  constructor(private readonly folder: string) {}

  /** What a command prints. Rejects when it fails. */
  async run(...parameters: readonly string[]): Promise<string> {
    const command = [join(ROOT, 'bin', 'slipway.js'), ...parameters, '--state', this.state];
    return (await promisify(execFile)(process.execPath, command, { maxBuffer: 1 << 26, cwd: ROOT })).stdout;
  }

  /** The object that a command of the definitions prints with `--json`. */
  async json<T>(...parameters: readonly string[]): Promise<T> {
    const stdout = await this.run(...parameters, '--json', '--platform', this.folder);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
  }

  async token(consumer: string): Promise<string> {
    return (await this.json<{ access_token: string }>('token', '--consumer', consumer)).access_token;
  }

  async end(): Promise<void> {
    await this.run('local', 'down');
    rmSync(this.state, { recursive: true, force: true });
  }
}
