import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateProcessingJobCommand,
  type CreateProcessingJobCommandInput,
  CreateTrainingJobCommand,
  type CreateTrainingJobCommandInput,
  DescribeProcessingJobCommand,
  type DescribeProcessingJobCommandOutput,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobCommandOutput,
  ListTrainingJobsCommand,
  StopProcessingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { Bench, eventually, IMAGE, ROLE } from '../support';

const TRAIN = `
import argparse, json, os, pathlib
parser = argparse.ArgumentParser()
parser.add_argument('--depth', type=int)
parser.add_argument('--name')
options = parser.parse_args()
rows = sorted(path.name for path in pathlib.Path(os.environ['SM_CHANNEL_TRAIN']).iterdir())
model = pathlib.Path(os.environ['SM_MODEL_DIR'])
(model / 'code').mkdir()
(model / 'code' / 'inference.py').write_text('pass')
(model / 'model.json').write_text(json.dumps({'depth': options.depth, 'name': options.name, 'rows': rows, 'hps': json.loads(os.environ['SM_HPS'])}))
print('validation-auc=0.5')
print('validation-auc=0.75')
`;

const PREPARE = `
import os, pathlib, sys
source, target, message = map(pathlib.Path, sys.argv[1:4])
if sys.argv[4] == 'fail':
    message.write_text('prepare: no rows in range')
    sys.exit(3)
(target / 'deep').mkdir(parents=True, exist_ok=True)
(target / 'deep' / 'rows.txt').write_text((source / 'a.txt').read_text().upper() + os.environ['AWS_ENDPOINT_URL'])
`;

describe('jobs', () => {
  let bench: Bench;
  let source: string;

  beforeAll(async () => {
    bench = await Bench.start();
    source = await bench.putSource('code/source.tar.gz', { 'train.py': TRAIN, 'prepare.py': PREPARE });
    await bench.put('rows/train/a.txt', 'alpha');
    await bench.put('rows/train/b.txt', 'beta');
  });

  afterAll(() => bench.stop());

  const training = (name: string): CreateTrainingJobCommandInput => ({
    TrainingJobName: name,
    RoleArn: ROLE,
    AlgorithmSpecification: {
      TrainingInputMode: 'File',
      TrainingImage: IMAGE,
      MetricDefinitions: [{ Name: 'validation:auc', Regex: 'validation-auc=([0-9.]+)' }],
    },
    HyperParameters: {
      depth: '6',
      name: '"flight"',
      sagemaker_program: '"train.py"',
      sagemaker_submit_directory: JSON.stringify(source),
    },
    InputDataConfig: [
      { ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/rows/train' } } },
    ],
    OutputDataConfig: { S3OutputPath: 's3://data/models' },
    ResourceConfig: { InstanceCount: 1, InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 10 },
    StoppingCondition: { MaxRuntimeInSeconds: 60 },
  });

  const processing = (name: string, mode: string, script?: string): CreateProcessingJobCommandInput => ({
    ProcessingJobName: name,
    RoleArn: ROLE,
    AppSpecification: {
      ImageUri: IMAGE,
      ContainerEntrypoint: [
        '/bin/bash',
        '-ec',
        script ?? 'cd /opt/ml/processing/code; tar -xzf /opt/ml/processing/code/*.tar.gz; exec python3 prepare.py "$@"',
        'job',
      ],
      ContainerArguments: ['/opt/ml/processing/input/rows', '/opt/ml/processing/output/rows', '/opt/ml/output/message', mode],
    },
    ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 10 } },
    ProcessingInputs: [
      { InputName: 'code', S3Input: { S3Uri: source, LocalPath: '/opt/ml/processing/code', S3DataType: 'S3Prefix' } },
      {
        InputName: 'rows',
        S3Input: { S3Uri: 's3://data/rows/train/', LocalPath: '/opt/ml/processing/input/rows', S3DataType: 'S3Prefix' },
      },
    ],
    ProcessingOutputConfig: {
      Outputs: [
        {
          OutputName: 'rows',
          S3Output: { S3Uri: `s3://data/out/${name}`, LocalPath: '/opt/ml/processing/output/rows', S3UploadMode: 'EndOfJob' },
        },
      ],
    },
  });

  const trained = (name: string): Promise<DescribeTrainingJobCommandOutput> =>
    eventually(async () => {
      const job = await bench.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
      return job.TrainingJobStatus === 'InProgress' ? undefined : job;
    });
  const processed = (name: string): Promise<DescribeProcessingJobCommandOutput> =>
    eventually(async () => {
      const job = await bench.sagemaker.send(new DescribeProcessingJobCommand({ ProcessingJobName: name }));
      return ['InProgress', 'Stopping'].includes(job.ProcessingJobStatus ?? '') ? undefined : job;
    });

  it('train in script mode and leave the same archive for the same training', async () => {
    await bench.sagemaker.send(new CreateTrainingJobCommand(training('one')));
    await bench.sagemaker.send(new CreateTrainingJobCommand(training('two')));

    const [one, two] = await Promise.all([trained('one'), trained('two')]);

    expect(one).toMatchObject({
      TrainingJobStatus: 'Completed',
      SecondaryStatus: 'Completed',
      ModelArtifacts: { S3ModelArtifacts: 's3://data/models/one/output/model.tar.gz' },
      FinalMetricDataList: [{ MetricName: 'validation:auc', Value: 0.75 }],
    });
    expect(one.SecondaryStatusTransitions?.map(({ Status }) => Status)).toEqual([
      'Starting',
      'Downloading',
      'Training',
      'Uploading',
      'Completed',
    ]);
    expect(two.TrainingJobStatus).toBe('Completed');
    expect(await bench.get('models/one/output/model.tar.gz')).toEqual(await bench.get('models/two/output/model.tar.gz'));
    const listed = await bench.sagemaker.send(new ListTrainingJobsCommand({ SortBy: 'Name', SortOrder: 'Ascending' }));
    expect(listed.TrainingJobSummaries?.map(({ TrainingJobName }) => TrainingJobName)).toEqual(['one', 'two']);
  });

  it('write the output of the script to the log group of the kind', async () => {
    const credentials = await bench.cloud.identities.root();
    const logs = new CloudWatchLogsClient({ endpoint: bench.cloud.endpoint, region: 'eu-west-1', credentials });

    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/sagemaker/TrainingJobs' }));

    expect(events?.map(({ message }) => message)).toContain('validation-auc=0.75');
    expect(events?.[0]?.logStreamName).toMatch(/^(one|two)\/algo-1-\d+$/);
  });

  it('process inputs to outputs with /opt/ml mapped to a folder of their own', async () => {
    await bench.sagemaker.send(new CreateProcessingJobCommand(processing('prepare', 'ok')));

    expect(await processed('prepare')).toMatchObject({ ProcessingJobStatus: 'Completed' });

    expect((await bench.get('out/prepare/deep/rows.txt')).toString()).toBe(`ALPHA${bench.cloud.endpoint}`);
  });

  it('tell the exit message of a failed script', async () => {
    await bench.sagemaker.send(new CreateProcessingJobCommand(processing('broken', 'fail')));

    expect(await processed('broken')).toMatchObject({
      ProcessingJobStatus: 'Failed',
      ExitMessage: 'prepare: no rows in range',
      FailureReason: 'AlgorithmError: prepare: no rows in range, exit code: 3',
    });
  });

  it('stop on request, and at the end of their time', async () => {
    await bench.sagemaker.send(new CreateProcessingJobCommand(processing('stopped', 'ok', 'sleep 60')));
    const late = { ...processing('late', 'ok', 'sleep 60'), StoppingCondition: { MaxRuntimeInSeconds: 1 } };
    await bench.sagemaker.send(new CreateProcessingJobCommand(late));
    await bench.sagemaker.send(new StopProcessingJobCommand({ ProcessingJobName: 'stopped' }));

    expect((await processed('stopped')).ProcessingJobStatus).toBe('Stopped');
    expect(await processed('late')).toMatchObject({
      ProcessingJobStatus: 'Stopped',
      FailureReason: expect.stringContaining('MaxRuntimeExceeded'),
    });
  });

  it('refuse an image that the local AWS does not run', async () => {
    const input = processing('foreign', 'ok');
    const foreign = { ...input, AppSpecification: { ...input.AppSpecification, ImageUri: 'example/pytorch:1' } };
    await bench.sagemaker.send(new CreateProcessingJobCommand(foreign as CreateProcessingJobCommandInput));

    expect((await processed('foreign')).FailureReason).toBe(
      "ClientError: the local AWS runs sagemaker-xgboost images only (by its Python environment); given 'example/pytorch:1'",
    );
  });

  it('refuse a key for a disk that the instance encrypts itself', async () => {
    const resources = { InstanceCount: 1, InstanceType: 'ml.g5.xlarge' as const, VolumeSizeInGB: 10, VolumeKmsKeyId: 'alias/k' };
    const message = 'VolumeKmsKeyId is not supported for instance type ml.g5.xlarge';

    await expect(
      bench.sagemaker.send(new CreateTrainingJobCommand({ ...training('disk'), ResourceConfig: resources })),
    ).rejects.toThrow(message);
    await expect(
      bench.sagemaker.send(
        new CreateProcessingJobCommand({ ...processing('disk', 'ok'), ProcessingResources: { ClusterConfig: resources } }),
      ),
    ).rejects.toThrow(message);
  });

  it('are told the region by AWS_REGION alone, as in an account: what boto3 reads, a request must give', async () => {
    const script = '[ "$AWS_REGION" = eu-west-1 ] && [ "${AWS_DEFAULT_REGION-none}" = "$0" ]';
    const asked = (name: string, given: string | undefined) => {
      const input = processing(name, 'ok', script);
      const ContainerEntrypoint = ['/bin/bash', '-ec', script, given ?? 'none'];
      return {
        ...input,
        AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint },
        ...(given === undefined ? {} : { Environment: { AWS_DEFAULT_REGION: given } }),
      };
    };
    await bench.sagemaker.send(new CreateProcessingJobCommand(asked('no-region', undefined)));
    await bench.sagemaker.send(new CreateProcessingJobCommand(asked('region', 'eu-west-1')));

    expect(await processed('no-region')).toMatchObject({ ProcessingJobStatus: 'Completed' });
    expect(await processed('region')).toMatchObject({ ProcessingJobStatus: 'Completed' });
  });

  it('answer bad requests with errors of AWS', async () => {
    const send = (changes: Partial<CreateTrainingJobCommandInput>) =>
      bench.sagemaker.send(new CreateTrainingJobCommand({ ...training('three'), ...changes }));

    await expect(send({ TrainingJobName: 'one' })).rejects.toMatchObject({
      name: 'ResourceInUse',
      message: expect.stringContaining('Training job names must be unique within an AWS account and region'),
    });
    await expect(send({ EnableManagedSpotTraining: true })).rejects.toThrow(
      'The local AWS does not support EnableManagedSpotTraining in CreateTrainingJob',
    );
    const empty = {
      ChannelName: 'train',
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/none' } },
    } as const;
    await expect(send({ InputDataConfig: [empty] })).rejects.toThrow('No S3 objects found under S3 URL "s3://data/none"');
    await expect(bench.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'nobody' }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Requested resource not found.',
    });
  });

  it('have failed by the fault of the service when the server ends under them', async () => {
    await bench.sagemaker.send(new CreateProcessingJobCommand(processing('cut-off', 'ok', 'sleep 60')));

    await bench.restart();

    expect(await processed('cut-off')).toMatchObject({
      ProcessingJobStatus: 'Failed',
      FailureReason: 'InternalServerError: We encountered an internal error. Please try again.',
    });
  });
});
