import { Aws, Stack } from 'aws-cdk-lib';
import type { ISubnet } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnPipeline } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { hyperparameters } from '../../core/artefact';
import { type Model, milliseconds } from '../../core/definition';
import { MODEL_KEYS } from '../../core/naming';
import { gatesDocument } from '../../core/promotion';
import { trainingSet } from '../../core/training-set';
import type { Lake } from '../data-lake/lake';
import type { Network } from '../foundation/network';
import type { PlatformStage } from '../shared/platform-stage';
import { xgboostImage } from './framework-images';
import { gateStep } from './gate-step';
import { grantPipeline, grantTraining } from './grants';
import {
  get,
  inputPath,
  join,
  outputOf,
  outputPath,
  type PipelineParameter,
  type PipelineStep,
  type PipelineValue,
  parameter,
  processingStep,
  RETRIES,
} from './pipeline-steps';
import { trainingSetAsset } from './training-set-asset';

export interface TrainingPipelineProps extends PlatformStage {
  readonly model: Model;
  readonly lake: Lake;
  /** Bucket of artefacts, reports and training rows. */
  readonly bucket: Bucket;
  /** Key of the models' data class. */
  readonly key: IKey;
  /** Key of the lake's data class. */
  readonly lakeKey: IKey;
  /** Packed sources of the containers. */
  readonly source: Asset;
  /**
   * Network of the jobs.
   *
   * @default - none: the service's own network
   */
  readonly network?: Network;
}

const PREPARE_SECONDS = 3600;

/** Pipeline of one model: prepare, train, evaluate, gate, register. */
export class TrainingPipeline extends Construct {
  readonly pipeline: CfnPipeline;
  readonly jobRole: Role;
  private readonly image: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TrainingPipelineProps,
  ) {
    super(scope, id);
    const image = xgboostImage(Stack.of(this));
    this.image = image.uri;
    const assumedBy = new ServicePrincipal('sagemaker.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    });
    this.jobRole = new Role(this, 'JobRole', { assumedBy, description: `Jobs that train ${props.model.name}` });
    const document = trainingSetAsset(this, 'TrainingSet', {
      ...trainingSet(props.platform, props.model),
      database: props.names.lakeDatabase,
      workgroup: props.names.workgroup,
    });
    grantTraining(this.jobRole, { ...props, repositoryArn: image.repositoryArn, document });
    const pipelineRole = new Role(this, 'PipelineRole', {
      assumedBy,
      description: `Starts the jobs that train ${props.model.name}`,
    });
    const grants = grantPipeline(pipelineRole, { ...props, jobRole: this.jobRole });
    const definition = { Version: '2020-12-01', Metadata: {}, Parameters: this.parameters(), Steps: this.steps(document) };
    this.pipeline = new CfnPipeline(this, 'Resource', {
      pipelineName: props.names.pipeline(props.model.name),
      pipelineDisplayName: props.names.pipeline(props.model.name),
      pipelineDescription: props.model.description,
      roleArn: pipelineRole.roleArn,
      // Typed `any` and passed through unchanged, so it is written in CloudFormation's case.
      pipelineDefinition: { PipelineDefinitionBody: Stack.of(this).toJsonString(definition) },
    });
    this.pipeline.node.addDependency(grants);
  }

  private parameters(): PipelineParameter[] {
    const { rounds, depth } = this.props.model.training;
    return [
      ...['TrainFrom', 'TrainTo', 'HoldoutFrom', 'HoldoutTo', 'ChampionDataUrl', 'Reason'].map((Name) => ({
        Name,
        Type: 'String' as const,
      })),
      { Name: 'NumRound', Type: 'Integer', DefaultValue: rounds },
      { Name: 'MaxDepth', Type: 'Integer', DefaultValue: depth },
      // Code to train with; evaluation always runs the deployed code, so an experiment cannot judge itself.
      { Name: 'SourceUrl', Type: 'String', DefaultValue: this.props.source.s3ObjectUrl },
    ];
  }

  private steps(document: Asset): PipelineStep[] {
    return [this.prepare(document), this.train(), this.evaluate(), gateStep({ ...this.props, image: this.image })];
  }

  private runPrefix(...rest: string[]): PipelineValue {
    const [before = '', after = ''] = MODEL_KEYS.run(this.props.model.name, '|').split('|');
    const folder = join('', [`s3://${this.props.bucket.bucketName}/${before}`, get('Execution.PipelineExecutionId'), after]);
    return join('/', [folder, ...rest]);
  }

  private get networkConfig(): PipelineValue | undefined {
    const { network } = this.props;
    if (network === undefined) return undefined;
    return { EnableNetworkIsolation: false, EnableInterContainerTrafficEncryption: true, VpcConfig: this.vpcConfig(network) };
  }

  private vpcConfig(network: Network): PipelineValue {
    return {
      Subnets: network.vpc.isolatedSubnets.map((subnet: ISubnet) => subnet.subnetId),
      SecurityGroupIds: [network.securityGroup.securityGroupId],
    };
  }

  private get instanceTypes(): readonly string[] {
    return this.props.model.training.instanceTypes[this.props.stage.name] ?? [];
  }

  private job() {
    const { training } = this.props.model;
    const key = this.props.key.keyArn;
    const network = this.networkConfig;
    return {
      image: this.image,
      role: this.jobRole.roleArn,
      instanceType: 'ml.m5.xlarge',
      volumeGiB: training.volumeGiB,
      volumeKey: key,
      outputKey: key,
      source: this.props.source.s3ObjectUrl,
      ...(network === undefined ? {} : { network }),
    };
  }

  private prepare(document: Asset): PipelineStep {
    const spans = ['train', 'holdout'].flatMap((span) => {
      const name = span === 'train' ? 'Train' : 'Holdout';
      return [`--${span}-from`, parameter(`${name}From`), `--${span}-to`, parameter(`${name}To`)];
    });
    return processingStep({
      ...this.job(),
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
      maxRuntimeSeconds: PREPARE_SECONDS,
    });
  }

  private train(): PipelineStep {
    const { props } = this;
    const { training } = props.model;
    const channel = (name: string): PipelineValue => ({
      ChannelName: name,
      DataSource: {
        S3DataSource: {
          S3DataType: 'S3Prefix',
          S3DataDistributionType: 'FullyReplicated',
          S3Uri: join('/', [outputOf('Prepare', 'rows'), name]),
        },
      },
    });
    const quoted = (value: string): string => JSON.stringify(value);
    return {
      Name: 'Train',
      Type: 'Training',
      Arguments: {
        AlgorithmSpecification: {
          TrainingInputMode: 'File',
          TrainingImage: this.image,
          MetricDefinitions: [{ Name: 'validation:auc', Regex: 'validation:auc=([0-9.]+)' }],
        },
        HyperParameters: {
          ...hyperparameters(props.model),
          num_round: join('', [parameter('NumRound')]),
          max_depth: join('', [parameter('MaxDepth')]),
          sagemaker_program: quoted('train.py'),
          sagemaker_submit_directory: join('', ['"', parameter('SourceUrl'), '"']),
          sagemaker_region: quoted(Aws.REGION),
        },
        InputDataConfig: [channel('train'), channel('validation')],
        OutputDataConfig: { S3OutputPath: this.runPrefix('model'), KmsKeyId: props.key.keyArn },
        ResourceConfig: {
          InstanceCount: 1,
          InstanceType: this.instanceTypes[0] ?? 'ml.m5.xlarge',
          VolumeSizeInGB: training.volumeGiB,
          VolumeKmsKeyId: props.key.keyArn,
        },
        RoleArn: this.jobRole.roleArn,
        StoppingCondition: { MaxRuntimeInSeconds: milliseconds(training.maxRuntime) / 1000 },
        EnableInterContainerTrafficEncryption: true,
        ...(props.network === undefined ? {} : { VpcConfig: this.vpcConfig(props.network), EnableNetworkIsolation: false }),
        ProfilerConfig: { DisableProfiler: true },
      },
      RetryPolicies: RETRIES,
    };
  }

  private evaluate(): PipelineStep {
    return processingStep({
      ...this.job(),
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
      maxRuntimeSeconds: PREPARE_SECONDS,
      propertyFiles: [{ PropertyFileName: 'Evaluation', OutputName: 'report', FilePath: 'evaluation.json' }],
    });
  }
}
