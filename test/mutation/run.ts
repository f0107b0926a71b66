import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type MutationReport, scoreOf, survivorLines } from './report';

// `npm run mutation -- core/<area>...`: changes the area's code in small ways, one at a time, and looks which changes its tests notice.
// Stryker makes the changes in a copy of the project; TypeScript's own files are kept from it, since it cannot read those of version 7.

const ROOT = join(__dirname, '..', '..');
/** The share of noticed changes, in percent, that an area has at least. */
const BAR = 85;

const USAGE = `npm run mutation -- core/<area>... [--json] [--all]

  Counts, per area, the small changes of its code that its tests (test/core/<area>) notice. Below ${BAR} % it fails.
  Texts of messages are not changed: tests hold what they say where people act on it.

  --all     every area
  --json    print one JSON object; survivors with file and line
`;

function areas(): string[] {
  return readdirSync(join(ROOT, 'core'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `core/${name}`);
}

/** Options of Stryker for one area. */
function options(area: string, folder: string): object {
  const tests = `test/${area}`;
  return {
    mutate: [`${area}/**/*.ts`],
    mutator: { excludedMutations: ['StringLiteral'] },
    testRunner: 'jest',
    plugins: ['@stryker-mutator/jest-runner'],
    coverageAnalysis: 'perTest',
    // A file that does not exist: Stryker would rewrite tsconfig.json by TypeScript's interface, which version 7 has no more.
    tsconfigFile: 'no-tsconfig.json',
    disableTypeChecks: false,
    ignorePatterns: [
      'packages',
      'cdk.out',
      'docs',
      'bench',
      'containers',
      'test/integ',
      'test/lib',
      '.slipway',
      '.venv',
      'reports',
    ],
    tempDirName: join(folder, 'sandbox'),
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: join(folder, 'report.json') },
    concurrency: 2,
    timeoutMS: 10_000,
    allowConsoleColors: false,
    jest: {
      projectType: 'custom',
      enableFindRelatedTests: false,
      config: {
        testEnvironment: 'node',
        // What the tests read, and no more: Jest looks through all of it for each change.
        roots: [`<rootDir>/${tests}`],
        testMatch: ['**/*.test.ts'],
        transform: {
          '^.+\\.[tj]s$': [
            '@swc/jest',
            { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
          ],
        },
        transformIgnorePatterns: ['/node_modules/(?!jose/)'],
        moduleFileExtensions: ['ts', 'js', 'json', 'node'],
      },
    },
  };
}

function reportOf(area: string): MutationReport {
  const folder = mkdtempSync(join(tmpdir(), 'mutation-'));
  try {
    const config = join(folder, 'stryker.json');
    writeFileSync(config, JSON.stringify(options(area, folder)));
    const program = join(ROOT, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
    const { status } = spawnSync(process.execPath, [program, 'run', config], { cwd: ROOT, stdio: ['ignore', 2, 2] });
    const file = join(folder, 'report.json');
    if (!existsSync(file)) throw new Error(`${area}: Stryker ended with ${status} and no report`);
    return JSON.parse(readFileSync(file, 'utf8')) as MutationReport;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { all: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  const chosen = values.all === true ? areas() : positionals.map((name) => name.replace(/\/$/, ''));
  const unknown = chosen.filter((name) => !areas().includes(name));
  if (values.help === true || chosen.length === 0) return void process.stdout.write(USAGE);
  if (unknown.length > 0) throw new Error(`no area '${unknown.join(', ')}', allowed: ${areas().join(', ')}`);
  for (const area of chosen) {
    const report = reportOf(area);
    const score = scoreOf(report);
    const survivors = survivorLines(report);
    if (values.json === true) console.log(JSON.stringify({ area, bar: BAR, ...score, survivors }));
    else
      console.log(
        [...survivors, `${area}: ${score.percent.toFixed(1)} % of ${score.changes} changes noticed (bar ${BAR} %)`].join('\n'),
      );
    if (score.percent < BAR) process.exitCode = 1;
  }
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
