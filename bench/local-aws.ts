import { execFileSync, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Bench, Measurement } from './measurement';

const PACKAGE = dirname(require.resolve('local-aws/package.json'));
const COMMAND = ['--import', 'tsx', join(PACKAGE, 'bench', 'run.ts')];

async function run(name: string, progress: (line: string) => void): Promise<Measurement[]> {
  const child = spawn(process.execPath, [...COMMAND, name, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  createInterface(child.stderr).on('line', progress);
  const found: Measurement[] = [];
  const read = (async () => {
    for await (const line of createInterface(child.stdout)) found.push(JSON.parse(line) as Measurement);
  })();
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  await read;
  if (code !== 0) throw new Error(`the bench of the local AWS ended with ${code} in ${name}`);
  return found;
}

/** What the package of the local AWS measures of itself, by its own bench, which runs as a process. */
export function localAwsBenches(): Bench[] {
  const list = execFileSync(process.execPath, [...COMMAND, '--list', '--json'], { encoding: 'utf8' });
  return list
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Pick<Bench, 'name' | 'description'>)
    .map((bench) => ({ ...bench, run: (progress) => run(bench.name, progress) }));
}
