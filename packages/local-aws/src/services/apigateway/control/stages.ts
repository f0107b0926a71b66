import type * as Sdk from '@aws-sdk/client-api-gateway';
import type { Operations } from '../../../cloud';
import { applyPatch, defined, type PatchFields } from '../patch';
import type { DeploymentRecord, Snapshot, StageRecord } from '../records';
import { badRequest, conflict, newId, type Store } from '../store';
import { page } from './paging';

const MAX_STAGES = 10;
const STAGE_FIELDS: PatchFields = {
  '/deploymentId': 'text',
  '/description': 'text',
  '/tracingEnabled': 'boolean',
  '/variables/*': 'text',
  '/accessLogSettings/destinationArn': 'text',
  '/accessLogSettings/format': 'text',
  '/accessLogSettings': 'group',
  '/methodSettings/*/metricsEnabled': 'boolean',
  '/methodSettings/*/loggingLevel': 'text',
  '/methodSettings/*/dataTraceEnabled': 'boolean',
  '/methodSettings/*/throttlingBurstLimit': 'number',
  '/methodSettings/*/throttlingRateLimit': 'number',
  '/methodSettings/*/cachingEnabled': 'boolean',
};
/** Patch paths below `/{resource}/{method}` as AWS names them, and the setting that each is. */
const SETTING_PATHS: Readonly<Record<string, string>> = {
  'metrics/enabled': 'metricsEnabled',
  'logging/loglevel': 'loggingLevel',
  'logging/dataTrace': 'dataTraceEnabled',
  'throttling/burstLimit': 'throttlingBurstLimit',
  'throttling/rateLimit': 'throttlingRateLimit',
  'caching/enabled': 'cachingEnabled',
};

function describeStage(record: StageRecord): Sdk.Stage {
  const { created, updated, ...rest } = record;
  return {
    ...rest,
    variables: { ...record.variables },
    methodSettings: { ...record.methodSettings },
    createdDate: new Date(created),
    lastUpdatedDate: new Date(updated),
    cacheClusterEnabled: false,
    cacheClusterStatus: 'NOT_AVAILABLE',
  };
}

function describeDeployment(record: DeploymentRecord): Sdk.Deployment {
  const { id, description, created } = record;
  return defined({ id, description, createdDate: new Date(created) }) as Sdk.Deployment;
}

function freeze(store: Store, api: string): Snapshot {
  const all = <V>(table: { under(prefix: string[]): Iterable<{ value: V }> }): V[] =>
    [...table.under([api])].map(({ value }) => value);
  const snapshot: Snapshot = {
    api: store.api(api),
    resources: all(store.resources),
    methods: all(store.methods),
    models: all(store.models),
    validators: all(store.validators),
    authorizers: all(store.authorizers),
    responses: all(store.responses),
  };
  if (snapshot.methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
  if (snapshot.methods.some(({ integration }) => integration === undefined))
    throw badRequest('No integration defined for method');
  return snapshot;
}

function checkStage(store: Store, api: string, record: StageRecord): StageRecord {
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(record.stageName))
    throw badRequest('Stage name only allows a-zA-Z0-9_- and has a maximum length of 128 characters');
  store.deployment(api, record.deploymentId);
  const log = record.accessLogSettings;
  if (log?.destinationArn !== undefined) {
    if (!/^arn:[^:]+:logs:[^:]+:[^:]+:log-group:.+$/.test(log.destinationArn))
      throw badRequest(`The local AWS writes access logs to log groups only; given ${log.destinationArn}`);
    if (log.format === undefined) throw badRequest('Access Log format must be single line');
    if (/[\n\r]/.test(log.format.trimEnd())) throw badRequest('Access Log format must be single line');
    if (!log.format.includes('$context.requestId') && !log.format.includes('$context.extendedRequestId'))
      throw badRequest('The access log format must include $context.requestId or $context.extendedRequestId');
    if (store.account.get('account')?.cloudwatchRoleArn === undefined)
      throw badRequest('CloudWatch Logs role ARN must be set in account settings to enable logging');
  }
  for (const [path, setting] of Object.entries(record.methodSettings)) {
    if (setting.cachingEnabled === true)
      throw badRequest(`The local AWS has no response cache: caching/enabled of ${path} cannot be true`);
  }
  return record;
}

/** Patch operations on `/{resource}/{method}/...` as operations on the record's map of settings. */
function settingPatches(operations: readonly Sdk.PatchOperation[] | undefined): Sdk.PatchOperation[] {
  return (operations ?? []).map((operation) => {
    const [resource = '', method = '', ...rest] = (operation.path ?? '').slice(1).split('/');
    const name = SETTING_PATHS[rest.join('/')];
    if (name === undefined) return operation;
    const key = `${resource}/${method}`.replaceAll('~', '~0').replaceAll('/', '~1');
    return { ...operation, path: `/methodSettings/${key}/${name}` };
  });
}

function refuseCache(input: { cacheClusterEnabled?: boolean | undefined; canarySettings?: unknown }): void {
  if (input.cacheClusterEnabled === true)
    throw badRequest('The local AWS has no response cache: cacheClusterEnabled is not supported');
  if (input.canarySettings !== undefined) throw badRequest('The local AWS does not support canarySettings');
}

function stageOperations(store: Store): Operations {
  const put = async (api: string, record: StageRecord): Promise<StageRecord> => {
    await store.stages.put([api, record.stageName], checkStage(store, api, record));
    store.changed();
    return record;
  };
  return {
    CreateStage: async (input: Sdk.CreateStageCommandInput) => {
      refuseCache(input);
      if (input.documentationVersion !== undefined) throw badRequest('The local AWS keeps no documentation versions');
      const { id: api } = store.api(input.restApiId);
      if (store.stages.get([api, input.stageName ?? '']) !== undefined) throw conflict('Stage already exists');
      if (store.stagesOf(api).length >= MAX_STAGES)
        throw badRequest(
          'Maximum number of stages for this API has been reached. Please contact AWS if you need additional stages.',
        );
      const now = store.cloud.clock.now();
      const record = defined({
        stageName: input.stageName ?? '',
        deploymentId: input.deploymentId ?? '',
        description: input.description,
        created: now,
        updated: now,
        tracingEnabled: input.tracingEnabled ?? false,
        variables: input.variables ?? {},
        methodSettings: {},
        tags: input.tags ?? {},
      }) as StageRecord;
      return describeStage(await put(api, record));
    },
    GetStage: (input: Sdk.GetStageCommandInput) => describeStage(store.stage(input.restApiId, input.stageName)),
    GetStages: (input: Sdk.GetStagesCommandInput) => ({
      item: store
        .stagesOf(store.api(input.restApiId).id)
        .filter(({ deploymentId }) => input.deploymentId === undefined || deploymentId === input.deploymentId)
        .map(describeStage),
    }),
    UpdateStage: async (input: Sdk.UpdateStageCommandInput) => {
      const before = store.stage(input.restApiId, input.stageName);
      const patched = applyPatch(before, settingPatches(input.patchOperations), STAGE_FIELDS);
      return describeStage(await put(input.restApiId ?? '', { ...patched, updated: store.cloud.clock.now() }));
    },
    DeleteStage: async (input: Sdk.DeleteStageCommandInput) => {
      await store.stages.remove([input.restApiId ?? '', store.stage(input.restApiId, input.stageName).stageName]);
      store.changed();
    },
  };
}

function deploymentOperations(store: Store, stages: Operations): Operations {
  return {
    CreateDeployment: async (input: Sdk.CreateDeploymentCommandInput, call) => {
      refuseCache(input);
      const { id: api } = store.api(input.restApiId);
      const { description } = input;
      const record = defined({
        id: newId(6),
        description,
        created: store.cloud.clock.now(),
        snapshot: freeze(store, api),
      }) as DeploymentRecord;
      await store.deployments.put([api, record.id], record);
      if (input.stageName === undefined) return describeDeployment(record);
      const address = { restApiId: api, stageName: input.stageName };
      if (store.stages.get([api, input.stageName]) === undefined)
        await stages.CreateStage?.({ ...address, deploymentId: record.id, variables: input.variables }, call);
      else
        await stages.UpdateStage?.(
          { ...address, patchOperations: [{ op: 'replace', path: '/deploymentId', value: record.id }] },
          call,
        );
      return describeDeployment(record);
    },
    GetDeployment: (input: Sdk.GetDeploymentCommandInput) =>
      describeDeployment(store.deployment(input.restApiId, input.deploymentId)),
    GetDeployments: (input: Sdk.GetDeploymentsCommandInput) =>
      page(
        [...store.deployments.under([store.api(input.restApiId).id])].map(({ value }) => describeDeployment(value)),
        input,
      ),
    UpdateDeployment: async (input: Sdk.UpdateDeploymentCommandInput) => {
      const before = store.deployment(input.restApiId, input.deploymentId);
      const record = applyPatch(before, input.patchOperations, { '/description': 'text' });
      await store.deployments.put([input.restApiId ?? '', record.id], record);
      return describeDeployment(record);
    },
    DeleteDeployment: async (input: Sdk.DeleteDeploymentCommandInput) => {
      const { id } = store.deployment(input.restApiId, input.deploymentId);
      if (store.stagesOf(input.restApiId ?? '').some(({ deploymentId }) => deploymentId === id))
        throw badRequest('Active stages pointing to this deployment must be moved or deleted');
      await store.deployments.remove([input.restApiId ?? '', id]);
    },
  };
}

function accountOperations(store: Store): Operations {
  const describe = (): Sdk.Account => ({
    ...store.account.get('account'),
    throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
    features: ['UsagePlans'],
    apiKeyVersion: '4',
  });
  return {
    GetAccount: describe,
    UpdateAccount: async (input: Sdk.UpdateAccountCommandInput) => {
      const before = store.account.get('account') ?? {};
      await store.account.put('account', applyPatch(before, input.patchOperations, { '/cloudwatchRoleArn': 'text' }));
      return describe();
    },
  };
}

/** Deployments (frozen copies of an API), the stages that show them, and the account's settings. */
export function stagesOperations(store: Store): Operations {
  const stages = stageOperations(store);
  return { ...stages, ...deploymentOperations(store, stages), ...accountOperations(store) };
}
