import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

// `npm run build`: dist/, which a published package runs. The sources compiled, and beside them what they read or start as it is.

const ROOT = join(__dirname, '..');
const SRC = join(ROOT, 'src');
const DIST = join(ROOT, 'dist');

rmSync(DIST, { recursive: true, force: true });
// Its package exports its manifest, not its program.
const TSC = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
execFileSync(process.execPath, [TSC, '-p', join(ROOT, 'tsconfig.build.json')], { stdio: 'inherit' });
cpSync(SRC, DIST, { recursive: true, filter: (path) => !/\.c?ts$|__pycache__|_cache$/.test(path) });
