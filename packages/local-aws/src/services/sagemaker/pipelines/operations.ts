import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Call, Cloud, Operations } from '../../../cloud';
import { validationError } from '../../../errors';
import { ClientTokens, checkRequestToken } from '../client-tokens';
import { conflict, NAME_256, refuse, requireName } from '../names';
import { inTime, page } from '../paging';
import { S3Files } from '../s3-files';
import type { TagStore } from '../tags';
import { parseDefinition } from './parse';
import { isOver, type PipelineRecord, type PipelineStore } from './records';

const MAX_DEFINITION = 1_048_576;

interface DefinitionSource {
  readonly PipelineDefinition?: string | undefined;
  readonly PipelineDefinitionS3Location?: Sdk.PipelineDefinitionS3Location | undefined;
}

type Changeable = Sdk.CreatePipelineCommandInput | Sdk.UpdatePipelineCommandInput;

function changes(input: Changeable): Partial<PipelineRecord> {
  const parallelism = input.ParallelismConfiguration?.MaxParallelExecutionSteps;
  return {
    ...(input.RoleArn === undefined ? {} : { roleArn: input.RoleArn }),
    ...(input.PipelineDisplayName === undefined ? {} : { displayName: input.PipelineDisplayName }),
    ...(input.PipelineDescription === undefined ? {} : { description: input.PipelineDescription }),
    ...(parallelism === undefined ? {} : { parallelism }),
  };
}

/** What the operations share. */
function pipelineScope(cloud: Cloud, store: PipelineStore, tagStore: TagStore) {
  const tokens = new ClientTokens(cloud);
  /** The definition's text, checked; undefined if the request has none. */
  const definitionOf = async (input: DefinitionSource, call: Call): Promise<string | undefined> => {
    const { PipelineDefinition: given, PipelineDefinitionS3Location: location } = input;
    if (given !== undefined && location !== undefined)
      throw validationError('Give either PipelineDefinition or PipelineDefinitionS3Location, not both');
    refuse('PipelineDefinitionS3Location', { VersionId: location?.VersionId !== undefined });
    const text =
      location === undefined
        ? given
        : (await new S3Files(cloud, call.caller).read(`s3://${location.Bucket}/${location.ObjectKey}`)).toString('utf8');
    if (text === undefined) return undefined;
    if (text.length > MAX_DEFINITION) throw validationError(`The definition is longer than ${MAX_DEFINITION} characters`);
    parseDefinition(text);
    return text;
  };
  const describe = (record: PipelineRecord): Partial<Sdk.DescribePipelineCommandOutput> => ({
    PipelineArn: record.arn,
    PipelineName: record.name,
    PipelineDisplayName: record.displayName,
    PipelineDescription: record.description,
    PipelineDefinition: record.definition,
    RoleArn: record.roleArn,
    PipelineStatus: 'Active',
    CreationTime: new Date(record.created),
    LastModifiedTime: new Date(record.modified),
    LastRunTime: record.lastRun === undefined ? undefined : new Date(record.lastRun),
    CreatedBy: {},
    LastModifiedBy: {},
    ParallelismConfiguration: record.parallelism === undefined ? undefined : { MaxParallelExecutionSteps: record.parallelism },
  });
  return { definitionOf, cloud, store, tokens, tagStore, describe };
}
type PipelineScope = ReturnType<typeof pipelineScope>;

async function createPipeline(
  { definitionOf, cloud, store, tokens, tagStore }: PipelineScope,
  input: Sdk.CreatePipelineCommandInput,
  call: Call,
): Promise<object> {
  const name = requireName(input.PipelineName, 'pipelineName', NAME_256);
  const definition = await definitionOf(input, call);
  if (definition === undefined) throw validationError('PipelineDefinition or PipelineDefinitionS3Location is required');
  const roleArn = input.RoleArn;
  if (roleArn === undefined) throw validationError('RoleArn is required');
  const { ClientRequestToken: token, ...request } = input;
  checkRequestToken(token);
  const now = cloud.clock.now();
  const arn = store.pipelineArn(name);
  const answer = await cloud.storage.transaction(() => {
    const first = tokens.find('CreatePipeline', token, request);
    if (first !== undefined) return first;
    if (store.pipelines.get(name) !== undefined)
      throw validationError(
        `Pipeline names must be unique within an AWS account and region. Pipeline with name (${name}) already exists.`,
      );
    const record = { name, arn, roleArn, definition, created: now, modified: now, version: 1, ...changes(input) };
    void store.pipelines.put(name, record);
    tokens.keep('CreatePipeline', token, request, { PipelineArn: arn });
    return { PipelineArn: arn };
  });
  await tagStore.add(arn, input.Tags);
  return answer;
}

async function updatePipeline(
  { store, definitionOf, cloud }: PipelineScope,
  input: Sdk.UpdatePipelineCommandInput,
  call: Call,
): Promise<object> {
  const { name } = store.pipeline(input.PipelineName);
  const definition = await definitionOf(input, call);
  const record = await cloud.storage.transaction(() => {
    const current = store.pipeline(name);
    const text = definition === undefined ? {} : { definition };
    const next = { ...current, ...changes(input), ...text, modified: cloud.clock.now(), version: current.version + 1 };
    void store.pipelines.put(name, next);
    return next;
  });
  return { PipelineArn: record.arn, PipelineVersionId: record.version };
}

function describePipeline({ describe, store }: PipelineScope, input: Sdk.DescribePipelineCommandInput) {
  refuse('DescribePipeline', { PipelineVersionId: input.PipelineVersionId !== undefined });
  return describe(store.pipeline(input.PipelineName));
}

async function deletePipeline({ store, tagStore }: PipelineScope, input: Sdk.DeletePipelineCommandInput) {
  const { name, arn } = store.pipeline(input.PipelineName);
  if (store.executionsOf(name).some(({ status }) => !isOver(status)))
    throw conflict(`Pipeline '${arn}' cannot be deleted while an execution is running.`);
  await store.pipelines.remove(name);
  await tagStore.remove(arn);
  return { PipelineArn: arn };
}

function listPipelines({ store, describe }: PipelineScope, input: Sdk.ListPipelinesCommandInput) {
  const sign = input.SortOrder === 'Ascending' ? 1 : -1;
  const key = (record: PipelineRecord): string | number => (input.SortBy === 'Name' ? record.name : record.created);
  const fits = [...store.pipelines.entries()]
    .map(({ value }) => value)
    .filter((record) => record.name.startsWith(input.PipelineNamePrefix ?? ''))
    .filter((record) => inTime(record, { CreationTimeAfter: input.CreatedAfter, CreationTimeBefore: input.CreatedBefore }))
    .sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
  const { items, next } = page(fits, input);
  return {
    PipelineSummaries: items.map((record) => {
      const { PipelineDefinition: _, ...summary } = describe(record);
      return { ...summary, LastExecutionTime: summary.LastRunTime };
    }),
    ...next,
  };
}

/** Pipelines themselves; their definitions are parsed here, so that a run never meets a broken one. */
export function pipelineOperations(cloud: Cloud, store: PipelineStore, tagStore: TagStore): Operations {
  const scope = pipelineScope(cloud, store, tagStore);
  return {
    CreatePipeline: (input: Sdk.CreatePipelineCommandInput, call: Call) => createPipeline(scope, input, call),
    UpdatePipeline: (input: Sdk.UpdatePipelineCommandInput, call: Call) => updatePipeline(scope, input, call),
    DescribePipeline: (input: Sdk.DescribePipelineCommandInput) => describePipeline(scope, input),
    DeletePipeline: (input: Sdk.DeletePipelineCommandInput) => deletePipeline(scope, input),
    ListPipelines: (input: Sdk.ListPipelinesCommandInput) => listPipelines(scope, input),
  };
}
