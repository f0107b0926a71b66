import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The interpreter of the nearest `.venv`, as node_modules are looked for: in this package's folder, or in one above it. */
function nearest(folder: string): string | undefined {
  const python = join(folder, '.venv', 'bin', 'python');
  if (existsSync(python)) return python;
  return dirname(folder) === folder ? undefined : nearest(dirname(folder));
}

/** Python that has boto3 and pytest, and numpy, pandas and xgboost for jobs: LOCAL_AWS_PYTHON, else the nearest `.venv`, else python3. */
export const PYTHON = process.env.LOCAL_AWS_PYTHON ?? nearest(join(__dirname, '..')) ?? 'python3';
