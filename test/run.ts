import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePython, PYTHON } from '../bin/cli/python-environment';
import { partOfDay } from './long';

// Everything that a contributor must keep green: format and lint, types, dependency rules, jest, pytest. Ends with the counts.

const ROOT = join(__dirname, '..');
const DAY_MS = 86_400_000;

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface Part {
  readonly name: string;
  run(scratch: string): Promise<Counts>;
}

function execute(
  command: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    const child = spawn(command, parameters, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env });
    child.on('error', () => resolve(127)).on('close', (code) => resolve(code ?? 1));
  });
}

// Left to itself jest leaves a core free, which on two cores is half of them, while the long tests wait for processes of their own.
const WORKERS = Math.max(2, availableParallelism() - 1);

const bin = (name: string): string => join(ROOT, 'node_modules', '.bin', name);

/** A tool whose exit code is its whole answer. */
function check(name: string, command: string, ...parameters: string[]): Part {
  return {
    name,
    run: async () => ((await execute(command, parameters)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }),
  };
}

interface JestRun {
  readonly name: string;
  /** Paths of tests; all by default. */
  readonly tests?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const jest = ({ name, tests = [], environment = {} }: JestRun): Part => ({
  name,
  async run(scratch) {
    const file = join(scratch, `${name}.json`);
    const options = ['--ci', '--silent', `--maxWorkers=${WORKERS}`, '--json', `--outputFile=${file}`];
    const code = await execute(bin('jest'), [...options, ...tests], environment);
    try {
      const report = JSON.parse(readFileSync(file, 'utf8')) as {
        numPassedTests: number;
        numFailedTests: number;
        numRuntimeErrorTestSuites: number;
      };
      return { passed: report.numPassedTests, failed: report.numFailedTests + report.numRuntimeErrorTestSuites };
    } catch {
      return { passed: 0, failed: code === 0 ? 1 : code };
    }
  },
});

const pytest: Part = {
  name: 'pytest',
  async run(scratch) {
    const file = join(scratch, 'pytest.xml');
    const code = await execute(PYTHON, ['-m', 'pytest', `--junitxml=${file}`]);
    try {
      const suite = /<testsuite [^>]*>/.exec(readFileSync(file, 'utf8'))?.[0] ?? '';
      const count = (name: string): number => Number(new RegExp(`${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
      const failed = count('failures') + count('errors');
      return { passed: count('tests') - failed, failed: failed === 0 && code !== 0 ? 1 : failed };
    } catch {
      return { passed: 0, failed: 1 };
    }
  },
};

const PARTS: readonly Part[] = [
  check('format and lint', bin('biome'), 'check'),
  check('types', bin('tsc'), '-p', '.'),
  check(
    'dependency rules',
    bin('depcruise'),
    '--config',
    'dependency-rules.cjs',
    'bench',
    'bin',
    'core',
    'examples',
    'lambda',
    'lib',
    'packages',
    'platform',
    'test',
  ),
  check('python lint', PYTHON, '-m', 'ruff', 'check', 'containers', 'examples', 'packages'),
  check(
    'python types',
    PYTHON,
    '-m',
    'mypy',
    'containers/platform',
    'containers/xgboost',
    'examples/flight-delays/load.py',
    'packages/local-aws/src/compute/serving',
  ),
  pytest,
  jest({ name: 'jest' }),
];

async function main(): Promise<void> {
  await ensurePython({ development: true, progress: (line) => console.log(line) });
  const scratch = mkdtempSync(join(tmpdir(), 'slipway-test-'));
  let passed = 0;
  let failed = 0;
  const { values } = parseArgs({ options: { 'part-of-day': { type: 'boolean', default: false } } });
  // What is long takes its turn: one part of it a day, beside everything else.
  const long = values['part-of-day'] ? [jest(partOfDay(Math.floor(Date.now() / DAY_MS)))] : [];
  for (const part of [...PARTS, ...long]) {
    const began = Date.now();
    const counts = await part.run(scratch);
    passed += counts.passed;
    failed += counts.failed;
    console.log(
      `-- ${part.name}: ${counts.passed} passed, ${counts.failed} failed (${((Date.now() - began) / 1000).toFixed(0)} s)`,
    );
  }
  rmSync(scratch, { recursive: true, force: true });
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
