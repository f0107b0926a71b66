import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-lambda';
import type { Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import type { MappingRunner } from './mapping-runner';
import type { MappingRecord, MappingStore } from './mapping-store';
import { type LambdaStore, parseReference } from './store';

type Create = Sdk.CreateEventSourceMappingCommandInput;
type Change = Create | Sdk.UpdateEventSourceMappingCommandInput;

const PARTIAL = 'ReportBatchItemFailures';
const DEFAULTS = {
  enabled: true,
  batchSize: 100,
  windowSeconds: 0,
  maximumRetryAttempts: -1,
  maximumRecordAgeSeconds: -1,
  bisect: false,
  reportsItemFailures: false,
} as const;

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { status: 400, members: { Type: 'User' } });
}

function range(name: string, value: number, low: number, high: number): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must have value ${value < low ? `greater than or equal to ${low}` : `less than or equal to ${high}`}`,
  );
}

function refuseUnsupported(input: Change): void {
  if ((input.ParallelizationFactor ?? 1) !== 1) throw invalid('The local AWS supports a ParallelizationFactor of 1 only.');
  if ((input.TumblingWindowInSeconds ?? 0) !== 0) throw invalid('The local AWS does not support tumbling windows.');
  if ((input.FilterCriteria?.Filters ?? []).length > 0) throw invalid('The local AWS does not support event filters.');
  for (const name of ['ScalingConfig', 'ProvisionedPollerConfig', 'SourceAccessConfigurations', 'KMSKeyArn'] as const)
    if (input[name] !== undefined) throw invalid(`The local AWS does not support ${name}.`);
  const target = input.DestinationConfig?.OnFailure?.Destination;
  if (target !== undefined && !/^arn:aws[\w-]*:(sqs|sns):/.test(target))
    throw invalid(`The local AWS sends failed batches to SQS or SNS; given ${target}`);
}

/** The members that a request gives, over those that are known. */
function settings(
  input: Change,
  known: Omit<MappingRecord, 'uuid' | 'functionName' | 'source' | 'position' | 'created' | 'modified'>,
) {
  refuseUnsupported(input);
  const { onFailure: knownTarget, ...rest } = known;
  const onFailure = input.DestinationConfig === undefined ? knownTarget : input.DestinationConfig.OnFailure?.Destination;
  const retries = input.MaximumRetryAttempts ?? rest.maximumRetryAttempts;
  const age = input.MaximumRecordAgeInSeconds ?? rest.maximumRecordAgeSeconds;
  return {
    ...rest,
    enabled: input.Enabled ?? rest.enabled,
    batchSize: range('batchSize', input.BatchSize ?? rest.batchSize, 1, 10_000),
    windowSeconds: range('maximumBatchingWindowInSeconds', input.MaximumBatchingWindowInSeconds ?? rest.windowSeconds, 0, 300),
    maximumRetryAttempts: range('maximumRetryAttempts', retries, -1, 10_000),
    maximumRecordAgeSeconds: age === -1 ? -1 : range('maximumRecordAgeInSeconds', age, 60, 604_800),
    bisect: input.BisectBatchOnFunctionError ?? rest.bisect,
    reportsItemFailures:
      input.FunctionResponseTypes === undefined ? rest.reportsItemFailures : input.FunctionResponseTypes.includes(PARTIAL),
    ...(onFailure === undefined || onFailure === '' ? {} : { onFailure }),
  };
}

function startOf(input: Create): Pick<MappingRecord, 'position' | 'timestamp'> {
  const position = input.StartingPosition;
  if (position === undefined)
    throw invalid(
      '1 validation error detected: Value null at startingPosition failed to satisfy constraint: Member must not be null.',
    );
  if (position !== 'AT_TIMESTAMP') return { position };
  if (input.StartingPositionTimestamp === undefined) throw invalid('StartingPositionTimestamp is required for AT_TIMESTAMP.');
  return { position, timestamp: input.StartingPositionTimestamp.getTime() };
}

function describeMapping(
  cloud: Cloud,
  store: LambdaStore,
  record: MappingRecord,
  State: string,
): Sdk.EventSourceMappingConfiguration {
  return {
    UUID: record.uuid,
    EventSourceMappingArn: `arn:aws:lambda:${cloud.region}:${cloud.account}:event-source-mapping:${record.uuid}`,
    EventSourceArn: record.source,
    FunctionArn: store.arn(record.functionName, record.qualifier),
    StartingPosition: record.position,
    ...(record.timestamp === undefined ? {} : { StartingPositionTimestamp: new Date(record.timestamp) }),
    BatchSize: record.batchSize,
    MaximumBatchingWindowInSeconds: record.windowSeconds,
    ParallelizationFactor: 1,
    MaximumRetryAttempts: record.maximumRetryAttempts,
    MaximumRecordAgeInSeconds: record.maximumRecordAgeSeconds,
    BisectBatchOnFunctionError: record.bisect,
    TumblingWindowInSeconds: 0,
    FunctionResponseTypes: record.reportsItemFailures ? [PARTIAL] : [],
    DestinationConfig: { OnFailure: record.onFailure === undefined ? {} : { Destination: record.onFailure } },
    LastModified: new Date(record.modified),
    State,
    StateTransitionReason: 'User action',
  };
}

/** What the operations share. */
function mappingScope(cloud: Cloud, store: LambdaStore, mappings: MappingStore, runner: MappingRunner) {
  const describe = (
    record: MappingRecord,
    state = record.enabled ? 'Enabled' : 'Disabled',
  ): Sdk.EventSourceMappingConfiguration => describeMapping(cloud, store, record, state);
  return { store, mappings, cloud, runner, describe };
}
type MappingScope = ReturnType<typeof mappingScope>;

async function createEventSourceMapping(
  { store, mappings, cloud, runner, describe }: MappingScope,
  input: Create,
): Promise<Sdk.EventSourceMappingConfiguration> {
  const source = input.EventSourceArn ?? '';
  if (!source.includes(':kinesis:')) throw invalid(`The local AWS maps Kinesis streams to functions; given ${source}`);
  const { name, qualifier } = parseReference(input.FunctionName ?? '');
  const { role } = store.version(name, qualifier);
  const same = mappings
    .all()
    .find((known) => known.source === source && known.functionName === name && known.qualifier === qualifier);
  if (same !== undefined)
    throw new AwsError(
      'ResourceConflictException',
      `An event source mapping with event source arn (" ${source} ") and function (" ${name} ") already exists. Please update or delete the existing mapping with UUID ${same.uuid}`,
      { status: 409 },
    );
  await cloud
    .call('kinesis', 'DescribeStreamSummary', { StreamARN: source }, cloud.asRole(role, name, 'lambda'))
    .catch((error: unknown) => {
      throw error instanceof AwsError ? invalid(`Cannot access stream ${source}. ${error.message}`) : error;
    });
  const now = cloud.clock.now();
  const record: MappingRecord = {
    uuid: randomUUID(),
    functionName: name,
    ...(qualifier === undefined ? {} : { qualifier }),
    source,
    ...startOf(input),
    ...settings(input, DEFAULTS),
    created: now,
    modified: now,
  };
  await mappings.mappings.put(record.uuid, record);
  await runner.start(record);
  return describe(record, 'Creating');
}

async function updateEventSourceMapping(
  { mappings, store, cloud, runner, describe }: MappingScope,
  input: Sdk.UpdateEventSourceMappingCommandInput,
) {
  const known = mappings.mapping(input.UUID ?? '');
  const { qualifier: _, ...rest } = known;
  const target = input.FunctionName === undefined ? undefined : parseReference(input.FunctionName);
  const qualifier = target === undefined ? known.qualifier : target.qualifier;
  const functionName = target?.name ?? known.functionName;
  store.version(functionName, qualifier);
  const record: MappingRecord = {
    ...rest,
    functionName,
    ...(qualifier === undefined ? {} : { qualifier }),
    ...settings(input, known),
    modified: cloud.clock.now(),
  };
  await mappings.mappings.put(record.uuid, record);
  runner.stop(record.uuid);
  await runner.start(record);
  return describe(record, 'Updating');
}

async function deleteEventSourceMapping(
  { mappings, runner, cloud, describe }: MappingScope,
  input: Sdk.DeleteEventSourceMappingCommandInput,
) {
  const record = mappings.mapping(input.UUID ?? '');
  runner.stop(record.uuid);
  await cloud.storage.transaction(() => {
    void mappings.mappings.remove(record.uuid);
    for (const { key } of [...mappings.checkpoints.under([record.uuid])]) void mappings.checkpoints.remove(key);
  });
  return describe(record, 'Deleting');
}

function listEventSourceMappings({ mappings, describe }: MappingScope, input: Sdk.ListEventSourceMappingsCommandInput) {
  const name = input.FunctionName === undefined ? undefined : parseReference(input.FunctionName).name;
  const fits = (record: MappingRecord): boolean =>
    (name === undefined || record.functionName === name) &&
    (input.EventSourceArn === undefined || record.source === input.EventSourceArn);
  return {
    EventSourceMappings: mappings
      .all()
      .filter(fits)
      .map((record) => describe(record)),
  };
}

/** Event source mappings of Kinesis streams. */
export function mappingOperations(cloud: Cloud, store: LambdaStore, mappings: MappingStore, runner: MappingRunner): Operations {
  const scope = mappingScope(cloud, store, mappings, runner);
  const { describe } = scope;
  return {
    CreateEventSourceMapping: (input: Create) => createEventSourceMapping(scope, input),
    GetEventSourceMapping: (input: Sdk.GetEventSourceMappingCommandInput) => describe(mappings.mapping(input.UUID ?? '')),
    UpdateEventSourceMapping: (input: Sdk.UpdateEventSourceMappingCommandInput) => updateEventSourceMapping(scope, input),
    DeleteEventSourceMapping: (input: Sdk.DeleteEventSourceMappingCommandInput) => deleteEventSourceMapping(scope, input),
    ListEventSourceMappings: (input: Sdk.ListEventSourceMappingsCommandInput) => listEventSourceMappings(scope, input),
  };
}
