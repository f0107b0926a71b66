import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Cloud, Operations } from '../../../cloud';
import { ClientTokens, checkRequestToken } from '../client-tokens';
import { conflict, refuse } from '../names';
import { inTime, page } from '../paging';
import type { Engine } from './engine';
import { announceExecution } from './events';
import { parameterValues } from './parameters';
import { parseDefinition } from './parse';
import { type ExecutionRecord, isOver, type PipelineStore, type StepRecord } from './records';
import { executionId } from './resource-names';

function describeStep(record: StepRecord, displayName: string | undefined): Sdk.PipelineExecutionStep {
  return {
    StepName: record.name,
    StepDisplayName: displayName,
    StartTime: new Date(record.started),
    EndTime: record.ended === undefined ? undefined : new Date(record.ended),
    StepStatus: record.status,
    FailureReason: record.failureReason,
    AttemptCount: record.attempts,
    Metadata: record.metadata,
    CacheHitResult: record.cacheSource === undefined ? undefined : { SourcePipelineExecutionArn: record.cacheSource },
  };
}

function describe(execution: ExecutionRecord): Partial<Sdk.DescribePipelineExecutionCommandOutput> {
  const { parallelism } = execution;
  return {
    PipelineArn: execution.pipelineArn,
    PipelineExecutionArn: execution.arn,
    PipelineExecutionDisplayName: execution.displayName,
    PipelineExecutionDescription: execution.description,
    PipelineExecutionStatus: execution.status,
    FailureReason: execution.failureReason,
    CreationTime: new Date(execution.created),
    LastModifiedTime: new Date(execution.modified),
    CreatedBy: {},
    LastModifiedBy: {},
    ParallelismConfiguration: parallelism === undefined ? undefined : { MaxParallelExecutionSteps: parallelism },
    PipelineVersionId: execution.version,
  };
}

/** What the operations share. */
function executionScope(cloud: Cloud, store: PipelineStore, engine: Engine) {
  const tokens = new ClientTokens(cloud);
  return { store, cloud, tokens, engine };
}
type ExecutionScope = ReturnType<typeof executionScope>;

async function startPipelineExecution(
  { store, cloud, tokens, engine }: ExecutionScope,
  input: Sdk.StartPipelineExecutionCommandInput,
): Promise<object> {
  refuse('StartPipelineExecution', {
    SelectiveExecutionConfig: input.SelectiveExecutionConfig !== undefined,
    PipelineVersionId: input.PipelineVersionId !== undefined,
  });
  const { ClientRequestToken: token, ...request } = input;
  checkRequestToken(token);
  const pipeline = store.pipeline(input.PipelineName);
  const parameters = input.PipelineParameters ?? [];
  parameterValues(parseDefinition(pipeline.definition).parameters, parameters);
  const id = executionId();
  const now = cloud.clock.now();
  const parallelism = input.ParallelismConfiguration?.MaxParallelExecutionSteps ?? pipeline.parallelism;
  const execution: ExecutionRecord = {
    id,
    arn: `${pipeline.arn}/execution/${id}`,
    pipeline: pipeline.name,
    pipelineArn: pipeline.arn,
    version: pipeline.version,
    definition: pipeline.definition,
    roleArn: pipeline.roleArn,
    parameters,
    status: 'Executing',
    created: now,
    modified: now,
    displayName: input.PipelineExecutionDisplayName ?? `execution-${now}`,
    ...(input.PipelineExecutionDescription === undefined ? {} : { description: input.PipelineExecutionDescription }),
    ...(parallelism === undefined ? {} : { parallelism }),
  };
  const answer = { PipelineExecutionArn: execution.arn };
  const made = await cloud.storage.transaction(() => {
    const first = tokens.find<object>('StartPipelineExecution', token, request);
    if (first !== undefined) return { first };
    void store.putExecution(execution);
    void store.pipelines.put(pipeline.name, { ...pipeline, lastRun: now });
    tokens.keep('StartPipelineExecution', token, request, answer);
    return { tell: announceExecution(cloud, execution, undefined, false) };
  });
  if ('first' in made) return made.first;
  await made.tell();
  void engine.wake(execution.arn);
  return answer;
}

async function stopPipelineExecution(
  { cloud, store, engine }: ExecutionScope,
  input: Sdk.StopPipelineExecutionCommandInput,
): Promise<object> {
  const stopping = await cloud.storage.transaction(() => {
    const execution = store.execution(input.PipelineExecutionArn);
    if (isOver(execution.status))
      throw conflict(`Only pipeline executions with a status of Executing can be stopped; it is ${execution.status}.`);
    const next: ExecutionRecord = { ...execution, status: 'Stopping', modified: cloud.clock.now() };
    void store.putExecution(next);
    return next;
  });
  void cloud.activity.track(engine.stopSteps(stopping));
  return { PipelineExecutionArn: stopping.arn };
}

async function retryPipelineExecution(
  { store, cloud, engine }: ExecutionScope,
  input: Sdk.RetryPipelineExecutionCommandInput,
): Promise<object> {
  const execution = store.execution(input.PipelineExecutionArn);
  if (execution.status !== 'Failed' && execution.status !== 'Stopped')
    throw conflict(`Only failed and stopped pipeline executions can be retried; it is ${execution.status}.`);
  const again = store.steps(execution).filter(({ status }) => status !== 'Succeeded');
  if (again.some(({ type }) => type === 'Fail')) throw conflict('A pipeline execution that a Fail step ended cannot be retried.');
  const { failureReason: _, ...rest } = execution;
  const parallelism = input.ParallelismConfiguration?.MaxParallelExecutionSteps;
  const begun: ExecutionRecord = {
    ...rest,
    status: 'Executing',
    modified: cloud.clock.now(),
    ...(parallelism === undefined ? {} : { parallelism }),
  };
  const tell = await cloud.storage.transaction(() => {
    for (const { name } of again) void store.removeStep(execution, name);
    void store.putExecution(begun);
    return announceExecution(cloud, begun, undefined, false);
  });
  await tell();
  void engine.wake(begun.arn);
  return { PipelineExecutionArn: execution.arn };
}

function listPipelineExecutions({ store }: ExecutionScope, input: Sdk.ListPipelineExecutionsCommandInput): object {
  const sign = input.SortOrder === 'Ascending' ? 1 : -1;
  refuse('ListPipelineExecutions', { 'SortBy PipelineExecutionArn': input.SortBy === 'PipelineExecutionArn' });
  const fits = store
    .executionsOf(store.pipeline(input.PipelineName).name)
    .filter((record) => inTime(record, { CreationTimeAfter: input.CreatedAfter, CreationTimeBefore: input.CreatedBefore }))
    .sort((a, b) => sign * (a.created - b.created));
  const { items, next } = page(fits, input);
  const summaries = items.map((execution) => ({
    PipelineExecutionArn: execution.arn,
    StartTime: new Date(execution.created),
    PipelineExecutionStatus: execution.status,
    PipelineExecutionDescription: execution.description,
    PipelineExecutionDisplayName: execution.displayName,
    PipelineExecutionFailureReason: execution.failureReason,
  }));
  return { PipelineExecutionSummaries: summaries, ...next };
}

function listPipelineExecutionSteps({ store }: ExecutionScope, input: Sdk.ListPipelineExecutionStepsCommandInput): object {
  const execution = store.execution(input.PipelineExecutionArn);
  const names = new Map(parseDefinition(execution.definition).steps.map((step) => [step.name, step.displayName]));
  const sign = input.SortOrder === 'Ascending' ? 1 : -1;
  const sorted = store.steps(execution).sort((a, b) => sign * (a.order - b.order));
  const { items, next } = page(sorted, input);
  return { PipelineExecutionSteps: items.map((record) => describeStep(record, names.get(record.name))), ...next };
}

function listPipelineParametersForExecution(
  { store }: ExecutionScope,
  input: Sdk.ListPipelineParametersForExecutionCommandInput,
) {
  const { items, next } = page(store.execution(input.PipelineExecutionArn).parameters, input);
  return { PipelineParameters: items, ...next };
}

function describePipelineDefinitionForExecution(
  { store }: ExecutionScope,
  input: Sdk.DescribePipelineDefinitionForExecutionCommandInput,
) {
  const execution = store.execution(input.PipelineExecutionArn);
  return { PipelineDefinition: execution.definition, CreationTime: new Date(execution.created) };
}

/** Executions: started with parameters, looked at, stopped, tried again. */
export function executionOperations(cloud: Cloud, store: PipelineStore, engine: Engine): Operations {
  const scope = executionScope(cloud, store, engine);
  return {
    StartPipelineExecution: (input: Sdk.StartPipelineExecutionCommandInput) => startPipelineExecution(scope, input),
    StopPipelineExecution: (input: Sdk.StopPipelineExecutionCommandInput) => stopPipelineExecution(scope, input),
    RetryPipelineExecution: (input: Sdk.RetryPipelineExecutionCommandInput) => retryPipelineExecution(scope, input),
    DescribePipelineExecution: (input: Sdk.DescribePipelineExecutionCommandInput) =>
      describe(store.execution(input.PipelineExecutionArn)),
    ListPipelineExecutions: (input: Sdk.ListPipelineExecutionsCommandInput) => listPipelineExecutions(scope, input),
    ListPipelineExecutionSteps: (input: Sdk.ListPipelineExecutionStepsCommandInput) => listPipelineExecutionSteps(scope, input),
    ListPipelineParametersForExecution: (input: Sdk.ListPipelineParametersForExecutionCommandInput) =>
      listPipelineParametersForExecution(scope, input),
    DescribePipelineDefinitionForExecution: (input: Sdk.DescribePipelineDefinitionForExecutionCommandInput) =>
      describePipelineDefinitionForExecution(scope, input),
  };
}
