import { Aws } from 'aws-cdk-lib';
import { volumeKeyOf } from '../../core/instance-types';

/** A value in a pipeline definition: plain JSON or a reference that the service resolves at run time. */
export type PipelineValue =
  | string
  | number
  | boolean
  | null
  | { readonly [key: string]: PipelineValue }
  | readonly PipelineValue[];

/** A step of a pipeline as the definition writes it (schema 2020-12-01). */
export interface PipelineStep {
  readonly Name: string;
  readonly Type: 'Processing' | 'Training' | 'RegisterModel' | 'Condition' | 'Fail';
  readonly Arguments: PipelineValue;
  readonly DependsOn?: readonly string[];
  readonly PropertyFiles?: readonly {
    readonly PropertyFileName: string;
    readonly OutputName: string;
    readonly FilePath: string;
  }[];
  readonly RetryPolicies?: readonly PipelineValue[];
}

export interface PipelineParameter {
  readonly Name: string;
  readonly Type: 'String' | 'Integer' | 'Float';
  readonly DefaultValue?: string | number;
}

export function parameter(name: string): PipelineValue {
  return { Get: `Parameters.${name}` };
}

export function get(path: string): PipelineValue {
  return { Get: path };
}

/** Text joined at run time; numbers become strings this way. */
export function join(on: string, values: readonly PipelineValue[]): PipelineValue {
  return { 'Std:Join': { On: on, Values: values } };
}

export function fromPropertyFile(step: string, file: string, path: string): PipelineValue {
  return { 'Std:JsonGet': { PropertyFile: { Get: `Steps.${step}.PropertyFiles.${file}` }, Path: path } };
}

/** Address of an output of a processing step. */
export function outputOf(step: string, output: string): PipelineValue {
  return { Get: `Steps.${step}.ProcessingOutputConfig.Outputs['${output}'].S3Output.S3Uri` };
}

/** Faults of the service and lack of capacity are tried again; faults of the code are not. */
export const RETRIES: readonly PipelineValue[] = [
  { ExceptionType: ['Step.SERVICE_FAULT', 'Step.THROTTLING'], IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 5 },
  {
    ExceptionType: ['SageMaker.CAPACITY_ERROR', 'SageMaker.RESOURCE_LIMIT'],
    IntervalSeconds: 60,
    BackoffRate: 2,
    MaxAttempts: 5,
  },
];

/** A processing job of the pipeline. */
export interface ProcessingStep {
  /** Name of the step, by which others refer to it. */
  readonly name: string;
  /** Address of the image. */
  readonly image: string;
  /** ARN of the job's role. */
  readonly role: string;
  /** SageMaker's instance type, e.g. `ml.m5.xlarge`. */
  readonly instanceType: string;
  /** Size of the job's volume. */
  readonly volumeGiB: number;
  /** ARN of the key that encrypts the volume, where the instance type takes one, and what is uploaded. */
  readonly key: string;
  /** Address of the packed sources and the script in them. */
  readonly source: string;
  /** File in the sources that is run. */
  readonly script: string;
  /** Arguments of the script. */
  readonly arguments: readonly PipelineValue[];
  /** By name, addresses that are copied to `/opt/ml/processing/input/<name>`. */
  readonly inputs: Readonly<Record<string, PipelineValue>>;
  /** By name, folders `/opt/ml/processing/output/<name>` and where they go. */
  readonly outputs: Readonly<Record<string, PipelineValue>>;
  /** After which the job is stopped. */
  readonly maxRuntimeSeconds: number;
  /**
   * SageMaker's NetworkConfig.
   *
   * @default - none: the service's own network
   */
  readonly network?: PipelineValue;
  /**
   * Files of outputs that conditions read.
   *
   * @default - none
   */
  readonly propertyFiles?: PipelineStep['PropertyFiles'];
}

const INPUT = '/opt/ml/processing/input';
const OUTPUT = '/opt/ml/processing/output';
const CODE = '/opt/ml/processing/code';
/** Unpacks the sources, then becomes the script; `job` fills the shell's own name. */
const launch = (script: string): string[] => [
  '/bin/bash',
  '-ec',
  `tar -xzf ${CODE}/*.gz -C ${CODE}; exec python3 ${CODE}/${script} "$@"`,
  'job',
];

export const inputPath = (name: string): string => `${INPUT}/${name}`;
export const outputPath = (name: string): string => `${OUTPUT}/${name}`;

function input(name: string, address: PipelineValue, path: string): PipelineValue {
  return {
    InputName: name,
    AppManaged: false,
    S3Input: {
      S3Uri: address,
      LocalPath: path,
      S3DataType: 'S3Prefix',
      S3InputMode: 'File',
      S3DataDistributionType: 'FullyReplicated',
      S3CompressionType: 'None',
    },
  };
}

/** Member of a job's resources that encrypts its volume; none where the instance's own disk does that. */
export function volumeKey(instanceType: string, key: string): { readonly VolumeKmsKeyId?: string } {
  const arn = volumeKeyOf(instanceType, key);
  return arn === undefined ? {} : { VolumeKmsKeyId: arn };
}

/** boto3 reads the region from this variable, which SageMaker's containers do not all set. */
export const JOB_ENVIRONMENT: PipelineValue = { AWS_DEFAULT_REGION: Aws.REGION };

export function processingStep(step: ProcessingStep): PipelineStep {
  return {
    Name: step.name,
    Type: 'Processing',
    Arguments: {
      ProcessingResources: {
        ClusterConfig: {
          InstanceType: step.instanceType,
          InstanceCount: 1,
          VolumeSizeInGB: step.volumeGiB,
          ...volumeKey(step.instanceType, step.key),
        },
      },
      AppSpecification: { ImageUri: step.image, ContainerEntrypoint: launch(step.script), ContainerArguments: step.arguments },
      Environment: JOB_ENVIRONMENT,
      RoleArn: step.role,
      StoppingCondition: { MaxRuntimeInSeconds: step.maxRuntimeSeconds },
      ProcessingInputs: [
        input('code', step.source, CODE),
        ...Object.entries(step.inputs).map(([name, address]) => input(name, address, inputPath(name))),
      ],
      ProcessingOutputConfig: {
        KmsKeyId: step.key,
        Outputs: Object.entries(step.outputs).map(([name, address]) => ({
          OutputName: name,
          AppManaged: false,
          S3Output: { S3Uri: address, LocalPath: outputPath(name), S3UploadMode: 'EndOfJob' },
        })),
      },
      ...(step.network === undefined ? {} : { NetworkConfig: step.network }),
    },
    ...(step.propertyFiles === undefined ? {} : { PropertyFiles: step.propertyFiles }),
    RetryPolicies: RETRIES,
  };
}
