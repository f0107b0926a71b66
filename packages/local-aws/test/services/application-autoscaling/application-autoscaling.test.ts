import { applicationAutoScaling } from '../../../src/services/application-autoscaling';
import { cloudwatch } from '../../../src/services/cloudwatch';
import { FakeCloud } from '../../support/fake-cloud';

const MINUTE_MS = 60_000;
const TARGET = {
  ServiceNamespace: 'sagemaker',
  ResourceId: 'endpoint/flight/variant/champion',
  ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
};
let cloud: FakeCloud;
let instances: number;
let changes: { at: number; to: number }[];

beforeEach(async () => {
  instances = 1;
  changes = [];
  const sagemaker = {
    DescribeEndpoint: () => ({ ProductionVariants: [{ VariantName: 'champion', DesiredInstanceCount: instances }] }),
    UpdateEndpointWeightsAndCapacities: (input: { DesiredWeightsAndCapacities: { DesiredInstanceCount: number }[] }) => {
      instances = input.DesiredWeightsAndCapacities[0]?.DesiredInstanceCount ?? 0;
      changes.push({ at: cloud.clock.now() / MINUTE_MS, to: instances });
    },
  };
  const stubs = { sagemaker, events: { PutEvents: () => ({}) } };
  const startAt = Date.UTC(2030, 0, 1);
  cloud = await FakeCloud.start({ services: [cloudwatch, applicationAutoScaling], stubs, startAt, paused: true });
  await cloud.call('application-autoscaling', 'RegisterScalableTarget', { ...TARGET, MinCapacity: 1, MaxCapacity: 4 });
});
afterEach(() => cloud.stop());

async function policy(): Promise<{ Alarms: { AlarmName: string }[] }> {
  return cloud.call('application-autoscaling', 'PutScalingPolicy', {
    ...TARGET,
    PolicyName: 'track',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 100,
      PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
      ScaleOutCooldown: 300,
      ScaleInCooldown: 300,
    },
  });
}

async function load(minutes: number, perInstance: number): Promise<void> {
  const Dimensions = [
    { Name: 'EndpointName', Value: 'flight' },
    { Name: 'VariantName', Value: 'champion' },
  ];
  for (let minute = 0; minute < minutes; minute += 1) {
    const MetricData = [{ MetricName: 'InvocationsPerInstance', Dimensions, Value: perInstance }];
    const caller = cloud.asService('sagemaker.amazonaws.com');
    await cloud.call('cloudwatch', 'PutMetricData', { Namespace: 'AWS/SageMaker', MetricData }, caller);
    await cloud.clock.advance(MINUTE_MS);
  }
}

test('load above the target for three minutes scales out in proportion, quiet of fifteen minutes scales in by and by', async () => {
  const { Alarms } = await policy();
  expect(Alarms.map(({ AlarmName }) => AlarmName.replace(/-[0-9a-f-]{36}$/, ''))).toEqual([
    'TargetTracking-endpoint/flight/variant/champion-AlarmHigh',
    'TargetTracking-endpoint/flight/variant/champion-AlarmLow',
  ]);
  await load(5, 250);
  expect(changes.map(({ to }) => to)).toEqual([3]);
  await load(25, 10);

  expect(changes.map(({ to }) => to)).toEqual([3, 1]);
  const { ScalingActivities } = await cloud.call<{ ScalingActivities: { Description: string }[] }>(
    'application-autoscaling',
    'DescribeScalingActivities',
    { ServiceNamespace: 'sagemaker' },
  );
  expect(ScalingActivities.map(({ Description }) => Description)).toEqual([
    'Setting desired instance count to 1.',
    'Setting desired instance count to 3.',
  ]);
});

test('deregistering takes the policy and its alarms away', async () => {
  await policy();
  await cloud.call('application-autoscaling', 'DeregisterScalableTarget', TARGET);

  const { MetricAlarms } = await cloud.call<{ MetricAlarms: object[] }>('cloudwatch', 'DescribeAlarms', {});
  expect(MetricAlarms).toEqual([]);
  await expect(policy()).rejects.toThrow('No scalable target registered for service namespace: sagemaker');
});
