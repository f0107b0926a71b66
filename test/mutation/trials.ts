import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Area } from './areas';
import type { Change } from './changes';
import type { TestProcessOptions, Trial, TrialResult } from './test-process';

/** `timeout`: the change made a loop that did not end, which tests notice; `unreached`: no test passes its place. */
export type Outcome = 'killed' | 'timeout' | 'survived' | 'unreached';

export interface Tried extends Change {
  readonly outcome: Outcome;
}

export interface TrialOptions extends TestProcessOptions {
  readonly processes: number;
  progress(done: number, of: number, survived: number): void;
}

/** A change's place is passed this many times as often as without the change before it is a loop that does not end. */
const HITS = 100;
/** For a wait that does not end: no loop, so that nothing but time tells. Far above what a busy machine needs. */
const WAIT = { milliseconds: 20_000, times: 10 };
/** Jest in one process for all files leaves some behind each time. */
const FILES_OF_PROCESS = 150;

interface Reach {
  readonly test: string;
  readonly milliseconds: number;
  readonly hits: Readonly<Record<string, number>>;
}

/** Tries every change on the tests that pass its place. Throws when a test fails without any change. */
export async function tryChanges({ tests }: Area, changes: readonly Change[], options: TrialOptions): Promise<Tried[]> {
  const reaches: Reach[] = [];
  await inParallel(options, tests, async (process, test) => {
    const result = await process.run({ test });
    if (result === 'timeout' || !result.passed) {
      throw new Error(`${test} fails without a change:\n${result === 'timeout' ? 'it does not end' : result.error}`);
    }
    reaches.push({ test, ...result });
  });
  reaches.sort((a, b) => a.milliseconds - b.milliseconds);

  const tried = new Map<string, Tried>();
  const killers = new Map<string, string>();
  let survived = 0;
  await inParallel(options, changes, async (process, change) => {
    const outcome = await outcomeOf(process, change, reaches, killers);
    tried.set(change.id, { ...change, outcome });
    if (outcome === 'survived' || outcome === 'unreached') survived++;
    options.progress(tried.size, changes.length, survived);
  });
  return changes.flatMap(({ id }) => tried.get(id) ?? []);
}

/** @param killers by source, the test that noticed the last change of it, which will likely notice the next one and is asked first */
async function outcomeOf(
  process: TestProcess,
  { id, file }: Change,
  reaches: readonly Reach[],
  killers: Map<string, string>,
): Promise<Outcome> {
  const likely = killers.get(file);
  const asked = [...reaches.filter(({ test }) => test === likely), ...reaches.filter(({ test }) => test !== likely)];
  let outcome: Outcome = 'unreached';
  for (const { test, milliseconds, hits } of asked) {
    const passed = hits[id];
    if (passed === undefined) continue;
    const trial = { test, change: id, hitLimit: HITS * passed };
    const result = await process.run(trial, WAIT.milliseconds + WAIT.times * milliseconds);
    if (result !== 'timeout' && result.passed) {
      outcome = 'survived';
      continue;
    }
    killers.set(file, test);
    return result === 'timeout' ? 'timeout' : 'killed';
  }
  return outcome;
}

/** Each process takes the next item when it has done its last. */
async function inParallel<T>(options: TrialOptions, items: readonly T[], work: (process: TestProcess, item: T) => Promise<void>) {
  const waiting = items[Symbol.iterator]();
  const workers = Array.from({ length: Math.min(options.processes, items.length) }, async () => {
    const process = new TestProcess(options);
    try {
      for (const item of waiting) await work(process, item);
    } finally {
      process.stop();
    }
  });
  const ended = await Promise.allSettled(workers);
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

/** A process of `test-process.ts`, started anew when a trial does not end or it has run many. */
class TestProcess {
  #child: Promise<ChildProcess> | undefined;
  #files = 0;

  constructor(private readonly options: TestProcessOptions) {}

  async run(trial: Trial, limit?: number): Promise<TrialResult | 'timeout'> {
    if (this.#files++ >= FILES_OF_PROCESS) this.stop();
    this.#child ??= this.#start();
    const child = await this.#child;
    const result = await answer<TrialResult>(child, () => child.send(trial), limit);
    if (result === 'timeout') this.stop();
    return result;
  }

  stop(): void {
    this.#child?.then((child) => child.kill('SIGKILL')).catch(() => undefined);
    this.#child = undefined;
    this.#files = 0;
  }

  async #start(): Promise<ChildProcess> {
    const { root, folder } = this.options;
    const child = fork(join(__dirname, 'test-process.ts'), [JSON.stringify({ root, folder })], {
      execArgv: ['--import', pathToFileURL(require.resolve('tsx')).href],
      stdio: ['ignore', 'ignore', 2, 'ipc'],
    });
    await answer<'ready'>(child, () => undefined);
    return child;
  }
}

/** The next message of a child after `ask`; a child that ends instead of answering is an error. */
function answer<T>(child: ChildProcess, ask: () => unknown, limit?: number): Promise<T | 'timeout'> {
  return new Promise((resolve, reject) => {
    const timer = limit === undefined ? undefined : setTimeout(() => settle(() => resolve('timeout')), limit);
    const onMessage = (message: unknown) => settle(() => resolve(message as T));
    const onExit = (code: number | null) => settle(() => reject(new Error(`the process of the tests ended with ${code}`)));
    function settle(then: () => void): void {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit);
      then();
    }
    child.on('message', onMessage).on('exit', onExit);
    ask();
  });
}
