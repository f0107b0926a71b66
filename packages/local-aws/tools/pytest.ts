import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PYTHON } from './python';

// The tests of the Python that serves models: part of `npm test`.

const { status } = spawnSync(PYTHON, ['-m', 'pytest', join('test', 'compute', 'serving')], {
  cwd: join(__dirname, '..'),
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
