import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../cloud';
import { AwsError } from '../../errors';

function ignoreMissing(error: unknown): void {
  if (!(error instanceof AwsError) || error.code !== 'ObjectNotFoundException') throw error;
}

function address(properties: ResourceProperties): object {
  const { ServiceNamespace, ResourceId, ScalableDimension } = properties;
  if (properties.ScalingTargetId === undefined) return { ServiceNamespace, ResourceId, ScalableDimension };
  const [resource, dimension, namespace] = String(properties.ScalingTargetId).split('|');
  return { ServiceNamespace: namespace, ResourceId: resource, ScalableDimension: dimension };
}

async function register(properties: ResourceProperties, context: ResourceContext): Promise<ResourceOutcome> {
  const { ResourceId, ScalableDimension, ServiceNamespace, RoleARN, SuspendedState } = properties;
  await context.call('application-autoscaling', 'RegisterScalableTarget', {
    ResourceId,
    ScalableDimension,
    ServiceNamespace,
    MinCapacity: Number(properties.MinCapacity),
    MaxCapacity: Number(properties.MaxCapacity),
    RoleARN,
    SuspendedState,
  });
  const id = `${ResourceId}|${ScalableDimension}|${ServiceNamespace}`;
  return { id, attributes: { Id: id } };
}

const scalableTarget: ResourceType = {
  type: 'AWS::ApplicationAutoScaling::ScalableTarget',
  enforced: ['MinCapacity', 'MaxCapacity', 'ResourceId', 'ScalableDimension', 'ServiceNamespace', 'SuspendedState'],
  stored: { RoleARN: 'scaling acts as the service here', Tags: 'shown by no operation that is supported' },
  create: register,
  update: (_id, properties, _previous, context) => register(properties, context),
  async delete(_id, properties, context) {
    await context.call('application-autoscaling', 'DeregisterScalableTarget', address(properties)).catch(ignoreMissing);
  },
};

function tracking(given: ResourceProperties): object {
  const names = ['TargetValue', 'ScaleInCooldown', 'ScaleOutCooldown'].filter((name) => given[name] !== undefined);
  return { ...given, ...Object.fromEntries(names.map((name) => [name, Number(given[name])])) };
}

async function putPolicy(properties: ResourceProperties, context: ResourceContext): Promise<ResourceOutcome> {
  const { PolicyARN } = await context.call<{ PolicyARN: string }>('application-autoscaling', 'PutScalingPolicy', {
    ...address(properties),
    PolicyName: properties.PolicyName,
    PolicyType: properties.PolicyType,
    TargetTrackingScalingPolicyConfiguration: tracking(properties.TargetTrackingScalingPolicyConfiguration ?? {}),
  });
  return { id: PolicyARN, attributes: { Arn: PolicyARN } };
}

const scalingPolicy: ResourceType = {
  type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
  enforced: [
    'PolicyName',
    'PolicyType',
    'ScalingTargetId',
    'ResourceId',
    'ScalableDimension',
    'ServiceNamespace',
    'TargetTrackingScalingPolicyConfiguration',
  ],
  stored: {},
  create: putPolicy,
  update: (_id, properties, _previous, context) => putPolicy(properties, context),
  async delete(_id, properties, context) {
    const input = { ...address(properties), PolicyName: properties.PolicyName };
    await context.call('application-autoscaling', 'DeleteScalingPolicy', input).catch(ignoreMissing);
  },
};

export const scalingResources: readonly ResourceType[] = [scalableTarget, scalingPolicy];
