import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..');

/** Runs a command to its end and gives its wall time in seconds; rejects with its output when it fails. */
export function timed(
  command: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  const began = process.hrtime.bigint();
  return new Promise((resolve, reject) => {
    const output: string[] = [];
    const child = spawn(command, parameters, {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = Number(process.hrtime.bigint() - began) / 1e9;
      if (code === 0) resolve(seconds);
      else reject(new Error(`${command} ${parameters.join(' ')} ended with ${code}: ${output.join('').slice(-1000)}`));
    });
  });
}
