import type * as Sdk from '@aws-sdk/client-sagemaker';
import { signalsOf } from '../../../signals/signals';
import { cacheKey } from './cache';
import type { ValueObject } from './definition';
import type { CacheEntry } from './records';
import { resourceName } from './resource-names';
import { exceptionsOf, exceptionsOfJob } from './retry';
import type { StepContext, StepResult } from './step-context';

interface JobView {
  readonly status: string | undefined;
  readonly arn: string;
  readonly failureReason: string | undefined;
}

/** How one kind of job is made, looked at and stopped. */
export interface JobKind {
  readonly create: string;
  readonly describe: string;
  readonly stop: string;
  readonly nameKey: string;
  view(described: unknown): JobView;
  metadata(arn: string): Sdk.PipelineExecutionStepMetadata;
}

export const TRAINING: JobKind = {
  create: 'CreateTrainingJob',
  describe: 'DescribeTrainingJob',
  stop: 'StopTrainingJob',
  nameKey: 'TrainingJobName',
  view: (described) => {
    const job = described as Sdk.DescribeTrainingJobCommandOutput;
    const late = job.SecondaryStatus === 'MaxRuntimeExceeded' ? 'MaxRuntimeExceeded: the training job ran too long' : undefined;
    return { status: job.TrainingJobStatus, arn: job.TrainingJobArn ?? '', failureReason: job.FailureReason ?? late };
  },
  metadata: (arn) => ({ TrainingJob: { Arn: arn } }),
};

export const PROCESSING: JobKind = {
  create: 'CreateProcessingJob',
  describe: 'DescribeProcessingJob',
  stop: 'StopProcessingJob',
  nameKey: 'ProcessingJobName',
  view: (described) => {
    const job = described as Sdk.DescribeProcessingJobCommandOutput;
    return { status: job.ProcessingJobStatus, arn: job.ProcessingJobArn ?? '', failureReason: job.FailureReason };
  },
  metadata: (arn) => ({ ProcessingJob: { Arn: arn } }),
};

/** Runs a step as a job: makes it once, also over a restart of the server, and waits for its end. */
export async function runJobStep(context: StepContext, kind: JobKind): Promise<StepResult> {
  const name = context.record.resourceName ?? resourceName(context.execution.id, context.step.name);
  await context.save({ resourceName: name });
  if ((await find(context, kind, name)) === undefined) {
    const resolved = await context.arguments();
    const hit = await cached(context, resolved);
    if (hit !== undefined) return hit;
    try {
      await context.call('sagemaker', kind.create, { ...resolved, [kind.nameKey]: name });
    } catch (error) {
      return apiFailure(`sagemaker:${kind.create}`, error);
    }
  }
  return finish(context, kind, name);
}

export function apiFailure(action: string, error: unknown): StepResult {
  const message = error instanceof Error ? error.message : String(error);
  const reason = `ClientError: Failed to invoke ${action}. Error Details: ${message}`;
  return { kind: 'failed', reason: reason.slice(0, 1024), exceptions: exceptionsOf(error) };
}

async function find(context: StepContext, kind: JobKind, name: string): Promise<unknown> {
  return context.call('sagemaker', kind.describe, { [kind.nameKey]: name }).catch(() => undefined);
}

async function finish(context: StepContext, kind: JobKind, name: string): Promise<StepResult> {
  const first = kind.view(await context.call('sagemaker', kind.describe, { [kind.nameKey]: name }));
  const metadata = kind.metadata(first.arn);
  await context.save({ metadata });
  if (context.isStopping) await stopJob(context, kind, name);
  const described = await ended(context, kind, name, first.arn);
  const { status, failureReason } = kind.view(described);
  if (status === 'Completed') return { kind: 'succeeded', metadata, outputs: described };
  if (status === 'Stopped' && failureReason === undefined) {
    if (context.isStopping) return { kind: 'stopped' };
    return { kind: 'failed', reason: 'ClientError: the job was stopped', exceptions: [], metadata };
  }
  const reason = failureReason ?? 'the job failed';
  return { kind: 'failed', reason: reason.slice(0, 1024), exceptions: exceptionsOfJob(reason), metadata };
}

export async function stopJob(context: StepContext, kind: JobKind, name: string): Promise<void> {
  // A job that has just ended cannot be stopped, and need not be.
  await context.call('sagemaker', kind.stop, { [kind.nameKey]: name }).catch(() => undefined);
}

/** The job's description once it is over. */
async function ended(context: StepContext, kind: JobKind, name: string, arn: string): Promise<unknown> {
  let told: () => void = () => undefined;
  const notified = new Promise<void>((resolve) => {
    told = resolve;
  });
  const unsubscribe = signalsOf(context.cloud).subscribe(arn, () => told());
  try {
    const over = ['Completed', 'Failed', 'Stopped'];
    const now = await context.call('sagemaker', kind.describe, { [kind.nameKey]: name });
    if (over.includes(kind.view(now).status ?? '')) return now;
    await Promise.race([notified, context.interruption]);
    return await context.call('sagemaker', kind.describe, { [kind.nameKey]: name });
  } finally {
    unsubscribe();
  }
}

/** The result of an earlier execution of this pipeline that did the same, if the step allows that. */
async function cached(context: StepContext, resolved: ValueObject): Promise<StepResult | undefined> {
  const { step, store, execution, cloud } = context;
  const key = cacheKey(step, resolved);
  if (key === undefined) return undefined;
  await context.save({ cacheKey: key });
  const entry: CacheEntry | undefined = store.cache.get([execution.pipeline, key]);
  if (step.cacheMs === undefined || entry === undefined || entry.at + step.cacheMs < cloud.clock.now()) return undefined;
  return {
    kind: 'succeeded',
    outputs: entry.outputs,
    cacheSource: entry.executionArn,
    ...(entry.metadata === undefined ? {} : { metadata: entry.metadata }),
  };
}
