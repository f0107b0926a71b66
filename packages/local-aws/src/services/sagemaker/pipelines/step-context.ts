import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Caller, Cloud } from '../../../cloud';
import type { Definition, Step, Value, ValueObject } from './definition';
import type { ExecutionRecord, PipelineStore, StepRecord } from './records';
import { resolve, type Scope } from './resolve';
import { executionCaller, stepScope } from './scope';

/** How an attempt of a step ended. */
export type StepResult =
  | {
      readonly kind: 'succeeded';
      readonly metadata?: Sdk.PipelineExecutionStepMetadata;
      readonly outputs?: unknown;
      readonly outcome?: boolean;
      readonly cacheSource?: string;
    }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      /** By the names of retry policies. */
      readonly exceptions: readonly string[];
      readonly metadata?: Sdk.PipelineExecutionStepMetadata;
    }
  | { readonly kind: 'stopped' };

/** The server stops: the step's record stays, and the next start takes it up again. */
export class Interrupted extends Error {}

/** What a step's attempt works with. */
export class StepContext {
  readonly caller: Caller;

  constructor(
    readonly cloud: Cloud,
    readonly store: PipelineStore,
    readonly definition: Definition,
    readonly execution: ExecutionRecord,
    readonly step: Step,
    /** Rejects with `Interrupted` when the server stops. */
    readonly interruption: Promise<never>,
  ) {
    this.caller = executionCaller(cloud, execution);
  }

  get record(): StepRecord {
    const record = this.store.step(this.execution, this.step.name);
    if (record === undefined) throw new Error(`step ${this.step.name} has no record`);
    return record;
  }

  get scope(): Scope {
    const { resourceName } = this.record;
    return stepScope(this.cloud, this.store, this.definition, this.execution, this.step, resourceName);
  }

  get isStopping(): boolean {
    return this.store.execution(this.execution.arn).status === 'Stopping';
  }

  /** The step's arguments with every reference replaced. */
  async arguments(): Promise<ValueObject> {
    const resolved: Value = await resolve(this.step.arguments, this.scope);
    return resolved as ValueObject;
  }

  save(changes: Partial<StepRecord>): Promise<void> {
    return this.store.putStep(this.execution, { ...this.record, ...changes });
  }

  /** Calls an operation in the pipeline's role. */
  call<Output>(service: string, operation: string, input: object): Promise<Output> {
    return this.cloud.call<Output>(service, operation, input, this.caller);
  }
}
