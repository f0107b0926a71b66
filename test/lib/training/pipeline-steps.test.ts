import { Aws } from 'aws-cdk-lib';
import {
  fromPropertyFile,
  get,
  inputPath,
  join,
  outputOf,
  outputPath,
  type ProcessingStep,
  parameter,
  processingStep,
  RETRIES,
} from '../../../lib/training/pipeline-steps';

const STEP: ProcessingStep = {
  name: 'Score',
  image: 'an-image',
  role: 'a-role',
  instanceType: 'ml.m5.xlarge',
  volumeGiB: 10,
  key: 'a-key',
  source: 's3://code/source.gz',
  script: 'score.py',
  arguments: ['--from', parameter('From')],
  inputs: { rows: get('Steps.Before.Output') },
  outputs: { report: 's3://bucket/report' },
  maxRuntimeSeconds: 60,
};

test('references are written as the service resolves them', () => {
  expect(parameter('Reason')).toEqual({ Get: 'Parameters.Reason' });
  expect(get('Execution.PipelineExecutionId')).toEqual({ Get: 'Execution.PipelineExecutionId' });
  expect(join('/', ['a', parameter('B')])).toEqual({ 'Std:Join': { On: '/', Values: ['a', { Get: 'Parameters.B' }] } });
  expect(outputOf('Score', 'report')).toEqual({
    Get: "Steps.Score.ProcessingOutputConfig.Outputs['report'].S3Output.S3Uri",
  });
  expect(fromPropertyFile('Score', 'Verdict', 'a.b')).toEqual({
    'Std:JsonGet': { PropertyFile: { Get: 'Steps.Score.PropertyFiles.Verdict' }, Path: 'a.b' },
  });
});

test('a processing job unpacks its sources and becomes its script', () => {
  expect(processingStep(STEP)).toMatchObject({
    Name: 'Score',
    Type: 'Processing',
    Arguments: {
      AppSpecification: {
        ImageUri: 'an-image',
        ContainerEntrypoint: [
          '/bin/bash',
          '-ec',
          'tar -xzf /opt/ml/processing/code/*.gz -C /opt/ml/processing/code; exec python3 /opt/ml/processing/code/score.py "$@"',
          'job',
        ],
        ContainerArguments: ['--from', { Get: 'Parameters.From' }],
      },
      RoleArn: 'a-role',
      StoppingCondition: { MaxRuntimeInSeconds: 60 },
    },
  });
});

test('volumes and outputs are encrypted', () => {
  expect(processingStep(STEP).Arguments).toMatchObject({
    ProcessingResources: {
      ClusterConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 10, VolumeKmsKeyId: 'a-key' },
    },
    ProcessingOutputConfig: { KmsKeyId: 'a-key' },
  });
});

test('a disk of the instance has a key of its own, and SageMaker refuses another', () => {
  const step = processingStep({ ...STEP, instanceType: 'ml.g5.xlarge' });

  expect(step.Arguments).toHaveProperty('ProcessingResources.ClusterConfig', {
    InstanceType: 'ml.g5.xlarge',
    InstanceCount: 1,
    VolumeSizeInGB: 10,
  });
});

test('boto3 knows the region, which not every container tells it', () => {
  expect(processingStep(STEP).Arguments).toMatchObject({ Environment: { AWS_DEFAULT_REGION: Aws.REGION } });
});

test('inputs and outputs lie where the script is told to look', () => {
  expect([inputPath('rows'), outputPath('report')]).toEqual([
    '/opt/ml/processing/input/rows',
    '/opt/ml/processing/output/report',
  ]);
  expect(processingStep(STEP).Arguments).toMatchObject({
    ProcessingInputs: [
      { InputName: 'code', S3Input: { S3Uri: 's3://code/source.gz', LocalPath: '/opt/ml/processing/code' } },
      { InputName: 'rows', S3Input: { S3Uri: { Get: 'Steps.Before.Output' }, LocalPath: inputPath('rows') } },
    ],
    ProcessingOutputConfig: {
      Outputs: [
        {
          OutputName: 'report',
          S3Output: { S3Uri: 's3://bucket/report', LocalPath: outputPath('report'), S3UploadMode: 'EndOfJob' },
        },
      ],
    },
  });
});

test('a job has a network and property files only where it is given some', () => {
  const network = { VpcConfig: { Subnets: ['subnet-1'] } };
  const propertyFiles = [{ PropertyFileName: 'Verdict', OutputName: 'report', FilePath: 'verdict.json' }];

  expect(processingStep(STEP).Arguments).not.toHaveProperty('NetworkConfig');
  expect(processingStep(STEP)).not.toHaveProperty('PropertyFiles');
  expect(processingStep({ ...STEP, network, propertyFiles })).toMatchObject({
    Arguments: { NetworkConfig: network },
    PropertyFiles: propertyFiles,
  });
});

test('faults of the service and lack of capacity are tried again, faults of the code are not', () => {
  expect(processingStep(STEP).RetryPolicies).toBe(RETRIES);
  expect(RETRIES).toEqual([
    { ExceptionType: ['Step.SERVICE_FAULT', 'Step.THROTTLING'], IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 5 },
    {
      ExceptionType: ['SageMaker.CAPACITY_ERROR', 'SageMaker.RESOURCE_LIMIT'],
      IntervalSeconds: 60,
      BackoffRate: 2,
      MaxAttempts: 5,
    },
  ]);
});
