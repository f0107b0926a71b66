import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Cloud } from '../../../cloud';
import type { Table } from '../../../storage/storage';
import { arnOf, nameIn, resourceNotFound } from '../names';
import type { StepType } from './definition';

export interface PipelineRecord {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly definition: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly parallelism?: number;
  readonly created: number;
  readonly modified: number;
  readonly version: number;
  readonly lastRun?: number;
}

export type ExecutionStatus = 'Executing' | 'Stopping' | 'Stopped' | 'Failed' | 'Succeeded';

export interface ExecutionRecord {
  readonly id: string;
  readonly arn: string;
  readonly pipeline: string;
  readonly pipelineArn: string;
  readonly version: number;
  /** The definition and role at the start: later updates of the pipeline do not reach a run. */
  readonly definition: string;
  readonly roleArn: string;
  readonly parameters: readonly Sdk.Parameter[];
  readonly status: ExecutionStatus;
  readonly displayName?: string;
  readonly description?: string;
  readonly parallelism?: number;
  readonly failureReason?: string;
  readonly created: number;
  readonly modified: number;
}

export interface StepRecord {
  readonly name: string;
  readonly type: StepType;
  readonly status: Sdk.StepStatus;
  readonly started: number;
  readonly ended?: number;
  /** Place in the order of starts. */
  readonly order: number;
  readonly attempts: number;
  /** Retries by policy (its place in the list). */
  readonly retries: Readonly<Record<string, number>>;
  /** The next attempt waits until then. */
  readonly retryAt?: number;
  /** Name of the job or model of this attempt, chosen before it is made: a killed server finds it again. */
  readonly resourceName?: string;
  readonly metadata?: Sdk.PipelineExecutionStepMetadata;
  /** What references read: the answer of the Describe operation. */
  readonly outputs?: unknown;
  readonly outcome?: boolean;
  readonly failureReason?: string;
  readonly cacheKey?: string;
  /** Execution whose result stands for this step's. */
  readonly cacheSource?: string;
}

export interface CacheEntry {
  readonly executionArn: string;
  readonly at: number;
  readonly outputs: unknown;
  readonly metadata?: Sdk.PipelineExecutionStepMetadata;
}

export function isOver(status: ExecutionStatus): boolean {
  return status !== 'Executing' && status !== 'Stopping';
}

/** Pipelines, their executions, and the steps of those. */
export class PipelineStore {
  readonly pipelines: Table<PipelineRecord>;
  readonly cache: Table<CacheEntry>;
  private readonly executions: Table<ExecutionRecord>;
  private readonly stepTable: Table<StepRecord>;

  constructor(private readonly cloud: Cloud) {
    this.pipelines = cloud.storage.table('sagemaker/pipelines');
    this.executions = cloud.storage.table('sagemaker/pipeline-executions');
    this.stepTable = cloud.storage.table('sagemaker/pipeline-steps');
    this.cache = cloud.storage.table('sagemaker/pipeline-cache');
  }

  pipelineArn(name: string): string {
    return arnOf(this.cloud, `pipeline/${name}`);
  }

  /** A pipeline by name or ARN. */
  pipeline(reference: string | undefined): PipelineRecord {
    const name = nameIn('pipeline', reference ?? '');
    const found = this.pipelines.get(name);
    if (found === undefined) throw resourceNotFound(`Pipeline '${this.pipelineArn(name)}' does not exist.`);
    return found;
  }

  execution(arn: string | undefined): ExecutionRecord {
    const [pipeline = '', , id = ''] = nameIn('pipeline', arn ?? '').split('/');
    const found = this.executions.get([pipeline, id]);
    if (found === undefined) throw resourceNotFound(`PipelineExecution '${arn}' does not exist.`);
    return found;
  }

  executionsOf(pipeline: string): ExecutionRecord[] {
    return [...this.executions.under([pipeline])].map(({ value }) => value);
  }

  unfinished(): ExecutionRecord[] {
    return [...this.executions.entries()].map(({ value }) => value).filter(({ status }) => !isOver(status));
  }

  putExecution(record: ExecutionRecord): Promise<void> {
    return this.executions.put([record.pipeline, record.id], record);
  }

  steps(execution: ExecutionRecord): StepRecord[] {
    return [...this.stepTable.under([execution.id])].map(({ value }) => value);
  }

  step(execution: ExecutionRecord, name: string): StepRecord | undefined {
    return this.stepTable.get([execution.id, name]);
  }

  putStep(execution: ExecutionRecord, record: StepRecord): Promise<void> {
    return this.stepTable.put([execution.id, record.name], record);
  }

  removeStep(execution: ExecutionRecord, name: string): Promise<void> {
    return this.stepTable.remove([execution.id, name]);
  }
}
