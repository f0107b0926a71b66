import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder } from '../s3-files';
import { pack, unpack } from './archive';
import { isKnownImage, jobEnvironment, unknownImage } from './environment';
import type { ProcessEnd } from './job-process';
import type { JobOutcome, TrainingJob } from './records';
import type { JobRun } from './run';
import { inputDataConfig, resourceConfig, type Script, scriptOf, scriptVariables } from './script-mode';

const DEFAULT_LIMIT_S = 86_400;
const FAILURE_CHARACTERS = 1024;

async function prepare(run: JobRun, job: TrainingJob, script: Script): Promise<string> {
  const { optMl, files, log } = run.options;
  const { request } = job;
  const channels = request.InputDataConfig ?? [];
  const config = optMl.folderAt('input', 'config');
  const write = (name: string, value: object): void => writeFileSync(join(config, name), JSON.stringify(value));
  write('hyperparameters.json', request.HyperParameters ?? {});
  write('inputdataconfig.json', inputDataConfig(channels));
  write('resourceconfig.json', resourceConfig(request.ResourceConfig?.InstanceType ?? ''));
  for (const folder of ['model', 'output/data', 'output/intermediate']) optMl.folderAt(folder);
  for (const channel of channels) {
    const folder = optMl.folderAt('input', 'data', channel.ChannelName ?? '');
    await files.download(channel.DataSource?.S3DataSource?.S3Uri ?? '', folder);
    run.checkpoint();
  }
  const code = optMl.folderAt('code');
  if (script.source.startsWith('s3://')) await unpack(await files.read(script.source), code);
  if (existsSync(join(code, 'requirements.txt')))
    log.line('The local AWS installs no requirements.txt: its Python environment holds what jobs may import.');
  return script.source.startsWith('s3://') ? code : optMl.map(script.source);
}

/** Packs and uploads the model, also of a job that was stopped, and the output data if there is any. */
async function upload(run: JobRun, job: TrainingJob): Promise<string> {
  const { optMl, files } = run.options;
  const output = job.request.OutputDataConfig;
  const prefix = `${(output?.S3OutputPath ?? '').replace(/\/+$/, '')}/${job.name}/output`;
  await files.put(`${prefix}/model.tar.gz`, await pack(optMl.path('model')), output?.KmsKeyId);
  const data = optMl.path('output', 'data');
  if ((await filesUnder(data)).length > 0) await files.put(`${prefix}/output.tar.gz`, await pack(data), output?.KmsKeyId);
  return `${prefix}/model.tar.gz`;
}

function failure(run: JobRun, script: Script, end: ProcessEnd): string {
  const path = run.options.optMl.path('output', 'failure');
  if (existsSync(path)) return `AlgorithmError: ${readFileSync(path, 'utf8')}`;
  const command = ['python3', '-m', script.program.replace(/\.py$/, ''), ...script.arguments].join(' ');
  const code = end.code ?? `128 (${end.signal})`;
  const message = run.options.log.errors.join('\n').slice(-600);
  return `AlgorithmError: ExecuteUserScriptError:\nExitCode ${code}\nErrorMessage "${message}"\nCommand "${command}", exit code: ${code}`;
}

/** A training job in the script mode of the managed image. */
export async function runTraining(run: JobRun, job: TrainingJob): Promise<JobOutcome> {
  const { cloud, optMl } = run.options;
  const { request } = job;
  const image = request.AlgorithmSpecification?.TrainingImage;
  if (!isKnownImage(image)) return { status: 'Failed', failureReason: unknownImage(image) };
  const given = request.Environment ?? {};
  const script = scriptOf(request.HyperParameters ?? {}, given);
  if (script === undefined) {
    const failureReason =
      'ClientError: the local AWS trains in script mode only: give sagemaker_program and sagemaker_submit_directory';
    return { status: 'Failed', failureReason };
  }
  await run.options.phase('Downloading');
  const code = await prepare(run, job, script);
  await run.options.phase('Training');
  const own = Object.entries(given).map(([name, value]) => [name, optMl.map(value)]);
  const end = await run.execute({
    command: [
      'python3',
      '-m',
      script.program.replace(/\.py$/, '').replaceAll('/', '.'),
      ...script.arguments.map((part) => optMl.map(part)),
    ],
    cwd: code,
    env: {
      ...scriptVariables(script, optMl, request),
      ...(await jobEnvironment(cloud, request.RoleArn ?? '', optMl.folderAt('tmp'), Object.fromEntries(own))),
      TRAINING_JOB_NAME: job.name,
      TRAINING_JOB_ARN: job.arn,
    },
    maxRuntimeMs: (request.StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_LIMIT_S) * 1000,
  });
  if (end.startFailure !== undefined)
    return { status: 'Failed', failureReason: `AlgorithmError: the script could not start: ${end.startFailure}` };
  if (end.because === 'exit' && end.code !== 0)
    return { status: 'Failed', failureReason: failure(run, script, end).slice(0, FAILURE_CHARACTERS) };
  await run.options.phase('Uploading');
  const artifacts = await upload(run, job);
  if (end.because === 'exit') return { status: 'Completed', artifacts };
  return { status: 'Stopped', artifacts, ...(end.because === 'stop' ? {} : { secondary: 'MaxRuntimeExceeded' }) };
}
