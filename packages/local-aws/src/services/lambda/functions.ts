import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-lambda';
import type { Call, Cloud, Operations } from '../../cloud';
import type { LambdaCompute } from '../../compute/lambda-compute';
import { AwsError } from '../../errors';
import type { CodeStore } from './code';
import { configure } from './configuration';
import { specKey } from './spec';
import { type FunctionRecord, LATEST, type LambdaStore, parseReference, type VersionRecord } from './store';

export interface FunctionParts {
  readonly cloud: Cloud;
  readonly store: LambdaStore;
  readonly code: CodeStore;
  readonly compute: LambdaCompute;
}

const ACCOUNT_CONCURRENCY = 1000;
const MIN_UNRESERVED = 100;

/** AWS's view of a version. */
export function describeVersion(
  store: LambdaStore,
  record: VersionRecord,
  qualified = record.version !== LATEST,
): Sdk.FunctionConfiguration {
  return {
    FunctionName: record.name,
    FunctionArn: store.arn(record.name, qualified ? record.version : undefined),
    Version: record.version,
    Runtime: record.runtime as Sdk.Runtime,
    Role: record.role,
    Handler: record.handler,
    CodeSize: record.code.size,
    CodeSha256: record.code.sha256,
    Description: record.description,
    Timeout: record.timeout,
    MemorySize: record.memory,
    LastModified: new Date(record.modified).toISOString().replace('Z', '+0000'),
    TracingConfig: { Mode: record.tracing as Sdk.TracingMode },
    RevisionId: record.revision,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [record.architecture],
    EphemeralStorage: { Size: record.ephemeralMb },
    LoggingConfig: { LogFormat: record.logFormat, LogGroup: record.logGroup ?? `/aws/lambda/${record.name}` },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    ...(Object.keys(record.environment).length === 0 ? {} : { Environment: { Variables: { ...record.environment } } }),
    ...(record.kmsKeyArn === undefined ? {} : { KMSKeyArn: record.kmsKeyArn }),
    ...(record.deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: record.deadLetterArn } }),
  };
}

/** What the operations share. */
function functionScope({ cloud, store, code, compute }: FunctionParts) {
  const save = async (record: VersionRecord): Promise<VersionRecord> => {
    const saved = { ...record, modified: cloud.clock.now(), revision: randomUUID() };
    await store.versions.put([record.name, record.version], saved);
    return saved;
  };
  const replace = async (previous: VersionRecord, changes: Partial<VersionRecord>): Promise<Sdk.FunctionConfiguration> => {
    const saved = await save({ ...previous, ...changes });
    compute.retire(specKey(previous));
    return describeVersion(store, saved);
  };
  const latest = (reference: string | undefined): VersionRecord => store.version(parseReference(reference ?? '').name, undefined);
  const refusePublish = (publish: boolean | undefined): void => {
    if (publish === true)
      throw new AwsError('InvalidParameterValueException', 'The local AWS publishes a version by PublishVersion only.', {
        status: 400,
      });
  };
  const requireAssumable = (role: string): void => {
    if (cloud.canAssume(role, 'lambda')) return;
    throw new AwsError('InvalidParameterValueException', 'The role defined for the function cannot be assumed by Lambda.', {
      status: 400,
    });
  };
  return { store, refusePublish, requireAssumable, code, save, compute, cloud, latest, replace };
}
type FunctionScope = ReturnType<typeof functionScope>;

async function createFunction(
  { store, refusePublish, requireAssumable, code, save }: FunctionScope,
  input: Sdk.CreateFunctionCommandInput,
  call: Call,
): Promise<Sdk.FunctionConfiguration> {
  const { name } = parseReference(input.FunctionName ?? '');
  if (store.functions.get(name) !== undefined)
    throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, {
      status: 409,
      members: { Type: 'User' },
    });
  refusePublish(input.Publish);
  const configuration = configure(input);
  requireAssumable(configuration.role);
  const record: VersionRecord = {
    ...configuration,
    name,
    version: LATEST,
    code: await code.take(name, input.Code, call),
    modified: 0,
    revision: '',
  };
  await store.functions.put(name, { name, lastVersion: 0, tags: input.Tags ?? {} });
  return describeVersion(store, await save(record));
}

async function deleteFunction(
  { store, compute, cloud, code }: FunctionScope,
  input: Sdk.DeleteFunctionCommandInput,
): Promise<void> {
  const { name, qualifier } = parseReference(input.FunctionName ?? '', input.Qualifier);
  if (qualifier !== undefined) return store.versions.remove([name, store.version(name, qualifier).version]);
  store.function(name);
  for (const { value } of [...store.versions.under([name])]) compute.retire(specKey(value));
  await cloud.storage.transaction(() => {
    for (const table of [store.versions, store.aliases, store.statements, store.invokeConfigs])
      for (const { key } of [...table.under([name])]) void table.remove(key);
    void store.functions.remove(name);
  });
  code.forget(name);
}

async function updateFunctionCode(
  { refusePublish, latest, replace, code }: FunctionScope,
  input: Sdk.UpdateFunctionCodeCommandInput,
  call: Call,
) {
  refusePublish(input.Publish);
  const previous = latest(input.FunctionName);
  return replace(previous, { code: await code.take(previous.name, input, call) });
}

async function updateFunctionConfiguration(
  { latest, requireAssumable, replace }: FunctionScope,
  input: Sdk.UpdateFunctionConfigurationCommandInput,
) {
  const previous = latest(input.FunctionName);
  const { kmsKeyArn: _key, deadLetterArn: _dead, logGroup: _group, ...rest } = previous;
  const configuration = configure(input, previous);
  requireAssumable(configuration.role);
  return replace(rest, configuration);
}

function getFunction({ store }: FunctionScope, input: Sdk.GetFunctionCommandInput) {
  const { name, qualifier } = parseReference(input.FunctionName ?? '', input.Qualifier);
  const { reserved, tags } = store.function(name);
  const configuration = describeVersion(store, store.version(name, qualifier), qualifier !== undefined);
  const concurrency = reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reserved } };
  return { Configuration: configuration, Code: { RepositoryType: 'S3', Location: '' }, Tags: tags, ...concurrency };
}

function getFunctionConfiguration({ store }: FunctionScope, input: Sdk.GetFunctionConfigurationCommandInput) {
  const { name, qualifier } = parseReference(input.FunctionName ?? '', input.Qualifier);
  return describeVersion(store, store.version(name, qualifier), qualifier !== undefined);
}

function listFunctions({ store }: FunctionScope) {
  return {
    Functions: [...store.functions.entries()].map(({ value }) => describeVersion(store, store.version(value.name, undefined))),
  };
}

async function putFunctionConcurrency(
  { store }: FunctionScope,
  input: Sdk.PutFunctionConcurrencyCommandInput,
): Promise<Sdk.Concurrency> {
  const record = store.function(parseReference(input.FunctionName ?? '').name);
  const reserved = input.ReservedConcurrentExecutions ?? 0;
  const others = [...store.functions.entries()].reduce(
    (sum, { value }) => sum + (value.name === record.name ? 0 : (value.reserved ?? 0)),
    0,
  );
  if (ACCOUNT_CONCURRENCY - others - reserved < MIN_UNRESERVED) {
    throw new AwsError(
      'InvalidParameterValueException',
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${MIN_UNRESERVED}].`,
      { status: 400 },
    );
  }
  await store.functions.put(record.name, { ...record, reserved });
  return { ReservedConcurrentExecutions: reserved };
}

function getFunctionConcurrency({ store }: FunctionScope, input: Sdk.GetFunctionConcurrencyCommandInput) {
  const { reserved } = store.function(parseReference(input.FunctionName ?? '').name);
  return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
}

async function deleteFunctionConcurrency({ store }: FunctionScope, input: Sdk.DeleteFunctionConcurrencyCommandInput) {
  const { reserved: _, ...record } = store.function(parseReference(input.FunctionName ?? '').name);
  await store.functions.put(record.name, record);
}

/** Functions: create, change, read, delete. */
export function functionOperations({ cloud, store, code, compute }: FunctionParts): Operations {
  const scope = functionScope({ cloud, store, code, compute });
  return {
    CreateFunction: (input: Sdk.CreateFunctionCommandInput, call: Call) => createFunction(scope, input, call),
    DeleteFunction: (input: Sdk.DeleteFunctionCommandInput) => deleteFunction(scope, input),
    UpdateFunctionCode: (input: Sdk.UpdateFunctionCodeCommandInput, call: Call) => updateFunctionCode(scope, input, call),
    UpdateFunctionConfiguration: (input: Sdk.UpdateFunctionConfigurationCommandInput) =>
      updateFunctionConfiguration(scope, input),
    GetFunction: (input: Sdk.GetFunctionCommandInput) => getFunction(scope, input),
    GetFunctionConfiguration: (input: Sdk.GetFunctionConfigurationCommandInput) => getFunctionConfiguration(scope, input),
    ListFunctions: () => listFunctions(scope),
    PutFunctionConcurrency: (input: Sdk.PutFunctionConcurrencyCommandInput) => putFunctionConcurrency(scope, input),
    GetFunctionConcurrency: (input: Sdk.GetFunctionConcurrencyCommandInput) => getFunctionConcurrency(scope, input),
    DeleteFunctionConcurrency: (input: Sdk.DeleteFunctionConcurrencyCommandInput) => deleteFunctionConcurrency(scope, input),
    ...tagOperations(store),
  };
}

function tagOperations(store: LambdaStore): Operations {
  const change = (arn: string | undefined, alter: (tags: Record<string, string>) => Record<string, string>): Promise<void> => {
    const record: FunctionRecord = store.function(parseReference(arn ?? '').name);
    return store.functions.put(record.name, { ...record, tags: alter({ ...record.tags }) });
  };
  return {
    TagResource: (input: Sdk.TagResourceCommandInput) => change(input.Resource, (tags) => ({ ...tags, ...input.Tags })),
    UntagResource: (input: Sdk.UntagResourceCommandInput) =>
      change(input.Resource, (tags) => Object.fromEntries(Object.entries(tags).filter(([key]) => !input.TagKeys?.includes(key)))),
    ListTags: (input: Sdk.ListTagsCommandInput) => ({ Tags: store.function(parseReference(input.Resource ?? '').name).tags }),
  };
}
