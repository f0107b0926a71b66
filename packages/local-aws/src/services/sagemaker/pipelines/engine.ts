import type { Timer } from '../../../clock/clock';
import type { Cloud } from '../../../cloud';
import type { Definition, Step } from './definition';
import { announceExecution, tellStep } from './events';
import { parseDefinition } from './parse';
import { isRunning, plan } from './plan';
import { type ExecutionRecord, isOver, type PipelineStore, type StepRecord } from './records';
import { nextAttempt } from './retry';
import { Interrupted, StepContext, type StepResult } from './step-context';
import { runStep, stopStep } from './steps';

/** Drives executions: starts what is ready, keeps each outcome, goes on from there. All of its state is in the store. */
export class Engine {
  private readonly passes = new Map<string, Promise<void>>();
  private readonly definitions = new Map<string, Definition>();
  /** Steps with an attempt under way in this process, and those that wait for their next one, as `<execution>/<step>`. */
  private readonly attempts = new Set<string>();
  private readonly work = new Set<Promise<void>>();
  private readonly timers = new Map<string, Timer>();
  private interrupt: (error: Error) => void = () => undefined;
  private readonly interruption: Promise<never>;
  private stopped = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: PipelineStore,
  ) {
    this.interruption = new Promise((_, reject) => {
      this.interrupt = reject;
    });
    this.interruption.catch(() => undefined);
  }

  /** Goes on with every unfinished execution, once all services have started. */
  start(): void {
    for (const { arn } of this.store.unfinished()) this.cloud.clock.at(this.cloud.clock.now(), () => this.wake(arn));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers.values()) timer.cancel();
    this.interrupt(new Interrupted('the server stops'));
    await Promise.all([...this.work, ...this.passes.values()]);
  }

  /** Looks at an execution and does what is to be done; looks of one execution follow each other. */
  wake(arn: string): Promise<void> {
    if (this.stopped) return Promise.resolve();
    const before = this.passes.get(arn) ?? Promise.resolve();
    const next = before.then(() => this.pass(arn)).catch((error: unknown) => this.trouble(arn, error));
    this.passes.set(arn, next);
    void next.then(() => {
      if (this.passes.get(arn) === next) this.passes.delete(arn);
    });
    return this.cloud.activity.track(next);
  }

  /** Asks the running jobs of an execution to stop. */
  async stopSteps(execution: ExecutionRecord): Promise<void> {
    for (const record of this.store.steps(execution).filter(isRunning)) {
      const step = this.definitionOf(execution).steps.find(({ name }) => name === record.name);
      if (step === undefined) continue;
      if (record.retryAt !== undefined) await this.settle(execution, step, { kind: 'stopped' });
      else await stopStep(this.context(execution, step));
    }
    await this.wake(execution.arn);
  }

  private trouble(what: string, error: unknown): void {
    this.cloud.log('sagemaker', `pipeline ${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }

  private definitionOf(execution: ExecutionRecord): Definition {
    const known = this.definitions.get(execution.arn);
    if (known !== undefined) return known;
    const parsed = parseDefinition(execution.definition);
    this.definitions.set(execution.arn, parsed);
    return parsed;
  }

  private context(execution: ExecutionRecord, step: Step): StepContext {
    return new StepContext(this.cloud, this.store, this.definitionOf(execution), execution, step, this.interruption);
  }

  private async pass(arn: string): Promise<void> {
    const execution = this.store.execution(arn);
    if (this.stopped || isOver(execution.status)) return;
    const definition = this.definitionOf(execution);
    this.takeUp(execution, definition);
    const records = this.store.steps(execution);
    const next = plan(definition, records, execution.status === 'Stopping', execution.parallelism);
    if (next.kind === 'start') {
      for (const [index, step] of next.steps.entries()) await this.startStep(execution, step, records.length + index);
      return this.pass(arn);
    }
    if (next.kind === 'wait') return;
    const reason = next.failureReason === undefined ? {} : { failureReason: next.failureReason.slice(0, 1300) };
    const over: ExecutionRecord = { ...execution, status: next.status, modified: this.cloud.clock.now(), ...reason };
    const tell = await this.cloud.storage.transaction(() => {
      void this.store.putExecution(over);
      return announceExecution(this.cloud, over, execution.status, true);
    });
    this.definitions.delete(arn);
    await tell();
  }

  /** Gives every running step of the records an attempt or, where it waits for its next one, a timer. */
  private takeUp(execution: ExecutionRecord, definition: Definition): void {
    for (const record of this.store.steps(execution).filter(isRunning)) {
      const step = definition.steps.find(({ name }) => name === record.name);
      const key = `${execution.id}/${record.name}`;
      if (step === undefined || this.attempts.has(key) || this.timers.has(key)) continue;
      if (record.retryAt === undefined) this.launch(execution, step);
      else this.arm(execution, step, record.retryAt);
    }
  }

  private arm(execution: ExecutionRecord, step: Step, at: number): void {
    const key = `${execution.id}/${step.name}`;
    const timer = this.cloud.clock.at(at, async () => {
      this.timers.delete(key);
      const record = this.store.step(execution, step.name);
      if (this.stopped || record === undefined || !isRunning(record)) return;
      const { retryAt: _, ...rest } = record;
      await this.store.putStep(execution, rest);
      this.launch(execution, step);
    });
    this.timers.set(key, timer);
  }

  private async startStep(execution: ExecutionRecord, step: Step, order: number): Promise<void> {
    const now = this.cloud.clock.now();
    const record: StepRecord = {
      name: step.name,
      type: step.type,
      status: 'Executing',
      started: now,
      order,
      attempts: 1,
      retries: {},
    };
    await this.store.putStep(execution, record);
    await tellStep(this.cloud, execution, record, 'Starting');
    this.launch(execution, step);
  }

  private launch(execution: ExecutionRecord, step: Step): void {
    const key = `${execution.id}/${step.name}`;
    this.attempts.add(key);
    const work = this.attempt(execution, step, key)
      .catch((error: unknown) => this.trouble(`${execution.arn} step ${step.name}`, error))
      .finally(() => this.work.delete(work));
    this.work.add(work);
    void this.cloud.activity.track(work);
  }

  private async attempt(execution: ExecutionRecord, step: Step, key: string): Promise<void> {
    const result = await this.resultOf(execution, step);
    this.attempts.delete(key);
    if (result === undefined || this.stopped) return;
    await this.settle(execution, step, result);
    await this.wake(execution.arn);
  }

  /** How the attempt ended; undefined if the server stops. Trouble of this server's own is a fault of the service. */
  private async resultOf(execution: ExecutionRecord, step: Step): Promise<StepResult | undefined> {
    try {
      return await Promise.race([runStep(this.context(execution, step)), this.interruption]);
    } catch (error) {
      if (error instanceof Interrupted || this.stopped) return undefined;
      this.trouble(`${execution.arn} step ${step.name}`, error);
      const reason = `InternalServerError: ${error instanceof Error ? error.message : String(error)}`.slice(0, 1024);
      return { kind: 'failed', reason, exceptions: ['Step.SERVICE_FAULT'] };
    }
  }

  private async settle(execution: ExecutionRecord, step: Step, result: StepResult): Promise<void> {
    const record = this.store.step(execution, step.name);
    if (record === undefined) return;
    const now = this.cloud.clock.now();
    if (result.kind === 'failed') {
      const stopping = this.store.execution(execution.arn).status === 'Stopping';
      const again = stopping ? undefined : nextAttempt(step, record, result.exceptions, now);
      if (again !== undefined) return this.putOff(execution, step, record, again);
    }
    const { retryAt: _, ...base } = record;
    const settled: StepRecord = { ...base, ...outcomeOf(result), ended: now };
    await this.store.putStep(execution, settled);
    if (settled.cacheKey !== undefined && settled.status === 'Succeeded' && settled.cacheSource === undefined)
      await this.keepForLater(execution, settled);
    await tellStep(this.cloud, execution, settled, record.status);
  }

  private async putOff(
    execution: ExecutionRecord,
    step: Step,
    record: StepRecord,
    again: { readonly at: number; readonly policy: string },
  ): Promise<void> {
    const { resourceName: _, metadata: __, ...kept } = record;
    const retries = { ...record.retries, [again.policy]: (record.retries[again.policy] ?? 0) + 1 };
    await this.store.putStep(execution, { ...kept, attempts: record.attempts + 1, retries, retryAt: again.at });
    this.arm(execution, step, again.at);
  }

  private async keepForLater(execution: ExecutionRecord, { cacheKey = '', outputs, metadata }: StepRecord): Promise<void> {
    const entry = { executionArn: execution.arn, at: this.cloud.clock.now(), outputs };
    await this.store.cache.put([execution.pipeline, cacheKey], metadata === undefined ? entry : { ...entry, metadata });
  }
}

function outcomeOf(result: StepResult): Partial<StepRecord> & Pick<StepRecord, 'status'> {
  switch (result.kind) {
    case 'succeeded': {
      const { kind: _, ...facts } = result;
      return { status: 'Succeeded', ...facts };
    }
    case 'failed':
      return {
        status: 'Failed',
        failureReason: result.reason,
        ...(result.metadata === undefined ? {} : { metadata: result.metadata }),
      };
    case 'stopped':
      return { status: 'Stopped' };
  }
}
