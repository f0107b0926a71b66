import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { JobRecord, Metric, ProcessingJob, TrainingJob } from './records';

const date = (at: number | undefined): Date | undefined => (at === undefined ? undefined : new Date(at));
const seconds = (job: JobRecord): number | undefined =>
  job.started === undefined || job.ended === undefined ? undefined : Math.round((job.ended - job.started) / 1000);

function metric({ name, value, timestamp }: Metric): Sdk.MetricData {
  return { MetricName: name, Value: value, Timestamp: new Date(timestamp) };
}

export function describeTraining(job: TrainingJob): Partial<Sdk.DescribeTrainingJobCommandOutput> {
  const { Tags: _, ...request } = job.request;
  return {
    ...request,
    TrainingJobArn: job.arn,
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondary as Sdk.SecondaryStatus,
    FailureReason: job.failureReason,
    ModelArtifacts: job.artifacts === undefined ? undefined : { S3ModelArtifacts: job.artifacts },
    FinalMetricDataList: job.metrics?.map(metric),
    SecondaryStatusTransitions: job.transitions.map((entry) => ({
      Status: entry.status as Sdk.SecondaryStatus,
      StartTime: new Date(entry.start),
      EndTime: date(entry.end),
      StatusMessage: entry.message,
    })),
    CreationTime: new Date(job.created),
    TrainingStartTime: date(job.started),
    TrainingEndTime: date(job.ended),
    LastModifiedTime: new Date(job.modified),
    TrainingTimeInSeconds: seconds(job),
    BillableTimeInSeconds: seconds(job),
  };
}

export function describeProcessing(job: ProcessingJob): Partial<Sdk.DescribeProcessingJobCommandOutput> {
  const { Tags: _, ...request } = job.request;
  return {
    ...request,
    ProcessingJobArn: job.arn,
    ProcessingJobStatus: job.status,
    FailureReason: job.failureReason,
    ExitMessage: job.exitMessage,
    CreationTime: new Date(job.created),
    ProcessingStartTime: date(job.started),
    ProcessingEndTime: date(job.ended),
    LastModifiedTime: new Date(job.modified),
  };
}

export function describeJob(job: JobRecord): object {
  return job.kind === 'training' ? describeTraining(job) : describeProcessing(job);
}

export function summarizeTraining(job: TrainingJob): Sdk.TrainingJobSummary {
  return {
    TrainingJobName: job.name,
    TrainingJobArn: job.arn,
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondary as Sdk.SecondaryStatus,
    CreationTime: new Date(job.created),
    TrainingEndTime: date(job.ended),
    LastModifiedTime: new Date(job.modified),
  };
}

export function summarizeProcessing(job: ProcessingJob): Sdk.ProcessingJobSummary {
  return {
    ProcessingJobName: job.name,
    ProcessingJobArn: job.arn,
    ProcessingJobStatus: job.status,
    FailureReason: job.failureReason,
    ExitMessage: job.exitMessage,
    CreationTime: new Date(job.created),
    ProcessingEndTime: date(job.ended),
    LastModifiedTime: new Date(job.modified),
  };
}
