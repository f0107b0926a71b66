import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Cloud } from '../../../cloud';
import type { Table } from '../../../storage/storage';
import { stage } from '../events';

export type JobKind = 'training' | 'processing';
export type JobStatus = 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';

export interface Metric {
  readonly name: string;
  readonly value: number;
  readonly timestamp: number;
}

interface Transition {
  readonly status: string;
  readonly message: string;
  readonly start: number;
  readonly end?: number;
}

/** How a job ended. */
export interface JobOutcome {
  readonly status: 'Completed' | 'Failed' | 'Stopped';
  /** Training jobs tell more; default: the status. */
  readonly secondary?: string;
  readonly failureReason?: string;
  readonly exitMessage?: string;
  readonly artifacts?: string;
  /** Last value of each metric. */
  readonly metrics?: readonly Metric[];
}

interface JobBase extends Omit<JobOutcome, 'status' | 'secondary'> {
  readonly name: string;
  readonly arn: string;
  readonly status: JobStatus;
  readonly secondary: string;
  readonly transitions: readonly Transition[];
  readonly created: number;
  readonly modified: number;
  readonly started?: number;
  readonly ended?: number;
}

export interface TrainingJob extends JobBase {
  readonly kind: 'training';
  readonly request: Sdk.CreateTrainingJobCommandInput;
}

export interface ProcessingJob extends JobBase {
  readonly kind: 'processing';
  readonly request: Sdk.CreateProcessingJobCommandInput;
}

export type JobRecord = TrainingJob | ProcessingJob;

export const JOB_WORDS = {
  training: { title: 'Training', arn: 'training-job', logGroup: '/aws/sagemaker/TrainingJobs' },
  processing: { title: 'Processing', arn: 'processing-job', logGroup: '/aws/sagemaker/ProcessingJobs' },
} as const;

const MESSAGES: Readonly<Record<string, string>> = {
  Starting: 'Preparing the instances for training',
  Downloading: 'Downloading the training image',
  Training: 'Training image download completed. Training in progress.',
  Uploading: 'Uploading generated training model',
  Completed: 'Training job completed',
  Failed: 'Training job failed',
  Stopping: 'Stopping the training job',
  Stopped: 'Training job stopped',
  MaxRuntimeExceeded: 'Training job runtime exceeded MaxRuntimeInSeconds provided',
};

export function isOver(status: JobStatus): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Stopped';
}

/** The jobs of the account; every change of a status is stored, then told to EventBridge. */
export class JobStore {
  private readonly table: Table<JobRecord>;

  constructor(
    private readonly cloud: Cloud,
    private readonly describe: (job: JobRecord) => object,
  ) {
    this.table = cloud.storage.table('sagemaker/jobs');
  }

  get(kind: JobKind, name: string): JobRecord | undefined {
    return this.table.get([kind, name]);
  }

  all(kind: JobKind): JobRecord[] {
    return [...this.table.under([kind])].map(({ value }) => value);
  }

  /** Stores a new job; false if the name is taken. */
  async add(job: JobRecord): Promise<boolean> {
    const tell = await this.cloud.storage.transaction(() => {
      if (this.table.get([job.kind, job.name]) !== undefined) return undefined;
      const first = this.moved(job, 'Starting');
      void this.table.put([job.kind, job.name], first);
      return this.announce(first);
    });
    await tell?.();
    return tell !== undefined;
  }

  /** The job enters a phase of its work. */
  async phase(job: JobRecord, secondary: string): Promise<void> {
    const started = this.cloud.clock.now();
    await this.turn(job, (current) => ({ started, ...this.moved(current, secondary) }));
  }

  async stopping(job: JobRecord): Promise<void> {
    await this.turn(job, (current) => ({ ...this.moved(current, 'Stopping'), status: 'Stopping' }));
  }

  async end(job: JobRecord, outcome: JobOutcome): Promise<void> {
    const { secondary = outcome.status, ...facts } = outcome;
    await this.turn(job, (current) => {
      return { ...this.moved(current, secondary), ...facts, ended: this.cloud.clock.now() };
    });
  }

  private current(job: JobRecord): JobRecord {
    return this.get(job.kind, job.name) ?? job;
  }

  private moved(job: JobRecord, secondary: string): JobRecord {
    const now = this.cloud.clock.now();
    const earlier = job.transitions.map((entry) => (entry.end === undefined ? { ...entry, end: now } : entry));
    const entry = { status: secondary, message: MESSAGES[secondary] ?? secondary, start: now };
    return { ...job, secondary, modified: now, transitions: [...earlier, entry] };
  }

  /** Changes a job's state, and tells of it. */
  private async turn(job: JobRecord, next: (current: JobRecord) => JobRecord): Promise<void> {
    const tell = await this.cloud.storage.transaction(() => {
      const record = next(this.current(job));
      void this.table.put([job.kind, job.name], record);
      return this.announce(record);
    });
    await tell();
  }

  /** Times in these events are strings of epoch milliseconds. */
  private announce(job: JobRecord): () => Promise<void> {
    const text = JSON.stringify(this.describe(job), function (this: Record<string, unknown>, key, value) {
      const original = this[key];
      return original instanceof Date ? String(original.getTime()) : value;
    });
    return stage(this.cloud, `SageMaker ${JOB_WORDS[job.kind].title} Job State Change`, [job.arn], JSON.parse(text) as object);
  }
}
