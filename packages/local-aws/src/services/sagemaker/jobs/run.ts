import type { Cloud } from '../../../cloud';
import { AwsError } from '../../../errors';
import type { OptMl } from '../opt-ml';
import type { S3Files } from '../s3-files';
import type { JobLog } from './job-log';
import { JobProcess, type ProcessEnd, type ProcessSpec } from './job-process';
import type { JobOutcome } from './records';

export interface JobRunOptions {
  readonly cloud: Cloud;
  readonly optMl: OptMl;
  readonly files: S3Files;
  readonly log: JobLog;
  /** Tells the phase of the work (SecondaryStatus). */
  phase(secondary: string): Promise<void>;
}

/** The server stops: the job's record stays as it is, and the next start settles it. */
export class Interrupted extends Error {}

/** One run of a job: the means its work needs, and the hand that stops it. */
export class JobRun {
  private process: JobProcess | undefined;
  private stopped = false;
  private interrupted = false;

  constructor(readonly options: JobRunOptions) {}

  get isStopped(): boolean {
    return this.stopped;
  }

  /** Runs the job's process to its end. Throws `Interrupted` when the server stops. */
  async execute(spec: ProcessSpec): Promise<ProcessEnd> {
    this.checkpoint();
    if (this.stopped) return { because: 'stop' };
    this.process = new JobProcess(spec, this.options.log);
    const end = await this.process.ended;
    await this.options.log.close();
    this.checkpoint();
    return end;
  }

  stop(): void {
    this.stopped = true;
    this.process?.terminate('stop');
  }

  interrupt(): void {
    this.interrupted = true;
    this.process?.kill();
  }

  checkpoint(): void {
    if (this.interrupted) throw new Interrupted('the server stops');
  }
}

/** Trouble outside the job's process: AWS's refusals are the client's, anything else is the service's own. */
export function failureOf(error: unknown): JobOutcome {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof AwsError ? error.code : undefined;
  const failureReason =
    code === undefined
      ? `InternalServerError: We encountered an internal error. Please try again. (${message})`
      : `ClientError: Data download or upload failed: ${code}: ${message}`;
  return { status: 'Failed', failureReason: failureReason.slice(0, 1024) };
}
