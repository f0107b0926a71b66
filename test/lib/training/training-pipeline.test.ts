import { exampleTemplates } from '../../support/example-templates';
import { PLACEMENT } from '../../support/grants';

interface Step {
  readonly Name: string;
  readonly Type: string;
  readonly Arguments: Readonly<Record<string, unknown>>;
}

interface Definition {
  readonly Parameters: readonly { readonly Name: string; readonly Type: string; readonly DefaultValue?: unknown }[];
  readonly Steps: readonly Step[];
}

const templates = exampleTemplates();

function definitionOf(stage: string): Definition {
  const { PipelineDefinition } = templates.properties(stage, 'models', 'Pipelineflightdelay');
  return JSON.parse((PipelineDefinition as { PipelineDefinitionBody: string }).PipelineDefinitionBody) as Definition;
}

function stepOf(stage: string, name: string): Step['Arguments'] {
  const step = definitionOf(stage).Steps.find(({ Name }) => Name === name);
  if (step === undefined) throw new Error(`no step ${name}`);
  return step.Arguments;
}

const runFolder = (name: string) => ({
  'Std:Join': {
    On: '/',
    Values: [
      {
        'Std:Join': {
          On: '',
          Values: ['s3://<RegistryArtefacts>/flight-delay/runs/', { Get: 'Execution.PipelineExecutionId' }, ''],
        },
      },
      name,
    ],
  },
});

test('a run prepares, trains, evaluates and gates', () => {
  expect(templates.properties('prod', 'models', 'Pipelineflightdelay')).toMatchObject({
    PipelineName: 'slipway-prod-flight-delay',
    RoleArn: '<PipelineflightdelayPipelineRole.Arn>',
  });
  expect(definitionOf('prod').Steps.map(({ Name, Type }) => `${Name}: ${Type}`)).toEqual([
    'Prepare: Processing',
    'Train: Training',
    'Evaluate: Processing',
    'Gate: Condition',
  ]);
});

test('a run is told its spans, its champion and its reason; what else can be told has the default of the definition', () => {
  const { Parameters } = definitionOf('prod');

  expect(Parameters.filter(({ DefaultValue }) => DefaultValue === undefined).map(({ Name }) => Name)).toEqual([
    'TrainFrom',
    'TrainTo',
    'HoldoutFrom',
    'HoldoutTo',
    'ChampionDataUrl',
    'Reason',
  ]);
  expect(Parameters.filter(({ DefaultValue }) => DefaultValue !== undefined)).toEqual([
    { Name: 'NumRound', Type: 'Integer', DefaultValue: 300 },
    { Name: 'MaxDepth', Type: 'Integer', DefaultValue: 6 },
    { Name: 'SourceUrl', Type: 'String', DefaultValue: expect.stringMatching(/^s3:\/\/cdk-hnb659fds-assets-.*\.gz$/) },
  ]);
});

test('production trains on a GPU, dev on CPU, for two hours at most', () => {
  const trained = {
    Environment: { AWS_DEFAULT_REGION: '<AWS::Region>' },
    StoppingCondition: { MaxRuntimeInSeconds: 7200 },
    OutputDataConfig: { S3OutputPath: runFolder('model'), KmsKeyId: '<KeysModelsArn>' },
    EnableInterContainerTrafficEncryption: true,
  };
  const resources = (InstanceType: string) => ({ InstanceType, InstanceCount: 1, VolumeSizeInGB: 30 });

  expect(stepOf('prod', 'Train')).toMatchObject(trained);
  // Its disk has a key of its own; SageMaker refuses another.
  expect(stepOf('prod', 'Train')).toHaveProperty('ResourceConfig', resources('ml.g5.xlarge'));
  expect(stepOf('dev', 'Train')).toMatchObject(trained);
  expect(stepOf('dev', 'Train')).toHaveProperty('ResourceConfig', {
    ...resources('ml.m5.xlarge'),
    VolumeKmsKeyId: '<KeysModelsArn>',
  });
});

test('hyperparameters are those of the definition, and a run may override those that are parameters', () => {
  expect(stepOf('dev', 'Train').HyperParameters).toEqual({
    num_round: { 'Std:Join': { On: '', Values: [{ Get: 'Parameters.NumRound' }] } },
    max_depth: { 'Std:Join': { On: '', Values: [{ Get: 'Parameters.MaxDepth' }] } },
    eta: '0.05',
    subsample: '1',
    min_child_weight: '1',
    seed: '2013',
    precision_target: '0.7',
    sagemaker_program: '"train.py"',
    sagemaker_submit_directory: { 'Std:Join': { On: '', Values: ['"', { Get: 'Parameters.SourceUrl' }, '"'] } },
    sagemaker_region: '"<AWS::Region>"',
  });
});

test('jobs of production are in the network, those of dev in none', () => {
  const network = { Subnets: PLACEMENT.subnets, SecurityGroupIds: PLACEMENT.securityGroups };

  expect(stepOf('prod', 'Train')).toMatchObject({ VpcConfig: network });
  for (const name of ['Prepare', 'Evaluate'])
    expect(stepOf('prod', name)).toMatchObject({
      NetworkConfig: { EnableInterContainerTrafficEncryption: true, VpcConfig: network },
    });
  for (const name of ['Prepare', 'Train', 'Evaluate']) {
    expect(stepOf('dev', name)).not.toHaveProperty('VpcConfig');
    expect(stepOf('dev', name)).not.toHaveProperty('NetworkConfig');
  }
});

test('evaluation runs the code that was deployed, so an experiment cannot judge itself', () => {
  const code = definitionOf('prod').Parameters.find(({ Name }) => Name === 'SourceUrl')?.DefaultValue;

  expect(stepOf('prod', 'Evaluate')).toMatchObject({
    ProcessingInputs: [
      { InputName: 'code', S3Input: { S3Uri: code } },
      { InputName: 'challenger', S3Input: { S3Uri: { Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' } } },
      { InputName: 'holdout' },
    ],
  });
});

test('a challenger is judged by the gates of the definition, on rows that it was not trained on', () => {
  const { AppSpecification, ProcessingInputs } = stepOf('prod', 'Evaluate') as {
    AppSpecification: { ContainerArguments: unknown[] };
    ProcessingInputs: { InputName: string; S3Input: { S3Uri: unknown } }[];
  };
  const given = AppSpecification.ContainerArguments;
  const rows = (part: string) => ({
    'Std:Join': { On: '/', Values: [{ Get: "Steps.Prepare.ProcessingOutputConfig.Outputs['rows'].S3Output.S3Uri" }, part] },
  });

  expect(JSON.parse(String(given[given.indexOf('--gates') + 1]))).toEqual({
    auc: { min: 0.78 },
    precision: { min: 0.65 },
    expectedCalibrationError: { max: 0.1 },
    beatChampionBy: { metric: 'auc', min: 0.001, significant: false },
    minRows: 1000,
  });
  expect(given[given.indexOf('--champion') + 1]).toEqual({ Get: 'Parameters.ChampionDataUrl' });
  expect(ProcessingInputs.find(({ InputName }) => InputName === 'holdout')?.S3Input.S3Uri).toEqual(rows('holdout'));
  expect(stepOf('prod', 'Train').InputDataConfig).toMatchObject(
    ['train', 'validation'].map((part) => ({ ChannelName: part, DataSource: { S3DataSource: { S3Uri: rows(part) } } })),
  );
});

test('rows and reports lie in the folder of the run', () => {
  expect(stepOf('prod', 'Prepare')).toMatchObject({
    ProcessingOutputConfig: { Outputs: [{ OutputName: 'rows', S3Output: { S3Uri: runFolder('rows') } }] },
  });
  expect(stepOf('prod', 'Evaluate')).toMatchObject({
    ProcessingOutputConfig: { Outputs: [{ OutputName: 'report', S3Output: { S3Uri: runFolder('report') } }] },
  });
});
