import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure } from './failure';
import { ROOT } from './paths';

/** Python of this checkout: .venv is a link to the environment that its lock files name. */
export const PYTHON = pythonOf(ROOT);
const OLDEST = [3, 11] as const;
const BUILD = 'requirements-build.txt';
/** Written last, so an environment without it was never finished. */
const MARK = '.slipway';

type Kind = 'runtime' | 'development';

const FILES: Readonly<Record<Kind, readonly string[]>> = {
  runtime: ['requirements.txt'],
  development: ['requirements.txt', 'requirements-dev.txt'],
};

export interface PythonOptions {
  /** Also what tests need. */
  readonly development: boolean;
  readonly progress: (line: string) => void;
  /** Folder of the lock files and of the link; this checkout unless given. */
  readonly root?: string;
}

/**
 * Links .venv to an environment made from the hash-locked files. Environments lie in the user's cache, one for each state of the
 * lock files and each version of Python, so that a second checkout installs nothing. Throws Failure with what to do.
 */
export async function ensurePython({ development, progress, root = ROOT }: PythonOptions): Promise<string> {
  const interpreter = findInterpreter();
  const folders = {
    runtime: folderOf(root, 'runtime', interpreter.version),
    development: folderOf(root, 'development', interpreter.version),
  };
  const usable = (development ? [folders.development] : [folders.development, folders.runtime]).find(isFinished);
  if (usable !== undefined) {
    link(root, usable);
    return pythonOf(root);
  }
  const kind = development ? 'development' : 'runtime';
  progress('making the Python environment (once, about a minute) ...');
  await make(root, interpreter.command, kind, folders[kind]);
  link(root, folders[kind]);
  return pythonOf(root);
}

function pythonOf(root: string): string {
  return join(root, '.venv', 'bin', 'python');
}

function folderOf(root: string, kind: Kind, version: string): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'slipway', 'python', `${version}-${kind}-${digestOf(root, [BUILD, ...FILES[kind]]).slice(0, 16)}`);
}

function isFinished(folder: string): boolean {
  return existsSync(join(folder, MARK)) && existsSync(join(folder, 'bin', 'python'));
}

/** Made beside its place and moved there in one step: another checkout may make the same one, and the first to finish wins. */
async function make(root: string, interpreter: string, kind: Kind, folder: string): Promise<void> {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--require-hashes'];
  const hint = 'The package index could not be reached, or a hash differs from the lock file.';
  mkdirSync(dirname(folder), { recursive: true });
  const making = mkdtempSync(`${folder}.part-`);
  const python = join(making, 'bin', 'python');
  try {
    await run(interpreter, ['-m', 'venv', making], 'Python lacks its venv module (on Debian: apt-get install python3-venv).');
    await run(python, [...pip, '-r', join(root, BUILD)], hint);
    await run(python, [...pip, '--no-build-isolation', ...FILES[kind].flatMap((file) => ['-r', join(root, file)])], hint);
    writeFileSync(join(making, MARK), '');
    if (isFinished(folder)) return;
    rmSync(folder, { recursive: true, force: true });
    renameSync(making, folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

function link(root: string, folder: string): void {
  const place = join(root, '.venv');
  const current = lstatSync(place, { throwIfNoEntry: false });
  if (current?.isSymbolicLink() && readlinkSync(place) === folder) return;
  if (current?.isDirectory() && !existsSync(join(place, MARK)))
    throw new Failure(`${place} is a folder that Slipway did not make`, 1, 'Move or remove it; Slipway puts a link there.');
  rmSync(place, { recursive: true, force: true });
  symlinkSync(folder, place);
}

function digestOf(root: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function findInterpreter(): { command: string; version: string } {
  const wanted = OLDEST.join('.');
  const found = spawnSync('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {
    encoding: 'utf8',
    env: process.env,
  });
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
  return { command: 'python3', version: found.stdout.trim() };
}

async function run(command: string, parameters: readonly string[], hint: string): Promise<void> {
  const errors: string[] = [];
  const status = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(command, parameters, { cwd: ROOT, env: process.env, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    child.on('error', reject).on('close', resolve);
  });
  if (status !== 0)
    throw new Failure(`${command} ${parameters.slice(0, 3).join(' ')} failed: ${errors.join('').trim().slice(-800)}`, 1, hint);
}
