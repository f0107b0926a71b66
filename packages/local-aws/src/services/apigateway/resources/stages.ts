import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import type { ResourceProperties, ResourceType } from '../../../cloud';
import { patchBetween, patchMap } from '../patch';
import { account, authorizer, gatewayResponse } from './front';
import { apiKey, usagePlan, usagePlanKey } from './plans';
import { gone, patch, TAGS_STORED, tagMap } from './support';

const deployment: ResourceType = {
  type: 'AWS::ApiGateway::Deployment',
  enforced: ['Description', 'RestApiId', 'StageName'],
  stored: {},
  async create({ RestApiId: restApiId, Description: description, StageName: stageName }, context) {
    const input = { restApiId, description, stageName };
    const { id } = await context.call<{ id: string }>('apigateway', 'CreateDeployment', input);
    return { id, attributes: { DeploymentId: id } };
  },
  async update(id, properties, previous, context) {
    await patch(
      context,
      'UpdateDeployment',
      { restApiId: properties.RestApiId, deploymentId: id },
      patchBetween('/description', previous.Description, properties.Description),
    );
    return { id, attributes: { DeploymentId: id } };
  },
  delete: (id, { RestApiId: restApiId }, context) =>
    gone(context.call('apigateway', 'DeleteDeployment', { restApiId, deploymentId: id })),
};

/** Settings of a method by the end of the path under which they are patched. */
const SETTINGS: Readonly<Record<string, string>> = {
  MetricsEnabled: 'metrics/enabled',
  LoggingLevel: 'logging/loglevel',
  DataTraceEnabled: 'logging/dataTrace',
  ThrottlingBurstLimit: 'throttling/burstLimit',
  ThrottlingRateLimit: 'throttling/rateLimit',
  CachingEnabled: 'caching/enabled',
};

function settingPatches(previous: ResourceProperties, properties: ResourceProperties): PatchOperation[] {
  const byMethod = (value: ResourceProperties): Map<string, ResourceProperties> =>
    new Map(
      (value.MethodSettings ?? []).map((setting: ResourceProperties) => [
        `${setting.ResourcePath}/${setting.HttpMethod}`,
        setting,
      ]),
    );
  const before = byMethod(previous);
  const after = byMethod(properties);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) =>
    Object.entries(SETTINGS).flatMap(([name, end]) =>
      patchBetween(`${path}/${end}`, before.get(path)?.[name], after.get(path)?.[name]),
    ),
  );
}

function logPatches(previous: ResourceProperties, properties: ResourceProperties): PatchOperation[] {
  const { AccessLogSetting: before } = previous;
  const { AccessLogSetting: after } = properties;
  if (after === undefined) return before === undefined ? [] : [{ op: 'remove', path: '/accessLogSettings' }];
  return [
    ...patchBetween('/accessLogSettings/format', before?.Format, after.Format),
    ...patchBetween('/accessLogSettings/destinationArn', before?.DestinationArn, after.DestinationArn),
  ];
}

const stage: ResourceType = {
  type: 'AWS::ApiGateway::Stage',
  enforced: ['AccessLogSetting', 'DeploymentId', 'Description', 'MethodSettings', 'RestApiId', 'StageName', 'Variables'],
  stored: {
    TracingEnabled: 'the trace header is passed on; nothing here collects traces',
    CacheClusterEnabled: 'only false is accepted: there is no response cache',
    Tags: TAGS_STORED,
  },
  async create(properties, context) {
    const { RestApiId: restApiId, StageName: stageName = 'default' } = properties;
    await context.call('apigateway', 'CreateStage', {
      restApiId,
      stageName,
      deploymentId: properties.DeploymentId,
      description: properties.Description,
      variables: properties.Variables,
      tracingEnabled: properties.TracingEnabled,
      cacheClusterEnabled: properties.CacheClusterEnabled,
      tags: tagMap(context),
    });
    const patches = [...settingPatches({}, properties), ...logPatches({}, properties)];
    try {
      await patch(context, 'UpdateStage', { restApiId, stageName }, patches);
    } catch (error) {
      // A creation that fails leaves nothing behind.
      await gone(context.call('apigateway', 'DeleteStage', { restApiId, stageName }));
      throw error;
    }
    return { id: stageName };
  },
  async update(id, properties, previous, context) {
    await patch(context, 'UpdateStage', { restApiId: properties.RestApiId, stageName: id }, [
      ...patchBetween('/deploymentId', previous.DeploymentId, properties.DeploymentId),
      ...patchBetween('/description', previous.Description, properties.Description),
      ...patchBetween('/tracingEnabled', previous.TracingEnabled ?? false, properties.TracingEnabled ?? false),
      ...patchMap('/variables', previous.Variables, properties.Variables),
      ...settingPatches(previous, properties),
      ...logPatches(previous, properties),
    ]);
    return { id };
  },
  delete: (id, { RestApiId: restApiId }, context) =>
    gone(context.call('apigateway', 'DeleteStage', { restApiId, stageName: id })),
};

/** Types that stand in front of an API: what its callers meet. */
export const stageResources: readonly ResourceType[] = [
  authorizer,
  gatewayResponse,
  deployment,
  stage,
  usagePlan,
  usagePlanKey,
  apiKey,
  account,
];
