import type * as Sdk from '@aws-sdk/client-api-gateway';
import type { Operations } from '../../../cloud';
import type { Quotas } from '../gateway/quota';
import { applyPatch, defined, type PatchFields } from '../patch';
import type { PlanRecord, Throttle } from '../records';
import { badRequest, conflict, newId, notFound, type Store } from '../store';
import { page } from './paging';

const MAX_PLANS = 300;
const MAX_PLANS_PER_KEY = 10;
const DAY_MS = 86_400_000;
const PLAN_FIELDS: PatchFields = {
  '/name': 'text',
  '/description': 'text',
  '/throttle': 'group',
  '/throttle/rateLimit': 'number',
  '/throttle/burstLimit': 'number',
  '/quota': 'group',
  '/quota/limit': 'number',
  '/quota/offset': 'number',
  '/quota/period': 'text',
};

type ApiStages = PlanRecord['apiStages'];

function describePlan(record: PlanRecord): Sdk.UsagePlan {
  const { created: _, apiStages, ...rest } = record;
  return { ...rest, apiStages: apiStages.map((stage) => ({ ...stage })) as Sdk.ApiStage[] };
}

function checkPlan(store: Store, record: PlanRecord): PlanRecord {
  if (record.name === '') throw badRequest('Usage Plan name cannot be empty');
  for (const { apiId, stage } of record.apiStages) {
    if (store.stages.get([apiId, stage]) === undefined) throw notFound(`API stage ${apiId}:${stage}`);
  }
  const { quota } = record;
  if (quota !== undefined) {
    if (!['DAY', 'WEEK', 'MONTH'].includes(quota.period)) throw badRequest('Usage Plan quota period must be DAY, WEEK or MONTH');
    if (!(quota.limit >= 0)) throw badRequest('Usage Plan quota limit must be a non-negative number');
    if (quota.offset < 0 || quota.offset > quota.limit) throw badRequest('Usage Plan quota offset must not exceed its limit');
  }
  for (const throttle of [record.throttle, ...record.apiStages.flatMap((stage) => Object.values(stage.throttle ?? {}))])
    if ((throttle?.rateLimit ?? 0) < 0 || (throttle?.burstLimit ?? 0) < 0)
      throw badRequest('Usage Plan throttle limits must not be negative');
  return record;
}

/** Patches of `/apiStages`: a stage is added or removed by value `api:stage`; its method throttles are one JSON map. */
function patchStages(stages: ApiStages, operation: Sdk.PatchOperation): ApiStages {
  const [, name, part] = (operation.path ?? '').slice(1).split('/');
  const reference = name ?? operation.value ?? '';
  const [apiId = '', stage = ''] = reference.split(':');
  const others = stages.filter((item) => item.apiId !== apiId || item.stage !== stage);
  const existing = stages.find((item) => item.apiId === apiId && item.stage === stage);
  if (name === undefined) {
    if (operation.op === 'remove') return others;
    return existing === undefined ? [...stages, { apiId, stage }] : stages;
  }
  if (existing === undefined || part !== 'throttle')
    throw badRequest(`Invalid patch path '${operation.path}' specified for op '${operation.op}'.`);
  if (operation.op === 'remove') return [...others, { apiId, stage }];
  return [...others, { apiId, stage, throttle: JSON.parse(operation.value ?? '{}') as Record<string, Throttle> }];
}

function patchPlan(record: PlanRecord, operations: readonly Sdk.PatchOperation[] | undefined): PlanRecord {
  const isStage = (operation: Sdk.PatchOperation): boolean => operation.path?.split('/')[1] === 'apiStages';
  const patched = applyPatch(
    record,
    (operations ?? []).filter((operation) => !isStage(operation)),
    PLAN_FIELDS,
  );
  return { ...patched, apiStages: (operations ?? []).filter(isStage).reduce(patchStages, record.apiStages) };
}

function planOperations(store: Store): Operations {
  const put = async (record: PlanRecord): Promise<Sdk.UsagePlan> => {
    await store.plans.put(record.id, checkPlan(store, record));
    store.changed();
    return describePlan(record);
  };
  return {
    CreateUsagePlan: (input: Sdk.CreateUsagePlanCommandInput) => {
      if ([...store.plans.entries()].length >= MAX_PLANS) throw badRequest('Maximum number of usage plans has been reached');
      const { quota } = input;
      const record = defined({
        id: newId(6),
        name: input.name ?? '',
        description: input.description,
        created: store.cloud.clock.now(),
        throttle: input.throttle === undefined ? undefined : defined({ ...input.throttle }),
        quota: quota === undefined ? undefined : { limit: quota.limit ?? 0, offset: quota.offset ?? 0, period: quota.period },
        apiStages: (input.apiStages ?? []).map((stage) => defined({ ...stage })),
        tags: input.tags ?? {},
      }) as PlanRecord;
      return put(record);
    },
    GetUsagePlan: (input: Sdk.GetUsagePlanCommandInput) => describePlan(store.plan(input.usagePlanId)),
    GetUsagePlans: (input: Sdk.GetUsagePlansCommandInput) =>
      page(
        [...store.plans.entries()]
          .map(({ value }) => value)
          .filter(({ id }) => input.keyId === undefined || store.planKeys.get([id, input.keyId]) === true)
          .map(describePlan),
        input,
      ),
    UpdateUsagePlan: (input: Sdk.UpdateUsagePlanCommandInput) =>
      put(patchPlan(store.plan(input.usagePlanId), input.patchOperations)),
    DeleteUsagePlan: async (input: Sdk.DeleteUsagePlanCommandInput) => {
      const { id, apiStages } = store.plan(input.usagePlanId);
      const live = apiStages.filter(({ apiId, stage }) => store.stages.get([apiId, stage]) !== undefined);
      if (live.length > 0) throw badRequest('Cannot delete Usage Plan while it is associated with API stages');
      await store.cloud.storage.transaction(() => {
        for (const table of [store.planKeys, store.usage]) for (const { key } of [...table.under([id])]) void table.remove(key);
        void store.plans.remove(id);
      });
      store.changed();
    },
  };
}

function planKeyOperations(store: Store): Operations {
  const describe = (keyId: string): Sdk.UsagePlanKey => {
    const { id, name, value } = store.key(keyId);
    return defined({ id, type: 'API_KEY', name, value }) as Sdk.UsagePlanKey;
  };
  const member = (plan: string | undefined, key: string | undefined): [string, string] => {
    const { id } = store.plan(plan);
    if (store.planKeys.get([id, key ?? '']) === undefined) throw notFound('Usage Plan Key identifier');
    return [id, key ?? ''];
  };
  return {
    CreateUsagePlanKey: async (input: Sdk.CreateUsagePlanKeyCommandInput) => {
      const plan = store.plan(input.usagePlanId);
      const key = store.key(input.keyId);
      if (input.keyType !== 'API_KEY') throw badRequest(`Invalid usage plan key type: ${input.keyType}`);
      if (store.planKeys.get([plan.id, key.id]) !== undefined) throw conflict('Usage Plan Key already exists');
      const others = [...store.plans.entries()]
        .map(({ value }) => value)
        .filter(({ id }) => store.planKeys.get([id, key.id]) === true);
      if (others.length >= MAX_PLANS_PER_KEY) throw badRequest('API Key can be associated with at most 10 usage plans');
      const stages = new Set(others.flatMap(({ apiStages }) => apiStages.map(({ apiId, stage }) => `${apiId}:${stage}`)));
      if (plan.apiStages.some(({ apiId, stage }) => stages.has(`${apiId}:${stage}`)))
        throw conflict(`API Key ${key.id} cannot be associated with more than one usage plan of the same API stage`);
      await store.planKeys.put([plan.id, key.id], true);
      store.changed();
      return describe(key.id);
    },
    GetUsagePlanKey: (input: Sdk.GetUsagePlanKeyCommandInput) => describe(member(input.usagePlanId, input.keyId)[1]),
    GetUsagePlanKeys: (input: Sdk.GetUsagePlanKeysCommandInput) =>
      page(
        [...store.planKeys.under([store.plan(input.usagePlanId).id])].map(({ key }) => describe(String((key as string[])[1]))),
        input,
      ),
    DeleteUsagePlanKey: async (input: Sdk.DeleteUsagePlanKeyCommandInput) => {
      await store.planKeys.remove(member(input.usagePlanId, input.keyId));
      store.changed();
    },
  };
}

function daysOf(start: string | undefined, end: string | undefined): string[] {
  const first = Date.parse(`${start}T00:00:00Z`);
  const last = Date.parse(`${end}T00:00:00Z`);
  if (Number.isNaN(first) || Number.isNaN(last) || last < first) throw badRequest('Invalid date range specified');
  const days: string[] = [];
  for (let day = first; day <= last && days.length < 90; day += DAY_MS) days.push(new Date(day).toISOString().slice(0, 10));
  return days;
}

function usageOperations(store: Store, quotas: Quotas): Operations {
  return {
    GetUsage: (input: Sdk.GetUsageCommandInput) => {
      const plan = store.plan(input.usagePlanId);
      const days = daysOf(input.startDate, input.endDate);
      const keys = [...store.planKeys.under([plan.id])].map(({ key }) => String((key as string[])[1]));
      const wanted = keys.filter((key) => input.keyId === undefined || key === input.keyId);
      const { items, position } = page(wanted, input);
      const rows = items.map((key) => {
        let left = plan.quota?.limit ?? 0;
        const usage = days.map((day) => {
          const used = quotas.usedOn(plan.id, key, day);
          left = Math.max(0, (plan.quota?.period === 'DAY' ? plan.quota.limit : left) - used);
          return [used, left];
        });
        return [key, usage] as const;
      });
      const { startDate, endDate } = input;
      return defined({ usagePlanId: plan.id, startDate, endDate, position, items: Object.fromEntries(rows) });
    },
  };
}

/** Usage plans, the keys in them, and what the keys have used. */
export function plansOperations(store: Store, quotas: Quotas): Operations {
  return { ...planOperations(store), ...planKeyOperations(store), ...usageOperations(store, quotas) };
}
