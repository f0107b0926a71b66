import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type { Cloud } from '../../cloud';
import type { AlarmRecord, StateRecord } from './alarm-store';

const REGIONS: Readonly<Record<string, string>> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-2': 'US West (Oregon)',
  'eu-west-1': 'EU (Ireland)',
  'eu-west-2': 'EU (London)',
  'eu-central-1': 'EU (Frankfurt)',
  'eu-north-1': 'EU (Stockholm)',
};

/** CloudWatch's time form in messages. */
function timeText(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}

function stateJson({ value, reason, reasonData, updated }: StateRecord): object {
  return { value, reason, ...(reasonData === undefined ? {} : { reasonData }), timestamp: timeText(updated) };
}

function dimensionMap(dimensions: PutMetricAlarmCommandInput['Dimensions']): object {
  return Object.fromEntries((dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
}

function metricsJson(config: PutMetricAlarmCommandInput): object[] {
  if (config.Metrics === undefined) {
    const metric = { namespace: config.Namespace, name: config.MetricName, dimensions: dimensionMap(config.Dimensions) };
    const unit = config.Unit === undefined ? {} : { unit: config.Unit };
    const metricStat = { metric, period: config.Period, stat: config.Statistic ?? config.ExtendedStatistic, ...unit };
    return [{ id: 'm1', metricStat, returnData: true }];
  }
  return config.Metrics.map(({ Id, Expression, Label, MetricStat, ReturnData, Period }) => ({
    id: Id,
    ...(Expression === undefined ? {} : { expression: Expression }),
    ...(Label === undefined ? {} : { label: Label }),
    ...(Period === undefined ? {} : { period: Period }),
    ...(MetricStat === undefined
      ? {}
      : {
          metricStat: {
            metric: {
              namespace: MetricStat.Metric?.Namespace,
              name: MetricStat.Metric?.MetricName,
              dimensions: dimensionMap(MetricStat.Metric?.Dimensions),
            },
            period: MetricStat.Period,
            stat: MetricStat.Stat,
          },
        }),
    returnData: ReturnData !== false,
  }));
}

function detail(alarm: AlarmRecord, previous: StateRecord): object {
  const { AlarmDescription } = alarm.config;
  return {
    alarmName: alarm.name,
    state: stateJson(alarm.state),
    previousState: stateJson(previous),
    configuration: {
      ...(AlarmDescription === undefined ? {} : { description: AlarmDescription }),
      metrics: metricsJson(alarm.config),
    },
  };
}

/** What a Lambda function gets as an alarm's action. */
export function lambdaEvent(cloud: Cloud, alarm: AlarmRecord, previous: StateRecord): object {
  return {
    source: 'aws.cloudwatch',
    alarmArn: alarm.arn,
    accountId: cloud.account,
    time: timeText(alarm.state.updated),
    region: cloud.region,
    alarmData: detail(alarm, previous),
  };
}

/** What EventBridge gets at every change of state. */
export function bridgeEntry(alarm: AlarmRecord, previous: StateRecord): object {
  return {
    Source: 'aws.cloudwatch',
    DetailType: 'CloudWatch Alarm State Change',
    Resources: [alarm.arn],
    Time: new Date(alarm.state.updated),
    Detail: JSON.stringify(detail(alarm, previous)),
  };
}

function trigger(config: PutMetricAlarmCommandInput): object {
  const common = {
    Period: config.Period,
    EvaluationPeriods: config.EvaluationPeriods,
    ...(config.DatapointsToAlarm === undefined ? {} : { DatapointsToAlarm: config.DatapointsToAlarm }),
    ComparisonOperator: config.ComparisonOperator,
    Threshold: config.Threshold,
    TreatMissingData: config.TreatMissingData ?? 'missing',
    EvaluateLowSampleCountPercentile: config.EvaluateLowSampleCountPercentile ?? '',
  };
  if (config.Metrics !== undefined) return { ...common, Metrics: config.Metrics };
  const statistic =
    config.Statistic === undefined
      ? { StatisticType: 'ExtendedStatistic', ExtendedStatistic: config.ExtendedStatistic }
      : {
          StatisticType: 'Statistic',
          Statistic: config.Statistic === 'SampleCount' ? 'SAMPLE_COUNT' : config.Statistic.toUpperCase(),
        };
  return {
    MetricName: config.MetricName,
    Namespace: config.Namespace,
    ...statistic,
    Unit: config.Unit ?? null,
    Dimensions: (config.Dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name })),
    ...common,
  };
}

/** What a topic gets as an alarm's action. */
export function topicMessage(cloud: Cloud, alarm: AlarmRecord, previous: StateRecord): { Subject: string; Message: string } {
  const { config, state } = alarm;
  const region = REGIONS[cloud.region] ?? cloud.region;
  const message = {
    AlarmName: alarm.name,
    AlarmDescription: config.AlarmDescription ?? null,
    AWSAccountId: cloud.account,
    AlarmConfigurationUpdatedTimestamp: timeText(alarm.configured),
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: timeText(state.updated),
    Region: region,
    AlarmArn: alarm.arn,
    OldStateValue: previous.value,
    OKActions: config.OKActions ?? [],
    AlarmActions: config.AlarmActions ?? [],
    InsufficientDataActions: config.InsufficientDataActions ?? [],
    Trigger: trigger(config),
  };
  return { Subject: `${state.value}: "${alarm.name}" in ${region}`.slice(0, 100), Message: JSON.stringify(message) };
}
