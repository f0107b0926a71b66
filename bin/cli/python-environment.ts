import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure';
import { ROOT } from './state-folder';

const FOLDER = join(ROOT, '.venv');
export const PYTHON = join(FOLDER, 'bin', 'python');
const OLDEST = [3, 11] as const;
const BUILD = 'requirements-build.txt';

export interface PythonOptions {
  /** Also what tests need. */
  readonly development: boolean;
  readonly progress: (line: string) => void;
}

/** Makes the project's Python environment from the hash-locked files unless it is there and current. Throws Failure with what to do. */
export async function ensurePython({ development, progress }: PythonOptions): Promise<string> {
  const files = ['requirements.txt', ...(development ? ['requirements-dev.txt'] : [])];
  const mark = digestOf([BUILD, ...files]);
  const current = join(FOLDER, development ? '.slipway-development' : '.slipway');
  if (existsSync(PYTHON) && marks(current) === mark) return PYTHON;
  const interpreter = findInterpreter();
  progress('making the Python environment (once, about a minute) ...');
  if (!existsSync(PYTHON)) {
    rmSync(FOLDER, { recursive: true, force: true });
    await run(interpreter, ['-m', 'venv', FOLDER], 'Python lacks its venv module (on Debian: apt-get install python3-venv).');
  }
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--require-hashes'];
  await run(
    PYTHON,
    [...pip, '-r', join(ROOT, BUILD)],
    'The package index could not be reached, or a hash differs from the lock file.',
  );
  const requirements = files.flatMap((file) => ['-r', join(ROOT, file)]);
  await run(
    PYTHON,
    [...pip, '--no-build-isolation', ...requirements],
    'The package index could not be reached, or a hash differs from the lock file.',
  );
  writeFileSync(current, mark);
  return PYTHON;
}

function marks(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

function findInterpreter(): string {
  const wanted = OLDEST.join('.');
  const found = spawnSync('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' });
  if (found.status !== 0)
    throw new Failure(
      `Python is missing: python3 does not run`,
      1,
      `Install Python ${wanted} or newer, so that python3 is on the PATH.`,
    );
  const [major = 0, minor = 0] = found.stdout.trim().split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    throw new Failure(
      `Python is too old: python3 is ${found.stdout.trim()}, needed is ${wanted} or newer`,
      1,
      `Install Python ${wanted} or newer.`,
    );
  return 'python3';
}

async function run(command: string, parameters: readonly string[], hint: string): Promise<void> {
  const errors: string[] = [];
  const status = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(command, parameters, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    child.on('error', reject).on('close', resolve);
  });
  if (status !== 0)
    throw new Failure(`${command} ${parameters.slice(0, 3).join(' ')} failed: ${errors.join('').trim().slice(-800)}`, 1, hint);
}
