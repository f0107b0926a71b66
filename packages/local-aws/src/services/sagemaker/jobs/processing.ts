import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isKnownImage, jobEnvironment, unknownImage } from './environment';
import type { JobOutcome, ProcessingJob } from './records';
import type { JobRun } from './run';

const DEFAULT_LIMIT_S = 86_400;
const MESSAGE_BYTES = 1024;

/** The path of a container's `/opt/ml/...` on this machine. */
function localPath(run: JobRun, path: string | undefined): string {
  return run.options.optMl.folderAt((path ?? '').replace(/^\/opt\/ml\/?/, ''));
}

async function prepare(run: JobRun, job: ProcessingJob): Promise<JobOutcome | undefined> {
  const { optMl, files } = run.options;
  const config = optMl.folderAt('config');
  const shown = { ...job.request, ProcessingJobArn: job.arn };
  writeFileSync(join(config, 'processingjobconfig.json'), JSON.stringify(shown));
  writeFileSync(join(config, 'resourceconfig.json'), JSON.stringify({ current_host: 'algo-1', hosts: ['algo-1'] }));
  optMl.folderAt('output');
  for (const { S3Output } of job.request.ProcessingOutputConfig?.Outputs ?? []) localPath(run, S3Output?.LocalPath);
  for (const { S3Input } of job.request.ProcessingInputs ?? []) {
    const uri = S3Input?.S3Uri ?? '';
    if ((await files.download(uri, localPath(run, S3Input?.LocalPath))) === 0)
      return { status: 'Failed', failureReason: `ClientError: Data download failed: No S3 objects found under S3 URL "${uri}"` };
    run.checkpoint();
  }
  return undefined;
}

/** Uploads what lies in the outputs' folders: also after a failure, so that what was written can be looked at. */
async function upload(run: JobRun, job: ProcessingJob): Promise<void> {
  const output = job.request.ProcessingOutputConfig;
  for (const { S3Output } of output?.Outputs ?? [])
    await run.options.files.upload(localPath(run, S3Output?.LocalPath), S3Output?.S3Uri ?? '', output?.KmsKeyId);
}

function exitMessage(run: JobRun): string | undefined {
  const path = run.options.optMl.path('output', 'message');
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path).subarray(0, MESSAGE_BYTES).toString('utf8').trim();
  return text === '' ? undefined : text;
}

/** A processing job: inputs from S3, the given entry point, outputs to S3 at its end. */
export async function runProcessing(run: JobRun, job: ProcessingJob): Promise<JobOutcome> {
  const { cloud, optMl } = run.options;
  const { request } = job;
  const application = request.AppSpecification;
  if (!isKnownImage(application?.ImageUri)) return { status: 'Failed', failureReason: unknownImage(application?.ImageUri) };
  await run.options.phase('Downloading');
  const missing = await prepare(run, job);
  if (missing !== undefined) return missing;
  const given = Object.entries(request.Environment ?? {}).map(([name, value]) => [name, optMl.map(value)]);
  const end = await run.execute({
    command: [...(application?.ContainerEntrypoint ?? []), ...(application?.ContainerArguments ?? [])].map((part) =>
      optMl.map(part),
    ),
    cwd: optMl.root,
    env: {
      ...(await jobEnvironment(cloud, request.RoleArn ?? '', optMl.folderAt('tmp'), Object.fromEntries(given))),
      PROCESSING_JOB_NAME: job.name,
      PROCESSING_JOB_ARN: job.arn,
    },
    maxRuntimeMs: (request.StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_LIMIT_S) * 1000,
  });
  if (end.startFailure !== undefined)
    return { status: 'Failed', failureReason: `AlgorithmError: the entry point could not start: ${end.startFailure}` };
  await upload(run, job);
  const message = exitMessage(run);
  const told = message === undefined ? {} : { exitMessage: message };
  if (end.because !== 'exit') return { status: 'Stopped', ...(end.because === 'stop' ? {} : maxRuntime()), ...told };
  if (end.code === 0) return { status: 'Completed', ...told };
  const code = end.code === undefined ? `signal: ${end.signal}` : `exit code: ${end.code}`;
  return {
    status: 'Failed',
    failureReason: `AlgorithmError: ${message ?? 'See job logs for more information'}, ${code}`,
    ...told,
  };
}

function maxRuntime(): Pick<JobOutcome, 'secondary' | 'failureReason'> {
  return {
    secondary: 'MaxRuntimeExceeded',
    failureReason: 'MaxRuntimeExceeded: the job ran longer than StoppingCondition.MaxRuntimeInSeconds',
  };
}
