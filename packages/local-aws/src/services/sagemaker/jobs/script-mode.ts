import type * as Sdk from '@aws-sdk/client-sagemaker';
import { HARDWARE } from './environment';

/** A hyperparameter's value as the toolkit reads it: JSON inside the string, or the string itself. */
function decode(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** The decoded value as the toolkit writes it on the command line (Python's `str`). */
function asArgument(value: string): string {
  const decoded = decode(value);
  if (typeof decoded === 'string') return decoded;
  if (typeof decoded === 'boolean') return decoded ? 'True' : 'False';
  return decoded === null ? 'None' : value;
}

/** A training job in script mode: which script, with which arguments (sorted by name, one-letter names as `-x`). */
export interface Script {
  readonly program: string;
  readonly source: string;
  readonly arguments: readonly string[];
  /** The user's own hyperparameters, decoded. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

const TOOLKIT = new Set(['default_user_module_name', '_tuning_objective_metric']);

/** What the toolkit in the image makes of hyperparameters and environment; undefined when it is not script mode. */
export function scriptOf(
  hyperparameters: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
): Script | undefined {
  const setting = (name: string): string | undefined => {
    const value = hyperparameters[name];
    return value === undefined ? environment[name.toUpperCase()] : String(decode(value));
  };
  const program = setting('sagemaker_program');
  const source = setting('sagemaker_submit_directory');
  if (program === undefined || source === undefined) return undefined;
  const own = Object.entries(hyperparameters)
    .filter(([name]) => !name.startsWith('sagemaker_') && !TOOLKIT.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    program,
    source,
    arguments: own.flatMap(([name, value]) => [name.length === 1 ? `-${name}` : `--${name}`, asArgument(value)]),
    parameters: Object.fromEntries(own.map(([name, value]) => [name, decode(value)])),
  };
}

export interface Layout {
  /** Path below `/opt/ml`. */
  path(...parts: string[]): string;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

/** `inputdataconfig.json`: of each channel, what the request said. */
export function inputDataConfig(channels: readonly Sdk.Channel[]): Record<string, Record<string, string>> {
  return Object.fromEntries(
    channels.map((channel) => [
      channel.ChannelName ?? '',
      {
        ...(channel.ContentType === undefined ? {} : { ContentType: channel.ContentType }),
        TrainingInputMode: channel.InputMode ?? 'File',
        S3DistributionType: channel.DataSource?.S3DataSource?.S3DataDistributionType ?? 'FullyReplicated',
        RecordWrapperType: channel.RecordWrapperType ?? 'None',
      },
    ]),
  );
}

export function resourceConfig(instanceType: string): object {
  const group = { instance_group_name: 'homogeneousCluster', instance_type: instanceType, hosts: ['algo-1'] };
  return {
    current_host: 'algo-1',
    current_instance_type: instanceType,
    current_group_name: 'homogeneousCluster',
    hosts: ['algo-1'],
    network_interface_name: 'eth0',
    instance_groups: [group],
  };
}

type Channels = readonly (readonly [name: string, folder: string])[];

/** Where the toolkit says that things are. */
function places(layout: Layout, script: Script): Record<string, string> {
  return {
    model_dir: layout.path('model'),
    output_dir: layout.path('output'),
    output_data_dir: layout.path('output', 'data'),
    output_intermediate_dir: layout.path('output', 'intermediate'),
    input_dir: layout.path('input'),
    input_config_dir: layout.path('input', 'config'),
    user_entry_point: script.program,
    module_name: script.program.replace(/\.py$/, ''),
    module_dir: script.source,
  };
}

/** On what the toolkit says that it runs. */
function machine(instanceType: string): Record<string, unknown> {
  return {
    current_host: 'algo-1',
    hosts: ['algo-1'],
    num_gpus: HARDWARE.gpus,
    num_cpus: HARDWARE.cpus,
    num_neurons: 0,
    current_instance_type: instanceType,
    current_instance_group: 'homogeneousCluster',
    network_interface_name: 'eth0',
    resource_config: resourceConfig(instanceType),
    log_level: 20,
  };
}

/** The SM_* variables of the training toolkit. */
export function scriptVariables(
  script: Script,
  layout: Layout,
  request: Sdk.CreateTrainingJobCommandInput,
): Record<string, string> {
  const channels = request.InputDataConfig ?? [];
  const folders: Channels = channels.map(({ ChannelName = '' }) => [ChannelName, layout.path('input', 'data', ChannelName)]);
  const common = {
    ...places(layout, script),
    ...machine(request.ResourceConfig?.InstanceType ?? ''),
    input_data_config: inputDataConfig(channels),
  };
  const environment = {
    ...common,
    additional_framework_parameters: {},
    channel_input_dirs: Object.fromEntries(folders),
    hyperparameters: script.parameters,
    job_name: request.TrainingJobName,
  };
  const all: [string, unknown][] = [
    ...Object.entries(common),
    ['channels', folders.map(([name]) => name)],
    ['hps', script.parameters],
    ['user_args', script.arguments],
    ['framework_params', {}],
    ['training_env', environment],
    ...folders.map(([name, folder]): [string, unknown] => [`channel_${name}`, folder]),
    ...Object.entries(script.parameters).map(([name, value]): [string, unknown] => [`hp_${name}`, value]),
  ];
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(sorted(value)));
  return Object.fromEntries(all.map(([name, value]) => [`SM_${name.toUpperCase()}`, text(value)]));
}
