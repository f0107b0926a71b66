import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import type { ResourceProperties, ResourceType } from '../../../cloud';
import { patchBetween } from '../patch';
import type { Throttle } from '../records';
import { gone, patch, TAGS_STORED, tagMap } from './support';

function throttleOf(value: ResourceProperties): Throttle {
  return {
    ...(value.RateLimit === undefined ? {} : { rateLimit: Number(value.RateLimit) }),
    ...(value.BurstLimit === undefined ? {} : { burstLimit: Number(value.BurstLimit) }),
  };
}

interface ApiStage {
  readonly apiId: string;
  readonly stage: string;
  readonly throttle: Readonly<Record<string, Throttle>>;
}

function apiStages(properties: ResourceProperties): ApiStage[] {
  return (properties.ApiStages ?? []).map((item: ResourceProperties) => ({
    apiId: item.ApiId,
    stage: item.Stage,
    throttle: Object.fromEntries(Object.entries(item.Throttle ?? {}).map(([path, value]) => [path, throttleOf(value)])),
  }));
}

function stagePatches(previous: ResourceProperties, properties: ResourceProperties): PatchOperation[] {
  const reference = ({ apiId, stage }: ApiStage): string => `${apiId}:${stage}`;
  const before = new Map(apiStages(previous).map((item) => [reference(item), item]));
  const after = new Map(apiStages(properties).map((item) => [reference(item), item]));
  return [
    ...[...before.keys()].flatMap((value) => (after.has(value) ? [] : [{ op: 'remove' as const, path: '/apiStages', value }])),
    ...[...after].flatMap(([value, item]): PatchOperation[] => {
      const add: PatchOperation[] = before.has(value) ? [] : [{ op: 'add', path: '/apiStages', value }];
      const throttle = JSON.stringify(item.throttle);
      if (throttle === JSON.stringify(before.get(value)?.throttle ?? {})) return add;
      return [...add, { op: 'replace', path: `/apiStages/${value}/throttle`, value: throttle }];
    }),
  ];
}

function limitPatches(previous: ResourceProperties, properties: ResourceProperties): PatchOperation[] {
  const patches: PatchOperation[] = [];
  for (const [name, fields] of [
    ['Throttle', ['RateLimit', 'BurstLimit']],
    ['Quota', ['Limit', 'Offset', 'Period']],
  ] as const) {
    const root = `/${name.toLowerCase()}`;
    if (properties[name] === undefined && previous[name] !== undefined) patches.push({ op: 'remove', path: root });
    if (properties[name] === undefined) continue;
    for (const field of fields) {
      const path = `${root}/${field.charAt(0).toLowerCase()}${field.slice(1)}`;
      const fallback = field === 'Offset' ? 0 : undefined;
      const before = previous[name] === undefined ? undefined : (previous[name][field] ?? fallback);
      patches.push(...patchBetween(path, before, properties[name][field] ?? fallback));
    }
  }
  return patches;
}

export const usagePlan: ResourceType = {
  type: 'AWS::ApiGateway::UsagePlan',
  enforced: ['ApiStages', 'Description', 'Quota', 'Throttle', 'UsagePlanName'],
  stored: { Tags: TAGS_STORED },
  async create(properties, context) {
    const { Quota: quota } = properties;
    const { id } = await context.call<{ id: string }>('apigateway', 'CreateUsagePlan', {
      name: properties.UsagePlanName ?? context.generateName(128),
      description: properties.Description,
      throttle: properties.Throttle === undefined ? undefined : throttleOf(properties.Throttle),
      quota:
        quota === undefined
          ? undefined
          : { limit: Number(quota.Limit ?? 0), offset: Number(quota.Offset ?? 0), period: quota.Period },
      apiStages: apiStages(properties),
      tags: tagMap(context),
    });
    return { id, attributes: { Id: id } };
  },
  async update(id, properties, previous, context) {
    await patch(context, 'UpdateUsagePlan', { usagePlanId: id }, [
      ...(properties.UsagePlanName === undefined ? [] : patchBetween('/name', previous.UsagePlanName, properties.UsagePlanName)),
      ...patchBetween('/description', previous.Description, properties.Description),
      ...limitPatches(previous, properties),
      ...stagePatches(previous, properties),
    ]);
    return { id, attributes: { Id: id } };
  },
  async delete(id, properties, context) {
    const patches = stagePatches(properties, {});
    await gone(patch(context, 'UpdateUsagePlan', { usagePlanId: id }, patches));
    await gone(context.call('apigateway', 'DeleteUsagePlan', { usagePlanId: id }));
  },
};

export const usagePlanKey: ResourceType = {
  type: 'AWS::ApiGateway::UsagePlanKey',
  enforced: ['KeyId', 'KeyType', 'UsagePlanId'],
  stored: {},
  async create({ KeyId: keyId, KeyType: keyType, UsagePlanId: usagePlanId }, context) {
    await context.call('apigateway', 'CreateUsagePlanKey', { keyId, keyType, usagePlanId });
    const id = `${keyId}:${usagePlanId}`;
    return { id, attributes: { Id: id } };
  },
  delete: (_id, { KeyId: keyId, UsagePlanId: usagePlanId }, context) =>
    gone(context.call('apigateway', 'DeleteUsagePlanKey', { keyId, usagePlanId })),
};

export const apiKey: ResourceType = {
  type: 'AWS::ApiGateway::ApiKey',
  enforced: ['CustomerId', 'Description', 'Enabled', 'Name', 'Value'],
  stored: {
    StageKeys: 'usage plans say to which stages a key opens the way',
    GenerateDistinctId: 'the id of a key is distinct from its value always',
    Tags: TAGS_STORED,
  },
  async create(properties, context) {
    const { id } = await context.call<{ id: string }>('apigateway', 'CreateApiKey', {
      name: properties.Name ?? context.generateName(128),
      value: properties.Value,
      description: properties.Description,
      customerId: properties.CustomerId,
      enabled: properties.Enabled ?? false,
      tags: tagMap(context),
    });
    return { id, attributes: { APIKeyId: id } };
  },
  async update(id, properties, previous, context) {
    await patch(context, 'UpdateApiKey', { apiKey: id }, [
      ...patchBetween('/description', previous.Description, properties.Description),
      ...patchBetween('/customerId', previous.CustomerId, properties.CustomerId),
      ...patchBetween('/enabled', previous.Enabled ?? false, properties.Enabled ?? false),
    ]);
    return { id, attributes: { APIKeyId: id } };
  },
  delete: (id, _properties, context) => gone(context.call('apigateway', 'DeleteApiKey', { apiKey: id })),
};
