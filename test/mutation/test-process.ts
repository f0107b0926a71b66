import { join } from 'node:path';
import { readConfig, readInitialOptions } from 'jest-config';
import TestRunner, { type Test } from 'jest-runner';
import Runtime from 'jest-runtime';
import { TestWatcher } from 'jest-watcher';

// A process that stays: it runs one test file after the other, each in a world of its own, with one change switched on or none.
// Jest is started once, which is what most of the time of a small test goes into.

export interface TestProcessOptions {
  readonly root: string;
  /** Where the changed sources are. */
  readonly folder: string;
}

export interface Trial {
  /** Path from the root. */
  readonly test: string;
  readonly change?: string;
  /** How often the change's place is passed at most: more is a loop that does not end. */
  readonly hitLimit?: number;
}

export interface TrialResult {
  readonly passed: boolean;
  readonly error: string;
  readonly milliseconds: number;
  readonly hits: Readonly<Record<string, number>>;
}

declare global {
  var trial: { change: string | undefined; hitLimit: number | undefined; hits?: Record<string, number> };
}

/** The part of the project's own configuration of Jest that holds here as well. */
interface JestProject {
  readonly transform: Readonly<Record<string, readonly [string, object]>>;
  readonly transformIgnorePatterns: readonly string[];
  readonly moduleFileExtensions: readonly string[];
}

async function prepare({ root, folder }: TestProcessOptions) {
  const { config: own } = await readInitialOptions(join(__dirname, '..', '..', 'jest.config.js'));
  const base = own.projects?.[0] as unknown as JestProject;
  const config = {
    rootDir: root,
    // Who started the process waits no longer than a trial may take.
    testTimeout: 600_000,
    roots: ['<rootDir>/core', '<rootDir>/test/core'],
    cacheDirectory: join(folder, 'cache'),
    setupFiles: [join(__dirname, 'property-setup.cjs')],
    testEnvironment: join(__dirname, 'trial-environment.cjs'),
    transform: Object.fromEntries(
      Object.entries(base.transform).map(([files, [, swcOptions]]) => [
        files,
        [join(__dirname, 'instrumented-transform.cjs'), { folder, swcOptions }],
      ]),
    ),
    transformIgnorePatterns: base.transformIgnorePatterns,
    moduleFileExtensions: base.moduleFileExtensions,
  };
  const { globalConfig, projectConfig } = await readConfig(
    { _: [], $0: 'jest', config: JSON.stringify(config), silent: true, ci: true },
    root,
  );
  const context = await Runtime.createContext(projectConfig, { console, maxWorkers: 1, watch: false, watchman: false });
  return { globalConfig, context };
}

async function main(options: TestProcessOptions): Promise<void> {
  const { globalConfig, context } = await prepare(options);
  const watcher = new TestWatcher({ isWatchMode: false });

  async function run({ test: name, change, hitLimit }: Trial): Promise<TrialResult> {
    globalThis.trial = { change, hitLimit };
    const runner = new TestRunner(globalConfig, {});
    const test: Test = { context, path: join(options.root, name) };
    let error = `${name} ended without a result`;
    runner.on('test-file-success', ([, { numPassingTests, failureMessage }]) => {
      error = failureMessage ?? (numPassingTests === 0 ? `${name} has no test` : '');
    });
    runner.on('test-file-failure', ([, failure]) => {
      error = failure.stack ?? failure.message ?? `${name} does not load`;
    });
    const began = performance.now();
    await runner.runTests([test], watcher, { serial: true });
    return { passed: error === '', error, milliseconds: performance.now() - began, hits: globalThis.trial.hits ?? {} };
  }

  process.on('message', (trial: Trial) => {
    run(trial).then((result) => process.send?.(result), fail);
  });
  process.on('disconnect', () => process.exit());
  process.send?.('ready');
}

function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}

main(JSON.parse(process.argv[2] ?? '{}') as TestProcessOptions).catch(fail);
