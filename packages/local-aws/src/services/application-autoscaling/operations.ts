import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-application-auto-scaling';
import type { Cloud, Operations } from '../../cloud';
import { AwsError, validationError } from '../../errors';
import { deleteAlarms, putAlarms } from './alarms';
import type { PolicyRecord, Scalable, ScalingStore, TargetRecord } from './store';

const DIMENSION = 'sagemaker:variant:DesiredInstanceCount';

interface Addressed {
  readonly ServiceNamespace?: string | undefined;
  readonly ResourceId?: string | undefined;
  readonly ScalableDimension?: string | undefined;
}

function scalableOf(input: Addressed): Scalable {
  const { ServiceNamespace: namespace = '', ResourceId: resourceId = '', ScalableDimension: dimension = '' } = input;
  if (namespace !== 'sagemaker' || dimension !== DIMENSION || !/^endpoint\/[^/]+\/variant\/[^/]+$/.test(resourceId))
    throw validationError(
      `The local AWS scales ${DIMENSION} of endpoint/<name>/variant/<variant>; given ${dimension} of ${resourceId}`,
    );
  return { namespace, resourceId, dimension };
}

function describeTarget(target: TargetRecord): object {
  return {
    ServiceNamespace: target.namespace,
    ResourceId: target.resourceId,
    ScalableDimension: target.dimension,
    MinCapacity: target.min,
    MaxCapacity: target.max,
    RoleARN: target.role,
    CreationTime: new Date(target.created),
    ScalableTargetARN: target.arn,
    SuspendedState: {
      DynamicScalingInSuspended: target.suspended.in,
      DynamicScalingOutSuspended: target.suspended.out,
      ScheduledScalingSuspended: false,
    },
  };
}

async function register(cloud: Cloud, store: ScalingStore, input: Sdk.RegisterScalableTargetCommandInput): Promise<object> {
  const scalable = scalableOf(input);
  const known = store.targets.get(store.key(scalable));
  const min = input.MinCapacity ?? known?.min;
  const max = input.MaxCapacity ?? known?.max;
  if (min === undefined || max === undefined)
    throw validationError('Both MinCapacity and MaxCapacity must be provided for a new scalable target.');
  if (min > max) throw validationError(`Maximum capacity cannot be less than minimum capacity (${max} < ${min}).`);
  const id = randomUUID().replaceAll('-', '').slice(0, 30);
  const arn = `arn:aws:application-autoscaling:${cloud.region}:${cloud.account}:scalable-target/${id}`;
  const role = `arn:aws:iam::${cloud.account}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`;
  const record: TargetRecord = {
    ...scalable,
    arn: known?.arn ?? arn,
    min,
    max,
    role: input.RoleARN ?? known?.role ?? role,
    created: known?.created ?? cloud.clock.now(),
    suspended: {
      in: input.SuspendedState?.DynamicScalingInSuspended ?? known?.suspended.in ?? false,
      out: input.SuspendedState?.DynamicScalingOutSuspended ?? known?.suspended.out ?? false,
    },
  };
  await store.targets.put(store.key(scalable), record);
  return { ScalableTargetARN: record.arn };
}

/** Scalable targets. */
export function targetOperations(cloud: Cloud, store: ScalingStore): Operations {
  return {
    RegisterScalableTarget: (input: Sdk.RegisterScalableTargetCommandInput) => register(cloud, store, input),
    DescribeScalableTargets: (input: Sdk.DescribeScalableTargetsCommandInput) => {
      const all = [...store.targets.entries()].map(({ value }) => value);
      const found = all
        .filter(({ namespace }) => namespace === input.ServiceNamespace)
        .filter(({ resourceId }) => input.ResourceIds === undefined || input.ResourceIds.includes(resourceId));
      return { ScalableTargets: found.map(describeTarget) };
    },
    DeregisterScalableTarget: async (input: Sdk.DeregisterScalableTargetCommandInput) => {
      const target = store.target(scalableOf(input));
      for (const policy of store.policiesOf(target)) await removePolicy(cloud, store, policy);
      await store.targets.remove(store.key(target));
      return {};
    },
    DescribeScalingActivities: (input: Sdk.DescribeScalingActivitiesCommandInput) => ({
      ScalingActivities: store.activitiesOf(input.ServiceNamespace ?? '', input.ResourceId).map((activity) => ({
        ActivityId: activity.id,
        ServiceNamespace: activity.namespace,
        ResourceId: activity.resourceId,
        ScalableDimension: activity.dimension,
        Description: activity.description,
        Cause: activity.cause,
        StartTime: new Date(activity.at),
        EndTime: new Date(activity.at),
        StatusCode: activity.failed ? 'Failed' : 'Successful',
      })),
    }),
  };
}

async function removePolicy(cloud: Cloud, store: ScalingStore, policy: PolicyRecord): Promise<void> {
  await deleteAlarms(cloud, policy);
  await store.policies.remove([...store.key(policy), policy.name]);
}

async function putPolicy(cloud: Cloud, store: ScalingStore, input: Sdk.PutScalingPolicyCommandInput): Promise<PolicyRecord> {
  const target = store.target(scalableOf(input));
  const name = input.PolicyName ?? '';
  const configuration = input.TargetTrackingScalingPolicyConfiguration;
  if ((input.PolicyType ?? 'StepScaling') !== 'TargetTrackingScaling' || configuration?.TargetValue === undefined)
    throw validationError('The local AWS scales by target tracking only (PolicyType TargetTrackingScaling).');
  const key = [...store.key(target), name];
  const known = store.policies.get(key);
  const id = randomUUID();
  const arn = `arn:aws:autoscaling:${cloud.region}:${cloud.account}:scalingPolicy:${id}:resource/${target.namespace}/${target.resourceId}:policyName/${name}`;
  const alarmName = (kind: string): string => `TargetTracking-${target.resourceId}-${kind}-${randomUUID()}`;
  const { namespace, resourceId, dimension } = target;
  const record: PolicyRecord = {
    namespace,
    resourceId,
    dimension,
    name,
    arn: known?.arn ?? arn,
    created: known?.created ?? cloud.clock.now(),
    configuration,
    alarms: known?.alarms ?? { high: alarmName('AlarmHigh'), low: alarmName('AlarmLow') },
  };
  await putAlarms(cloud, record);
  await store.policies.put(key, record);
  return record;
}

/** Target tracking policies. */
export function policyOperations(cloud: Cloud, store: ScalingStore, changed: (policy: PolicyRecord) => void): Operations {
  const alarms = ({ alarms: { high, low } }: PolicyRecord): object[] =>
    [high, low].map((AlarmName) => ({
      AlarmName,
      AlarmARN: `arn:aws:cloudwatch:${cloud.region}:${cloud.account}:alarm:${AlarmName}`,
    }));
  return {
    PutScalingPolicy: async (input: Sdk.PutScalingPolicyCommandInput) => {
      const policy = await putPolicy(cloud, store, input);
      changed(policy);
      return { PolicyARN: policy.arn, Alarms: alarms(policy) };
    },
    DescribeScalingPolicies: (input: Sdk.DescribeScalingPoliciesCommandInput) => {
      const found = [...store.policies.entries()]
        .map(({ value }) => value)
        .filter(({ namespace }) => namespace === input.ServiceNamespace)
        .filter(({ resourceId }) => input.ResourceId === undefined || resourceId === input.ResourceId)
        .filter(({ name }) => input.PolicyNames === undefined || input.PolicyNames.includes(name));
      return {
        ScalingPolicies: found.map((policy) => ({
          PolicyARN: policy.arn,
          PolicyName: policy.name,
          ServiceNamespace: policy.namespace,
          ResourceId: policy.resourceId,
          ScalableDimension: policy.dimension,
          PolicyType: 'TargetTrackingScaling',
          TargetTrackingScalingPolicyConfiguration: policy.configuration,
          Alarms: alarms(policy),
          CreationTime: new Date(policy.created),
        })),
      };
    },
    DeleteScalingPolicy: async (input: Sdk.DeleteScalingPolicyCommandInput) => {
      const policy = store.policies.get([...store.key(scalableOf(input)), input.PolicyName ?? '']);
      if (policy === undefined)
        throw new AwsError('ObjectNotFoundException', `No scaling policy found for policy name: ${input.PolicyName}`);
      await removePolicy(cloud, store, policy);
      return {};
    },
  };
}
