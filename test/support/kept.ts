import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'slipway-tests');
/** What the templates come from. */
const INPUTS = ['core', 'examples', 'lambda', 'lib', 'test/support', 'cdk.json', 'package-lock.json'];

function filesOf(path: string): string[] {
  const full = join(ROOT, path);
  return /\.\w+$/.test(path)
    ? [full]
    : readdirSync(full, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(full, name));
}

/**
 * What `make` gives (plain data), from one test file to the next and from one run to the next, as long as no source has changed: a
 * synthesis takes four seconds, and fifty files of tests look into the same one.
 */
export function kept<T>(name: string, make: () => T): T {
  const hash = createHash('sha256');
  for (const file of INPUTS.flatMap(filesOf).toSorted()) hash.update(file).update(readFileSync(file));
  const file = join(CACHE, `${name}-${hash.digest('hex').slice(0, 24)}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T;
  const made = make();
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(made));
  renameSync(`${file}.${process.pid}`, file);
  const older = readdirSync(CACHE).filter((it) => it.startsWith(`${name}-`) && it.endsWith('.json') && join(CACHE, it) !== file);
  for (const it of older) rmSync(join(CACHE, it), { force: true });
  return made;
}
