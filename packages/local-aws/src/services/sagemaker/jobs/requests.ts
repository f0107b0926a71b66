import type * as Sdk from '@aws-sdk/client-sagemaker';
import { validationError } from '../../../errors';
import { checkVolumeKey } from '../instance-types';
import { refuse, requireName } from '../names';
import { parseS3Uri } from '../s3-files';

const MAX_VALUE = 2500;
const MAX_ARGUMENTS = 100;
const CHANNEL_NAME = /^(?!\.+$)[A-Za-z0-9.\-_]{1,64}$/;
const ARGUMENT = /^.{0,256}$/u;
const TRAINING_LIMIT_S = 2_419_200;
const PROCESSING_LIMIT_S = 777_600;

function limit(seconds: number | undefined, most: number): void {
  if (seconds !== undefined && (seconds < 1 || seconds > most))
    throw validationError(
      `1 validation error detected: Value '${seconds}' at 'stoppingCondition.maxRuntimeInSeconds' failed to satisfy constraint: Member must have value less than or equal to ${most}`,
    );
}

function checkHyperParameters(values: Readonly<Record<string, unknown>>): void {
  if (Object.keys(values).length > 100) throw validationError('HyperParameters may have at most 100 entries');
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== 'string') throw validationError(`HyperParameters['${name}'] must be a string, found ${typeof value}`);
    if (value.length > MAX_VALUE) throw validationError(`HyperParameters['${name}'] is longer than ${MAX_VALUE} characters`);
  }
}

/** Entry points and arguments: at most 100 of 256 characters each, on one line. */
function checkCommand(member: string, parts: readonly string[]): void {
  if (parts.length > MAX_ARGUMENTS) throw validationError(`${member} may have at most ${MAX_ARGUMENTS} entries`);
  for (const [index, part] of parts.entries()) {
    if (typeof part !== 'string' || !ARGUMENT.test(part)) {
      throw validationError(
        `1 validation error detected: Value '${part}' at '${member}.${index + 1}.member' failed to satisfy constraint: Member must be a text of one line with length less than or equal to 256`,
      );
    }
  }
}

function checkEnvironment(values: Readonly<Record<string, string>>, longest: number): void {
  if (Object.keys(values).length > MAX_ARGUMENTS) throw validationError(`Environment may have at most ${MAX_ARGUMENTS} entries`);
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== 'string' || value.length > longest || name.length > longest)
      throw validationError(`Environment['${name}'] must be a string of at most ${longest} characters`);
  }
}

function checkChannel(channel: Sdk.Channel): void {
  const name = channel.ChannelName ?? '';
  if (!CHANNEL_NAME.test(name)) throw validationError(`channel name '${name}' must satisfy [A-Za-z0-9\\.\\-_]{1,64}`);
  const source = channel.DataSource?.S3DataSource;
  if (source === undefined)
    throw validationError(`channel '${channel.ChannelName}': the local AWS reads channels from S3DataSource only`);
  parseS3Uri(source.S3Uri);
  refuse(`channel '${channel.ChannelName}'`, {
    [`S3DataType ${source.S3DataType}`]: source.S3DataType !== 'S3Prefix',
    'InputMode Pipe': channel.InputMode === 'Pipe',
    'CompressionType Gzip': channel.CompressionType === 'Gzip',
    ShuffleConfig: channel.ShuffleConfig !== undefined,
    AttributeNames: (source.AttributeNames ?? []).length > 0,
  });
}

/** Throws for a request that AWS would refuse or that the local AWS cannot honour. */
export function checkTraining(input: Sdk.CreateTrainingJobCommandInput): void {
  requireName(input.TrainingJobName, 'trainingJobName');
  if (input.RoleArn === undefined) throw validationError('RoleArn is required');
  if (input.OutputDataConfig?.S3OutputPath === undefined) throw validationError('OutputDataConfig.S3OutputPath is required');
  parseS3Uri(input.OutputDataConfig.S3OutputPath);
  checkHyperParameters(input.HyperParameters ?? {});
  checkEnvironment(input.Environment ?? {}, 512);
  for (const channel of input.InputDataConfig ?? []) checkChannel(channel);
  const algorithm = input.AlgorithmSpecification;
  checkVolumeKey(input.ResourceConfig?.InstanceType, input.ResourceConfig?.VolumeKmsKeyId, 'ResourceConfig.VolumeKmsKeyId');
  limit(input.StoppingCondition?.MaxRuntimeInSeconds, TRAINING_LIMIT_S);
  refuse('CreateTrainingJob', {
    'AlgorithmSpecification.AlgorithmName': algorithm?.AlgorithmName !== undefined,
    'AlgorithmSpecification.ContainerEntrypoint': algorithm?.ContainerEntrypoint !== undefined,
    'AlgorithmSpecification.ContainerArguments': algorithm?.ContainerArguments !== undefined,
    'TrainingInputMode Pipe': algorithm?.TrainingInputMode === 'Pipe',
    'InstanceCount above 1': (input.ResourceConfig?.InstanceCount ?? 1) > 1,
    InstanceGroups: input.ResourceConfig?.InstanceGroups !== undefined,
    CheckpointConfig: input.CheckpointConfig !== undefined,
    EnableManagedSpotTraining: input.EnableManagedSpotTraining === true,
    DebugHookConfig: input.DebugHookConfig !== undefined,
    TensorBoardOutputConfig: input.TensorBoardOutputConfig !== undefined,
    ExperimentConfig: input.ExperimentConfig !== undefined,
    'CompressionType NONE': input.OutputDataConfig.CompressionType === 'NONE',
    EnableNetworkIsolation: input.EnableNetworkIsolation === true,
  });
}

function checkInput(part: Sdk.ProcessingInput): void {
  const source = part.S3Input;
  if (source === undefined) throw validationError(`input '${part.InputName}': the local AWS reads inputs from S3Input only`);
  parseS3Uri(source.S3Uri);
  checkLocalPath(part.InputName, source.LocalPath);
  refuse(`input '${part.InputName}'`, {
    [`S3DataType ${source.S3DataType}`]: source.S3DataType !== 'S3Prefix',
    'S3InputMode Pipe': source.S3InputMode === 'Pipe',
    'S3CompressionType Gzip': source.S3CompressionType === 'Gzip',
  });
}

function checkOutput(part: Sdk.ProcessingOutput): void {
  if (part.S3Output === undefined)
    throw validationError(`output '${part.OutputName}': the local AWS writes outputs to S3Output only`);
  parseS3Uri(part.S3Output.S3Uri);
  checkLocalPath(part.OutputName, part.S3Output.LocalPath);
  refuse(`output '${part.OutputName}'`, { 'S3UploadMode Continuous': part.S3Output.S3UploadMode === 'Continuous' });
}

/** Throws for a request that AWS would refuse or that the local AWS cannot honour. */
export function checkProcessing(input: Sdk.CreateProcessingJobCommandInput): void {
  requireName(input.ProcessingJobName, 'processingJobName');
  if (input.RoleArn === undefined) throw validationError('RoleArn is required');
  const cluster = input.ProcessingResources?.ClusterConfig;
  checkVolumeKey(cluster?.InstanceType, cluster?.VolumeKmsKeyId, 'ClusterConfig.VolumeKmsKeyId');
  limit(input.StoppingCondition?.MaxRuntimeInSeconds, PROCESSING_LIMIT_S);
  checkCommand('appSpecification.containerEntrypoint', input.AppSpecification?.ContainerEntrypoint ?? []);
  checkCommand('appSpecification.containerArguments', input.AppSpecification?.ContainerArguments ?? []);
  checkEnvironment(input.Environment ?? {}, 256);
  for (const part of input.ProcessingInputs ?? []) checkInput(part);
  for (const part of input.ProcessingOutputConfig?.Outputs ?? []) checkOutput(part);
  refuse('CreateProcessingJob', {
    'InstanceCount above 1': (input.ProcessingResources?.ClusterConfig?.InstanceCount ?? 1) > 1,
    'an image without ContainerEntrypoint': (input.AppSpecification?.ContainerEntrypoint ?? []).length === 0,
    ExperimentConfig: input.ExperimentConfig !== undefined,
    EnableNetworkIsolation: input.NetworkConfig?.EnableNetworkIsolation === true,
  });
}

function checkLocalPath(name: string | undefined, path: string | undefined): void {
  if (path === undefined || !/^\/opt\/ml\/processing(\/|$)/.test(path) || path.split('/').includes('..'))
    throw validationError(`LocalPath '${path}' of '${name}' must begin with /opt/ml/processing/`);
}
