import {
  CreatePipelineCommand,
  DeletePipelineCommand,
  DescribeModelPackageCommand,
  DescribePipelineExecutionCommand,
  type DescribePipelineExecutionCommandOutput,
  ListModelPackagesCommand,
  ListPipelineExecutionStepsCommand,
  type PipelineExecutionStep,
  StartPipelineExecutionCommand,
  StopPipelineExecutionCommand,
  UpdatePipelineCommand,
} from '@aws-sdk/client-sagemaker';
import { Bench, eventually, IMAGE, ROLE } from '../support';

const get = (path: string) => ({ Get: path });
const join = (on: string, Values: unknown[]) => ({ 'Std:Join': { On: on, Values } });
const TOKEN = 'a-token-of-at-least-thirty-two-characters';
const cluster = { ClusterConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 10 } };

/** Evaluates (the score is a parameter), then registers what is good enough. */
const definition = (script: string) => ({
  Version: '2020-12-01',
  Metadata: {},
  Parameters: [
    { Name: 'Score', Type: 'Float' },
    { Name: 'Least', Type: 'Float', DefaultValue: 0.5 },
  ],
  Steps: [
    {
      Name: 'Evaluate',
      Type: 'Processing',
      Arguments: {
        ProcessingResources: cluster,
        AppSpecification: {
          ImageUri: IMAGE,
          ContainerEntrypoint: ['/bin/bash', '-ec', script, 'job'],
          ContainerArguments: [join('', [get('Parameters.Score')])],
        },
        RoleArn: ROLE,
        ProcessingOutputConfig: {
          Outputs: [
            {
              OutputName: 'report',
              S3Output: {
                S3Uri: join('/', ['s3:/', 'data', get('Execution.PipelineExecutionId')]),
                LocalPath: '/opt/ml/processing/report',
                S3UploadMode: 'EndOfJob',
              },
            },
          ],
        },
      },
      PropertyFiles: [{ PropertyFileName: 'Report', OutputName: 'report', FilePath: 'report.json' }],
      RetryPolicies: [{ ExceptionType: ['Step.SERVICE_FAULT'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 3 }],
    },
    {
      Name: 'Gate',
      Type: 'Condition',
      Arguments: {
        Conditions: [
          {
            Type: 'GreaterThanOrEqualTo',
            LeftValue: { 'Std:JsonGet': { PropertyFile: get('Steps.Evaluate.PropertyFiles.Report'), Path: 'score' } },
            RightValue: get('Parameters.Least'),
          },
        ],
        IfSteps: [
          {
            Name: 'Register',
            Type: 'RegisterModel',
            Arguments: {
              ModelPackageGroupName: 'models',
              ModelApprovalStatus: 'Approved',
              CustomerMetadataProperties: { score: join('', [get('Parameters.Score')]) },
              InferenceSpecification: {
                Containers: [
                  { Image: IMAGE, ModelDataUrl: get("Steps.Evaluate.ProcessingOutputConfig.Outputs['report'].S3Output.S3Uri") },
                ],
                SupportedContentTypes: ['application/json'],
                SupportedResponseMIMETypes: ['application/json'],
              },
            },
          },
        ],
        ElseSteps: [
          {
            Name: 'Refused',
            Type: 'Fail',
            Arguments: { ErrorMessage: join(' ', ['score', get('Parameters.Score'), 'is too low']) },
          },
        ],
      },
    },
  ],
});

const REPORT = 'echo "{\\"score\\": $1}" > /opt/ml/processing/report/report.json';

describe('pipelines', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await Bench.start();
    await bench.sagemaker.send(
      new CreatePipelineCommand({
        PipelineName: 'score',
        RoleArn: ROLE,
        ClientRequestToken: TOKEN,
        PipelineDefinition: JSON.stringify(definition(REPORT)),
      }),
    );
  });

  afterAll(() => bench.stop());

  const start = async (score: string, token = `${TOKEN}-${score}`): Promise<string> => {
    const input = { PipelineName: 'score', ClientRequestToken: token, PipelineParameters: [{ Name: 'Score', Value: score }] };
    const { PipelineExecutionArn = '' } = await bench.sagemaker.send(new StartPipelineExecutionCommand(input));
    return PipelineExecutionArn;
  };
  const over = (arn: string): Promise<DescribePipelineExecutionCommandOutput> =>
    eventually(async () => {
      const execution = await bench.sagemaker.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn: arn }));
      return ['Executing', 'Stopping'].includes(execution.PipelineExecutionStatus ?? '') ? undefined : execution;
    });
  const steps = async (arn: string): Promise<PipelineExecutionStep[]> => {
    const input = { PipelineExecutionArn: arn, SortOrder: 'Ascending' } as const;
    return (await bench.sagemaker.send(new ListPipelineExecutionStepsCommand(input))).PipelineExecutionSteps ?? [];
  };

  it('take the branch of a condition that holds and register a version', async () => {
    const arn = await start('0.75');

    expect(await over(arn)).toMatchObject({ PipelineExecutionStatus: 'Succeeded' });

    expect((await steps(arn)).map(({ StepName, StepStatus, AttemptCount }) => [StepName, StepStatus, AttemptCount])).toEqual([
      ['Evaluate', 'Succeeded', 1],
      ['Gate', 'Succeeded', 1],
      ['Register', 'Succeeded', 1],
    ]);
    const [, gate, register] = await steps(arn);
    expect(gate?.Metadata).toEqual({ Condition: { Outcome: 'True' } });
    const ModelPackageName = register?.Metadata?.RegisterModel?.Arn;
    expect(ModelPackageName).toBe('arn:aws:sagemaker:eu-west-1:000000000000:model-package/models/1');
    expect(await bench.sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName }))).toMatchObject({
      ModelApprovalStatus: 'Approved',
      CustomerMetadataProperties: { score: '0.75' },
      MetadataProperties: { GeneratedBy: arn },
      InferenceSpecification: { Containers: [{ ModelDataUrl: `s3://data/${arn.split('/').at(-1)}` }] },
    });
  });

  it('fail with the message of the Fail step on the other branch', async () => {
    const arn = await start('0.25');

    expect(await over(arn)).toMatchObject({ PipelineExecutionStatus: 'Failed', FailureReason: 'score 0.25 is too low' });

    expect((await steps(arn)).map(({ StepName, StepStatus }) => [StepName, StepStatus])).toEqual([
      ['Evaluate', 'Succeeded'],
      ['Gate', 'Succeeded'],
      ['Refused', 'Failed'],
    ]);
    const { ModelPackageSummaryList } = await bench.sagemaker.send(
      new ListModelPackagesCommand({ ModelPackageGroupName: 'models' }),
    );
    expect(ModelPackageSummaryList).toHaveLength(1);
  });

  it('start once for one token', async () => {
    expect(await start('0.25')).toBe(await start('0.25'));
    await expect(start('0.26', `${TOKEN}-0.25`)).rejects.toThrow('was used for another StartPipelineExecution request');
  });

  it('refuse parameters that do not fit', async () => {
    await expect(start('high')).rejects.toThrow("value 'high' of parameter [Score] is not of type Float");
    const none = new StartPipelineExecutionCommand({ PipelineName: 'score', ClientRequestToken: `${TOKEN}-none` });
    await expect(bench.sagemaker.send(none)).rejects.toThrow('parameter [Score] has no default and was not given');
    await expect(
      bench.sagemaker.send(new StartPipelineExecutionCommand({ PipelineName: 'nobody', ClientRequestToken: TOKEN })),
    ).rejects.toMatchObject({
      name: 'ResourceNotFound',
      message: "Pipeline 'arn:aws:sagemaker:eu-west-1:000000000000:pipeline/nobody' does not exist.",
    });
  });

  it('repeat the step that a restart of the server cut off, and stop on request', async () => {
    const once = `flag=${bench.cloud.stateDir}/second; if [ -e $flag ]; then ${REPORT}; else touch $flag; sleep 60; fi`;
    const PipelineDefinition = JSON.stringify(definition(once));
    await bench.sagemaker.send(new UpdatePipelineCommand({ PipelineName: 'score', PipelineDefinition }));
    const arn = await start('0.9');
    const flag = `${bench.cloud.stateDir}/second`;
    const { existsSync, rmSync } = await import('node:fs');
    await eventually(async () => (existsSync(flag) ? true : undefined));
    const busy = new DeletePipelineCommand({ PipelineName: 'score', ClientRequestToken: TOKEN });
    await expect(bench.sagemaker.send(busy)).rejects.toThrow('cannot be deleted while an execution is running');

    await bench.restart();

    expect(await over(arn)).toMatchObject({ PipelineExecutionStatus: 'Succeeded' });
    expect((await steps(arn))[0]).toMatchObject({ StepName: 'Evaluate', AttemptCount: 2 });
    rmSync(flag);
    const slow = await start('0.8');
    await eventually(async () => (existsSync(flag) ? true : undefined));
    await bench.sagemaker.send(new StopPipelineExecutionCommand({ PipelineExecutionArn: slow, ClientRequestToken: TOKEN }));
    expect(await over(slow)).toMatchObject({ PipelineExecutionStatus: 'Stopped' });
    expect((await steps(slow)).map(({ StepName, StepStatus }) => [StepName, StepStatus])).toEqual([['Evaluate', 'Stopped']]);
  });
});
