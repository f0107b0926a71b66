import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Cloud } from '../../../cloud';
import { AwsError, validationError } from '../../../errors';
import type { SageMakerModule } from '../module';
import { arnOf } from '../names';
import { inTime, page } from '../paging';
import { parseS3Uri, S3Files } from '../s3-files';
import type { TagStore } from '../tags';
import { describeJob, describeProcessing, describeTraining, summarizeProcessing, summarizeTraining } from './describe';
import { jobCaller } from './environment';
import { isOver, JOB_WORDS, type JobKind, type JobRecord, JobStore, type ProcessingJob, type TrainingJob } from './records';
import { checkProcessing, checkTraining } from './requests';
import { JobRunner } from './runner';

/** What the operations share. */
function jobsScope(cloud: Cloud, tagStore: TagStore) {
  const store = new JobStore(cloud, describeJob);
  const runner = new JobRunner(cloud, store);
  const arn = (kind: JobKind, name: string): string => arnOf(cloud, `${JOB_WORDS[kind].arn}/${name.toLowerCase()}`);
  const fresh = (kind: JobKind, name: string) => {
    const now = cloud.clock.now();
    return {
      name,
      arn: arn(kind, name),
      status: 'InProgress',
      secondary: 'Starting',
      transitions: [],
      created: now,
      modified: now,
    } as const;
  };
  const begin = async (job: JobRecord): Promise<void> => {
    if (!(await store.add(job))) {
      const { title } = JOB_WORDS[job.kind];
      const message = `${title} job names must be unique within an AWS account and region, and a ${job.kind} job with this name already exists (${job.arn})`;
      throw new AwsError('ResourceInUse', message, { status: 400, members: { Message: message } });
    }
    await tagStore.add(job.arn, job.request.Tags);
    runner.submit(store.get(job.kind, job.name) ?? job);
  };
  const find = (kind: JobKind, name: string | undefined): JobRecord => {
    const job = store.get(kind, name ?? '');
    if (job === undefined)
      throw validationError(
        kind === 'training' ? 'Requested resource not found.' : `Could not find requested job with name: ${name}`,
      );
    return job;
  };
  const stop = async (kind: JobKind, name: string | undefined): Promise<object> => {
    const job = find(kind, name);
    if (isOver(job.status)) throw validationError(`The request was rejected because the ${kind} job is in status ${job.status}.`);
    if (job.status !== 'Stopping') await runner.requestStop(job);
    return {};
  };
  return { cloud, store, fresh, begin, find, stop, runner };
}
type JobsScope = ReturnType<typeof jobsScope>;

async function requireData(cloud: Cloud, input: Sdk.CreateTrainingJobCommandInput): Promise<void> {
  const files = new S3Files(cloud, jobCaller(cloud, input.RoleArn ?? ''));
  for (const channel of input.InputDataConfig ?? []) {
    const uri = channel.DataSource?.S3DataSource?.S3Uri ?? '';
    if (await files.exists(uri).catch(() => false)) continue;
    throw validationError(
      `No S3 objects found under S3 URL "${uri}" given in input data source. Please ensure that the bucket exists in the selected region (${cloud.region}), that objects exist under that S3 prefix, and that the role "${input.RoleArn}" has "s3:ListBucket" permissions on bucket "${parseS3Uri(uri).bucket}".`,
    );
  }
}

function list<S>(
  store: JobStore,
  kind: JobKind,
  input: Sdk.ListTrainingJobsCommandInput & Sdk.ListProcessingJobsCommandInput,
  summarize: (job: JobRecord) => S,
): { found: readonly S[]; next: { NextToken?: string } } {
  const keys = {
    Name: (job: JobRecord) => job.name,
    Status: (job: JobRecord) => job.status,
    CreationTime: (job: JobRecord) => job.created,
  };
  const key = keys[input.SortBy ?? 'CreationTime'];
  const sign = input.SortOrder === 'Ascending' ? 1 : -1;
  const fits = store
    .all(kind)
    .filter((job) => job.name.includes(input.NameContains ?? '') && inTime(job, input))
    .filter((job) => input.StatusEquals === undefined || job.status === input.StatusEquals)
    .sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
  const { items, next } = page(fits, input);
  return { found: items.map(summarize), next };
}

async function createTrainingJob({ cloud, fresh, begin }: JobsScope, input: Sdk.CreateTrainingJobCommandInput) {
  checkTraining(input);
  await requireData(cloud, input);
  const base = fresh('training', input.TrainingJobName ?? '');
  await begin({ ...base, kind: 'training', request: input });
  return { TrainingJobArn: base.arn };
}

async function createProcessingJob({ fresh, begin }: JobsScope, input: Sdk.CreateProcessingJobCommandInput) {
  checkProcessing(input);
  const base = fresh('processing', input.ProcessingJobName ?? '');
  await begin({ ...base, kind: 'processing', request: input });
  return { ProcessingJobArn: base.arn };
}

function listTrainingJobs({ store }: JobsScope, input: Sdk.ListTrainingJobsCommandInput) {
  const { found, next } = list(store, 'training', input as never, (job) => summarizeTraining(job as TrainingJob));
  return { TrainingJobSummaries: found, ...next };
}

function listProcessingJobs({ store }: JobsScope, input: Sdk.ListProcessingJobsCommandInput) {
  const { found, next } = list(store, 'processing', input as never, (job) => summarizeProcessing(job as ProcessingJob));
  return { ProcessingJobSummaries: found, ...next };
}

/** Training and processing jobs: Python processes under SageMaker's container contract. */
export function jobs(cloud: Cloud, tagStore: TagStore): SageMakerModule {
  const scope = jobsScope(cloud, tagStore);
  const { find, stop, runner } = scope;
  return {
    operations: {
      CreateTrainingJob: (input: Sdk.CreateTrainingJobCommandInput) => createTrainingJob(scope, input),
      CreateProcessingJob: (input: Sdk.CreateProcessingJobCommandInput) => createProcessingJob(scope, input),
      DescribeTrainingJob: (input: Sdk.DescribeTrainingJobCommandInput) =>
        describeTraining(find('training', input.TrainingJobName) as TrainingJob),
      DescribeProcessingJob: (input: Sdk.DescribeProcessingJobCommandInput) =>
        describeProcessing(find('processing', input.ProcessingJobName) as ProcessingJob),
      StopTrainingJob: (input: Sdk.StopTrainingJobCommandInput) => stop('training', input.TrainingJobName),
      StopProcessingJob: (input: Sdk.StopProcessingJobCommandInput) => stop('processing', input.ProcessingJobName),
      ListTrainingJobs: (input: Sdk.ListTrainingJobsCommandInput) => listTrainingJobs(scope, input),
      ListProcessingJobs: (input: Sdk.ListProcessingJobsCommandInput) => listProcessingJobs(scope, input),
    },
    start: () => runner.start(),
    stop: () => runner.stop(),
  };
}
