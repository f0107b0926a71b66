import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../errors';

const DAY_S = 86_400;
const HOUR_S = 3600;
const OPERATORS = new Set([
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
]);
const SUPPORTED = new Set([
  'AlarmName',
  'AlarmDescription',
  'ActionsEnabled',
  'OKActions',
  'AlarmActions',
  'InsufficientDataActions',
  'MetricName',
  'Namespace',
  'Statistic',
  'ExtendedStatistic',
  'Dimensions',
  'Period',
  'Unit',
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'Threshold',
  'ComparisonOperator',
  'TreatMissingData',
  'EvaluateLowSampleCountPercentile',
  'Metrics',
  'Tags',
]);

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** Seconds between the points that an alarm looks at. */
export function periodOf(config: PutMetricAlarmCommandInput): number {
  const fromMetrics = config.Metrics?.map(({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? 0);
  return config.Period ?? Math.max(0, ...(fromMetrics ?? []));
}

function checkWindow(config: PutMetricAlarmCommandInput): void {
  const period = periodOf(config);
  const periods = config.EvaluationPeriods ?? 0;
  if (![10, 20, 30].includes(period) && (period < 60 || period % 60 !== 0))
    throw invalid(`Invalid value for parameter Period: ${period} must be 10, 20, 30 or a multiple of 60`);
  if (periods < 1) throw invalid('EvaluationPeriods must be greater than or equal to 1');
  const longest = period < HOUR_S ? DAY_S : 7 * DAY_S;
  if (period * periods > longest)
    throw invalid(
      `Metrics cannot be checked across more than ${longest === DAY_S ? 'a day' : '7 days'} (EvaluationPeriods * Period must be <= ${longest}).`,
    );
  const points = config.DatapointsToAlarm ?? periods;
  if (points < 1 || points > periods)
    throw invalid('DatapointsToAlarm must be greater than or equal to 1 and less than or equal to EvaluationPeriods');
}

/** Throws CloudWatch's errors for an alarm that it would refuse, or that the local AWS cannot evaluate. */
export function checkAlarm(config: PutMetricAlarmCommandInput): void {
  const unsupported = Object.entries(config).filter(([name, value]) => value !== undefined && !SUPPORTED.has(name));
  if (unsupported.length > 0)
    throw invalid(`The local AWS does not support ${unsupported.map(([name]) => name).join(', ')} of an alarm.`);
  if ((config.AlarmName ?? '').length < 1 || (config.AlarmName ?? '').length > 255)
    throw invalid('AlarmName must have 1 to 255 characters');
  if (!OPERATORS.has(config.ComparisonOperator ?? ''))
    throw invalid(`The local AWS compares with a threshold only; given ComparisonOperator ${config.ComparisonOperator}`);
  if (config.Threshold === undefined) throw invalid('Threshold must be given');
  if (config.Metrics === undefined) {
    if (config.MetricName === undefined || config.Namespace === undefined)
      throw invalid('Exactly one of MetricName and Metrics must be given, MetricName with Namespace');
    if ((config.Statistic === undefined) === (config.ExtendedStatistic === undefined))
      throw invalid('Exactly one of Statistic and ExtendedStatistic must be specified.');
  } else if (config.Metrics.filter(({ ReturnData }) => ReturnData !== false).length !== 1) {
    throw invalid('Exactly one element of the metrics list should return data.');
  }
  checkWindow(config);
  if (!['missing', 'ignore', 'breaching', 'notBreaching', undefined].includes(config.TreatMissingData))
    throw invalid(`Option ${config.TreatMissingData} is not supported for TreatMissingData.`);
  for (const actions of [config.AlarmActions, config.OKActions, config.InsufficientDataActions]) {
    if ((actions ?? []).length > 5) throw invalid('An alarm can have at most 5 actions per state');
    const other = actions?.find((action) => !/^arn:aws:(lambda|sns|autoscaling):/.test(action));
    if (other !== undefined)
      throw invalid(`Invalid arn syntax: ${other} (the local AWS acts on Lambda, SNS and scaling policies)`);
  }
}
