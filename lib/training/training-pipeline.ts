import { Aws, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnPipeline } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { algorithmOf } from '../../core/algorithms';
import { hyperparameters } from '../../core/artefact';
import { type Model, type Platform, type Stage, seconds } from '../../core/definition';
import { PROCESSING_INSTANCE } from '../../core/instance-types';
import { MODEL_KEYS, type Names } from '../../core/naming';
import { gatesDocument } from '../../core/promotion';
import { trainingSet } from '../../core/training-set';
import { sagemakerPrincipal } from '../containers/container-role';
import { type FrameworkImage, frameworkImage } from '../containers/framework-image';
import type { Lake } from '../data-lake/lake';
import type { Network } from '../foundation/network';
import { gateStep } from './gate-step';
import { grantJobs } from './job-grants';
import { grantPipeline } from './pipeline-grants';
import {
  get,
  inputPath,
  JOB_ENVIRONMENT,
  join,
  outputOf,
  outputPath,
  type PipelineParameter,
  type PipelineStep,
  type PipelineValue,
  parameter,
  processingStep,
  RETRIES,
  volumeKey,
} from './pipeline-steps';
import { trainingSetAsset } from './training-set-asset';

export interface TrainingPipelineProps {
  /** Where the model's features and sources are defined. */
  readonly platform: Platform;
  /** What is trained. */
  readonly model: Model;
  /** Whose instance types are used. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
  /** What training sets are queried from. */
  readonly lake: Lake;
  /** Bucket of artefacts, reports and training rows. */
  readonly bucket: Bucket;
  /** Key of the models' data class. */
  readonly key: IKey;
  /** Packed sources of the model's algorithm. */
  readonly source: Asset;
  /**
   * Network of the jobs.
   *
   * @default - none: the service's own network
   */
  readonly network?: Network | undefined;
}

/** Of the processing jobs: they read rows and score them, whatever the model is trained on. */
const PROCESSING = { instanceType: PROCESSING_INSTANCE, maxRuntimeSeconds: 3600 } as const;

/** Pipeline of one model: prepare, train, evaluate, gate, register. */
export class TrainingPipeline extends Construct {
  private readonly jobRole: Role;
  private readonly image: FrameworkImage;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TrainingPipelineProps,
  ) {
    super(scope, id);
    const { platform, model, names, lake, bucket, key, source, network } = props;
    this.image = frameworkImage(Stack.of(this), model.training.algorithm);
    const { repositoryArn } = this.image;
    this.jobRole = new Role(this, 'JobRole', { assumedBy: sagemakerPrincipal(), description: `Jobs that train ${model.name}` });
    const document = trainingSetAsset(this, 'TrainingSet', {
      ...trainingSet(platform, model),
      database: names.lakeDatabase,
      workgroup: names.workgroup,
    });
    grantJobs(this.jobRole, { model, lake, bucket, key, source, document, repositoryArn, network });
    this.createPipeline(document);
  }

  private createPipeline(document: Asset): void {
    const { model, names, bucket, key } = this.props;
    const role = new Role(this, 'PipelineRole', {
      assumedBy: sagemakerPrincipal(),
      description: `Starts the jobs that train ${model.name}`,
    });
    const grants = grantPipeline(role, { model, names, bucket, key, jobRole: this.jobRole });
    const definition = { Version: '2020-12-01', Metadata: {}, Parameters: this.parameters(), Steps: this.steps(document) };
    const pipeline = new CfnPipeline(this, 'Resource', {
      pipelineName: names.pipeline(model.name),
      pipelineDisplayName: names.pipeline(model.name),
      pipelineDescription: model.description,
      roleArn: role.roleArn,
      // Typed `any` and passed through unchanged, so it is written in CloudFormation's case.
      pipelineDefinition: { PipelineDefinitionBody: Stack.of(this).toJsonString(definition) },
    });
    pipeline.node.addDependency(grants);
  }

  private parameters(): PipelineParameter[] {
    const { training } = this.props.model;
    const { overridable, hyperparameters: values } = algorithmOf(training);
    const own = values(training);
    return [
      ...['TrainFrom', 'TrainTo', 'HoldoutFrom', 'HoldoutTo', 'ChampionDataUrl', 'Reason'].map((Name) => ({
        Name,
        Type: 'String' as const,
      })),
      ...Object.values(overridable).map(({ pipeline: Name, type: Type, hyperparameter }) => ({
        Name,
        Type,
        DefaultValue: Number(own[hyperparameter]),
      })),
      // Code to train with; evaluation always runs the deployed code, so an experiment cannot judge itself.
      { Name: 'SourceUrl', Type: 'String', DefaultValue: this.props.source.s3ObjectUrl },
    ];
  }

  private steps(document: Asset): PipelineStep[] {
    const { model, names, stage } = this.props;
    const gate = gateStep({ model, names, stage, image: this.image.uri });
    return [this.prepare(document), this.train(), this.evaluate(), gate];
  }

  private runPrefix(...rest: string[]): PipelineValue {
    const [before = '', after = ''] = MODEL_KEYS.run(this.props.model.name, '|').split('|');
    const folder = join('', [`s3://${this.props.bucket.bucketName}/${before}`, get('Execution.PipelineExecutionId'), after]);
    return join('/', [folder, ...rest]);
  }

  private get vpcConfig(): { readonly VpcConfig?: PipelineValue } {
    const placement = this.props.network?.placement;
    if (placement === undefined) return {};
    return { VpcConfig: { Subnets: placement.subnets, SecurityGroupIds: placement.securityGroups } };
  }

  /** The stage's first choice; the definition's checks leave no stage without one. */
  private get instanceType(): string {
    const { model, stage } = this.props;
    const [first] = model.training.instanceTypes[stage.name] ?? [];
    if (first === undefined) throw new Error(`models.${model.name}.training.instanceTypes: lacks stage '${stage.name}'`);
    return first;
  }

  /** What the processing jobs have in common. */
  private get processing() {
    const { model, key, source } = this.props;
    const { vpcConfig } = this;
    return {
      image: this.image.uri,
      role: this.jobRole.roleArn,
      instanceType: PROCESSING.instanceType,
      maxRuntimeSeconds: PROCESSING.maxRuntimeSeconds,
      volumeGiB: model.training.volumeGiB,
      key: key.keyArn,
      source: source.s3ObjectUrl,
      ...(vpcConfig.VpcConfig === undefined
        ? {}
        : { network: { EnableNetworkIsolation: false, EnableInterContainerTrafficEncryption: true, ...vpcConfig } }),
    };
  }

  private prepare(document: Asset): PipelineStep {
    const spans = ['train', 'holdout'].flatMap((span) => {
      const name = span === 'train' ? 'Train' : 'Holdout';
      return [`--${span}-from`, parameter(`${name}From`), `--${span}-to`, parameter(`${name}To`)];
    });
    return processingStep({
      ...this.processing,
      name: 'Prepare',
      script: 'prepare.py',
      arguments: [
        '--sql-template',
        document.s3ObjectUrl,
        ...spans,
        '--validation-share',
        String(this.props.model.training.validationShare),
        '--unload-to',
        this.runPrefix('unload'),
        '--output',
        outputPath('rows'),
        '--message',
        '/opt/ml/output/message',
      ],
      inputs: {},
      outputs: { rows: this.runPrefix('rows') },
    });
  }

  private train(): PipelineStep {
    const { model, key } = this.props;
    const { progress } = algorithmOf(model.training);
    const { vpcConfig } = this;
    return {
      Name: 'Train',
      Type: 'Training',
      Arguments: {
        AlgorithmSpecification: {
          TrainingInputMode: 'File',
          TrainingImage: this.image.uri,
          MetricDefinitions: [{ Name: progress.name, Regex: progress.regex }],
        },
        HyperParameters: this.hyperparameters(),
        InputDataConfig: ['train', 'validation'].map(channel),
        OutputDataConfig: { S3OutputPath: this.runPrefix('model'), KmsKeyId: key.keyArn },
        ResourceConfig: {
          InstanceCount: 1,
          InstanceType: this.instanceType,
          VolumeSizeInGB: model.training.volumeGiB,
          ...volumeKey(this.instanceType, key.keyArn),
        },
        Environment: JOB_ENVIRONMENT,
        RoleArn: this.jobRole.roleArn,
        StoppingCondition: { MaxRuntimeInSeconds: seconds(model.training.maxRuntime) },
        EnableInterContainerTrafficEncryption: true,
        ...(vpcConfig.VpcConfig === undefined ? {} : { ...vpcConfig, EnableNetworkIsolation: false }),
        ProfilerConfig: { DisableProfiler: true },
      },
      RetryPolicies: RETRIES,
    };
  }

  /** Those of the definition; overridable ones are parameters of the pipeline, whose defaults they are. */
  private hyperparameters(): Record<string, PipelineValue> {
    const { model } = this.props;
    const overrides = Object.values(algorithmOf(model.training).overridable).map(({ hyperparameter, pipeline }) => [
      hyperparameter,
      join('', [parameter(pipeline)]),
    ]);
    return {
      ...hyperparameters(model),
      ...Object.fromEntries(overrides),
      sagemaker_program: JSON.stringify('train.py'),
      sagemaker_submit_directory: join('', ['"', parameter('SourceUrl'), '"']),
      sagemaker_region: JSON.stringify(Aws.REGION),
    };
  }

  private evaluate(): PipelineStep {
    return processingStep({
      ...this.processing,
      name: 'Evaluate',
      script: 'evaluate.py',
      arguments: [
        '--challenger',
        inputPath('challenger'),
        '--champion',
        parameter('ChampionDataUrl'),
        '--holdout',
        inputPath('holdout'),
        '--gates',
        JSON.stringify(gatesDocument(this.props.model)),
        '--output',
        outputPath('report'),
        '--message',
        '/opt/ml/output/message',
      ],
      inputs: {
        challenger: get('Steps.Train.ModelArtifacts.S3ModelArtifacts'),
        holdout: join('/', [outputOf('Prepare', 'rows'), 'holdout']),
      },
      outputs: { report: this.runPrefix('report') },
      propertyFiles: [{ PropertyFileName: 'Evaluation', OutputName: 'report', FilePath: 'evaluation.json' }],
    });
  }
}

/** A channel of the training job: a part of the rows that were prepared. */
function channel(name: string): PipelineValue {
  return {
    ChannelName: name,
    DataSource: {
      S3DataSource: {
        S3DataType: 'S3Prefix',
        S3DataDistributionType: 'FullyReplicated',
        S3Uri: join('/', [outputOf('Prepare', 'rows'), name]),
      },
    },
  };
}
