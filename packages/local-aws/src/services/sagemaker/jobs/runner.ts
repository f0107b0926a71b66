import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../../cloud';
import { signalsOf } from '../../../signals/signals';
import { OptMl } from '../opt-ml';
import { S3Files } from '../s3-files';
import { jobCaller } from './environment';
import { JobLog } from './job-log';
import { killOrphans } from './job-process';
import { JobMetrics } from './metrics';
import { runProcessing } from './processing';
import { isOver, JOB_WORDS, type JobKind, type JobOutcome, type JobRecord, type JobStore } from './records';
import { failureOf, Interrupted, JobRun } from './run';
import { runTraining } from './training';

/** Jobs that run at a time: each may use every processor. */
const CONCURRENT = 2;
const KINDS: readonly JobKind[] = ['training', 'processing'];

/** Runs jobs as processes of this machine, in the order of their creation. */
export class JobRunner {
  private readonly runs = new Map<string, JobRun>();
  private readonly work = new Set<Promise<void>>();
  private readonly waiting: (() => void)[] = [];
  private active = 0;
  private stopped = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: JobStore,
  ) {}

  /** A job that was under way when the server was killed has failed by the service's fault; who wants it must start it again. */
  async start(): Promise<void> {
    const cut = KINDS.flatMap((kind) => this.store.all(kind)).filter(({ status }) => !isOver(status));
    if (cut.length > 0)
      killOrphans(
        cut.map(({ arn }) => arn),
        this.cloud.stateDir,
      );
    for (const job of cut) {
      const failureReason = 'InternalServerError: We encountered an internal error. Please try again.';
      await this.store.end(job, job.status === 'Stopping' ? { status: 'Stopped' } : { status: 'Failed', failureReason });
    }
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Ends the processes; their records stay as they are until the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const run of this.runs.values()) run.interrupt();
    for (const next of this.waiting.splice(0)) next();
    await Promise.all(this.work);
  }

  submit(job: JobRecord): void {
    const log = this.logOf(job);
    const run = new JobRun({
      cloud: this.cloud,
      optMl: new OptMl(this.folder(job)),
      files: new S3Files(this.cloud, jobCaller(this.cloud, job.request.RoleArn ?? '')),
      log: log.log,
      phase: (secondary) => (run.isStopped ? Promise.resolve() : this.store.phase(job, secondary)),
    });
    this.runs.set(job.arn, run);
    const work = this.perform(job, run, log.metrics).finally(() => {
      this.runs.delete(job.arn);
      this.work.delete(work);
    });
    this.work.add(work);
    void this.cloud.activity.track(work);
  }

  async requestStop(job: JobRecord): Promise<void> {
    await this.store.stopping(job);
    this.runs.get(job.arn)?.stop();
  }

  private folder(job: JobRecord): string {
    return join(this.root, `${job.kind}-${job.name}`);
  }

  private get root(): string {
    return join(this.cloud.stateDir, 'jobs');
  }

  private logOf(job: JobRecord): { log: JobLog; metrics: JobMetrics } {
    const definitions = job.kind === 'training' ? job.request.AlgorithmSpecification?.MetricDefinitions : undefined;
    const metrics = new JobMetrics(definitions ?? []);
    const caller = jobCaller(this.cloud, job.request.RoleArn ?? '');
    const group = JOB_WORDS[job.kind].logGroup;
    return { metrics, log: new JobLog(this.cloud, group, job.name, caller, (line, at) => metrics.read(line, at)) };
  }

  private async perform(job: JobRecord, run: JobRun, metrics: JobMetrics): Promise<void> {
    await this.slot();
    try {
      const outcome = await this.outcome(job, run);
      if (outcome === undefined) return;
      await run.options.log.close();
      await metrics.publish(this.cloud, job.name);
      await this.store.end(job, { ...outcome, metrics: metrics.final() });
      signalsOf(this.cloud).notify(job.arn);
    } catch (error) {
      this.cloud.log('sagemaker', `job ${job.name}: ${error instanceof Error ? error.stack : String(error)}`);
    } finally {
      if (existsSync(this.folder(job))) run.options.optMl.remove();
      this.active -= 1;
      this.waiting.shift()?.();
    }
  }

  /** How the job ended; undefined if the server stops. */
  private async outcome(job: JobRecord, run: JobRun): Promise<JobOutcome | undefined> {
    try {
      if (this.stopped) return undefined;
      if (run.isStopped) return { status: 'Stopped' };
      return await (job.kind === 'training' ? runTraining(run, job) : runProcessing(run, job));
    } catch (error) {
      if (error instanceof Interrupted || this.stopped) return undefined;
      return failureOf(error);
    }
  }

  private async slot(): Promise<void> {
    while (this.active >= CONCURRENT && !this.stopped) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.active += 1;
  }
}
