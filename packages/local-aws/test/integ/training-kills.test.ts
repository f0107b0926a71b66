import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreatePipelineCommand,
  DescribeModelPackageCommand,
  DescribePipelineExecutionCommand,
  ListModelPackagesCommand,
  ListPipelineExecutionStepsCommand,
  ListPipelineExecutionsCommand,
  ListTrainingJobsCommand,
  SageMakerClient,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-sagemaker';
import { KilledCloud } from './killed-cloud';
import { eventually, limitOf, orphans, planOf, underKills } from './killing';

const IMAGE = '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:3.0-5';
const PLAN = planOf('TRAINING_KILLS', 2, 1800, 0.3);
/** Bytes of the model, enough for an upload to be cut in its middle. */
const MODEL_BYTES = 3_000_000;
/** Leaves a process behind, as loaders of data do: it ends with the job, and with the server that was killed over it. */
const TRAIN = `
import os, pathlib, random, subprocess
subprocess.Popen(['sleep', '60'])
rows = (pathlib.Path(os.environ['SM_CHANNEL_TRAIN']) / 'rows.txt').read_text()
(pathlib.Path(os.environ['SM_MODEL_DIR']) / 'model.bin').write_bytes(rows.encode() + random.Random(1).randbytes(${MODEL_BYTES}))
`;
const PREPARE =
  'mkdir -p /opt/ml/processing/output/rows; tr a-z A-Z < /opt/ml/processing/input/rows/rows.txt > /opt/ml/processing/output/rows/rows.txt';

let cloud: KilledCloud;
const acknowledged = new Map<number, string>();

const sagemaker = (): SageMakerClient => cloud.client(SageMakerClient);
const s3 = (): S3Client => cloud.client(S3Client);
const cluster = { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 };
const input = (name: string, uri: unknown): object => ({
  S3Input: { S3Uri: uri, LocalPath: `/opt/ml/processing/input/${name}`, S3DataType: 'S3Prefix' },
  InputName: name,
});
const retried = {
  RetryPolicies: [{ ExceptionType: ['SageMaker.JOB_INTERNAL_ERROR'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 20 }],
};
const rowsOf = { 'Std:Join': { On: '/', Values: ['s3://data/rows', { Get: 'Execution.PipelineExecutionId' }] } };

function definition(RoleArn: string): string {
  const Prepare = {
    Name: 'Prepare',
    Type: 'Processing',
    ...retried,
    Arguments: {
      ProcessingResources: { ClusterConfig: cluster },
      AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint: ['/bin/bash', '-ec', PREPARE] },
      RoleArn,
      ProcessingInputs: [input('rows', 's3://data/source/')],
      ProcessingOutputConfig: {
        Outputs: [
          {
            OutputName: 'rows',
            S3Output: { S3Uri: rowsOf, LocalPath: '/opt/ml/processing/output/rows', S3UploadMode: 'EndOfJob' },
          },
        ],
      },
    },
  };
  const Train = {
    Name: 'Train',
    Type: 'Training',
    DependsOn: ['Prepare'],
    ...retried,
    Arguments: {
      AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' },
      HyperParameters: { sagemaker_program: '"train.py"', sagemaker_submit_directory: '"s3://data/code/source.tar.gz"' },
      InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: rowsOf } } }],
      OutputDataConfig: { S3OutputPath: 's3://data/models' },
      ResourceConfig: cluster,
      StoppingCondition: { MaxRuntimeInSeconds: 60 },
      RoleArn,
    },
  };
  const ModelDataUrl = { Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' };
  const Register = {
    Name: 'Register',
    Type: 'RegisterModel',
    Arguments: {
      ModelPackageGroupName: 'models',
      InferenceSpecification: {
        Containers: [{ Image: IMAGE, ModelDataUrl }],
        SupportedContentTypes: ['text/csv'],
        SupportedResponseMIMETypes: ['text/csv'],
      },
    },
  };
  return JSON.stringify({ Version: '2020-12-01', Steps: [Prepare, Train, Register] });
}

function source(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'source-'));
  writeFileSync(join(folder, 'train.py'), TRAIN);
  const archive = execFileSync('tar', ['-czf', '-', '-C', folder, 'train.py']);
  rmSync(folder, { recursive: true });
  return archive;
}

beforeAll(async () => {
  cloud = await KilledCloud.start();
  const RoleArn = await cloud.role('job', 'sagemaker');
  await s3().send(new CreateBucketCommand({ Bucket: 'data' }));
  await s3().send(new PutObjectCommand({ Bucket: 'data', Key: 'code/source.tar.gz', Body: source() }));
  await s3().send(new PutObjectCommand({ Bucket: 'data', Key: 'source/rows.txt', Body: 'alpha' }));
  const PipelineDefinition = definition(RoleArn);
  await sagemaker().send(
    new CreatePipelineCommand({ PipelineName: 'train', RoleArn, PipelineDefinition, ClientRequestToken: 'p'.repeat(32) }),
  );
});
afterAll(() => cloud.stop());

const begin = async (round: number): Promise<string> => {
  const ClientRequestToken = `round-${round}`.padEnd(32, '-');
  const answer = await sagemaker().send(new StartPipelineExecutionCommand({ PipelineName: 'train', ClientRequestToken }));
  return answer.PipelineExecutionArn ?? '';
};

async function work(round: number): Promise<void> {
  const arn = await begin(round).catch(() => undefined);
  if (arn !== undefined) acknowledged.set(round, arn);
}

async function checkExecution(PipelineExecutionArn: string): Promise<void> {
  const execution = await eventually(async () => {
    const found = await sagemaker().send(new DescribePipelineExecutionCommand({ PipelineExecutionArn }));
    return found.PipelineExecutionStatus === 'Executing' ? undefined : found;
  });
  const steps = await sagemaker().send(new ListPipelineExecutionStepsCommand({ PipelineExecutionArn, SortOrder: 'Ascending' }));
  expect([
    execution.PipelineExecutionStatus,
    ...(steps.PipelineExecutionSteps ?? []).map(({ StepName, StepStatus }) => `${StepName} ${StepStatus}`),
  ]).toEqual(['Succeeded', 'Prepare Succeeded', 'Train Succeeded', 'Register Succeeded']);
}

/** Each execution has one package of its own, whose artefact is whole. */
async function checkPackages(count: number): Promise<void> {
  const { ModelPackageSummaryList = [] } = await sagemaker().send(
    new ListModelPackagesCommand({ ModelPackageGroupName: 'models', MaxResults: 100, SortOrder: 'Descending' }),
  );
  expect(ModelPackageSummaryList).toHaveLength(Math.min(count, 100));
  const [last] = ModelPackageSummaryList;
  const made = await sagemaker().send(new DescribeModelPackageCommand({ ModelPackageName: last?.ModelPackageArn }));
  expect(made.ModelPackageVersion).toBe(count);
  const url = made.InferenceSpecification?.Containers?.[0]?.ModelDataUrl ?? '';
  const { Body } = await s3().send(new GetObjectCommand({ Bucket: 'data', Key: url.replace('s3://data/', '') }));
  const archive = gunzipSync(Buffer.from((await Body?.transformToByteArray()) ?? []));
  expect(archive.includes('ALPHA')).toBe(true);
  expect(archive.length).toBeGreaterThan(MODEL_BYTES);
}

async function check(round: number): Promise<void> {
  expect(orphans(cloud.stateDir, cloud.pid)).toEqual([]);
  const arn = await begin(round);
  expect(acknowledged.get(round) ?? arn).toBe(arn);
  await checkExecution(arn);
  const { PipelineExecutionSummaries } = await sagemaker().send(
    new ListPipelineExecutionsCommand({ PipelineName: 'train', MaxResults: 100 }),
  );
  expect(PipelineExecutionSummaries).toHaveLength(Math.min(round + 1, 100));
  await checkPackages(round + 1);
  const { TrainingJobSummaries = [] } = await sagemaker().send(new ListTrainingJobsCommand({ StatusEquals: 'InProgress' }));
  expect(TrainingJobSummaries).toEqual([]);
  expect(orphans(cloud.stateDir, cloud.pid)).toEqual([]);
}

test(
  `a training pipeline that is killed ${PLAN.kills} times ends each time with one model, and leaves no process behind`,
  async () => {
    await underKills(cloud, PLAN, { work, check });
  },
  limitOf(PLAN),
);
