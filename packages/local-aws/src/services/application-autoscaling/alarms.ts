import type { Cloud } from '../../cloud';
import { AwsError, validationError } from '../../errors';
import type { PolicyRecord } from './store';

const PRINCIPAL = 'application-autoscaling.amazonaws.com';
/** The low alarm lies below the target, so that capacity does not swing. */
const LOW_SHARE = 0.9;

export interface TrackedMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  readonly Statistic: string;
}

/** The metric that a policy tracks. */
export function trackedMetric(policy: PolicyRecord): TrackedMetric {
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: custom } = policy.configuration;
  if (custom?.MetricName !== undefined && custom.Namespace !== undefined && custom.Statistic !== undefined) {
    const Dimensions = (custom.Dimensions ?? []).map(({ Name = '', Value = '' }) => ({ Name, Value }));
    return { Namespace: custom.Namespace, MetricName: custom.MetricName, Dimensions, Statistic: custom.Statistic };
  }
  if (predefined?.PredefinedMetricType !== 'SageMakerVariantInvocationsPerInstance')
    throw validationError(
      `The local AWS tracks SageMakerVariantInvocationsPerInstance or a customized metric; given ${predefined?.PredefinedMetricType}`,
    );
  const [, endpoint = '', , variant = ''] = policy.resourceId.split('/');
  return {
    Namespace: 'AWS/SageMaker',
    MetricName: 'InvocationsPerInstance',
    Dimensions: [
      { Name: 'EndpointName', Value: endpoint },
      { Name: 'VariantName', Value: variant },
    ],
    Statistic: 'Sum',
  };
}

/** Puts the two alarms of a target tracking policy: above the target for 3 minutes, well below it for 15. */
export async function putAlarms(cloud: Cloud, policy: PolicyRecord): Promise<void> {
  const metric = trackedMetric(policy);
  const { TargetValue = 0, DisableScaleIn = false } = policy.configuration;
  const put = (AlarmName: string, ComparisonOperator: string, Threshold: number, EvaluationPeriods: number): Promise<unknown> =>
    cloud.call(
      'cloudwatch',
      'PutMetricAlarm',
      {
        ...metric,
        AlarmName,
        AlarmDescription: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${policy.arn}.`,
        AlarmActions: [policy.arn],
        ComparisonOperator,
        Threshold,
        EvaluationPeriods,
        Period: 60,
      },
      cloud.asService(PRINCIPAL),
    );
  await put(policy.alarms.high, 'GreaterThanThreshold', TargetValue, 3);
  if (!DisableScaleIn) await put(policy.alarms.low, 'LessThanThreshold', TargetValue * LOW_SHARE, 15);
}

export async function deleteAlarms(cloud: Cloud, { alarms }: PolicyRecord): Promise<void> {
  for (const name of [alarms.high, alarms.low]) {
    await cloud.call('cloudwatch', 'DeleteAlarms', { AlarmNames: [name] }, cloud.asService(PRINCIPAL)).catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFound') throw error;
    });
  }
}
