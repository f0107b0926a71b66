import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type { AlarmState } from './alarm-store';

/** One period that an evaluation looked at. */
export interface Evaluated {
  readonly at: number;
  readonly value: number | undefined;
  readonly sampleCount: number | undefined;
}

const WORDS: Readonly<Record<string, string>> = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function dateText(ms: number): string {
  const [year = '', month = '', day = ''] = new Date(ms).toISOString().slice(0, 10).split('-');
  return `${day}/${month}/${year.slice(2)} ${new Date(ms).toISOString().slice(11, 19)}`;
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}

function missingText(config: PutMetricAlarmCommandInput): string {
  const periods = config.EvaluationPeriods ?? 1;
  const treated = config.TreatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching';
  const were = periods === 1 ? 'was' : 'were';
  return `Threshold Crossed: no datapoints were received for ${plural(periods, 'period')} and ${plural(periods, 'missing datapoint')} ${were} treated as [${treated}].`;
}

function text(config: PutMetricAlarmCommandInput, real: readonly Evaluated[], next: AlarmState, before: AlarmState): string {
  const periods = config.EvaluationPeriods ?? 1;
  if (next === 'INSUFFICIENT_DATA')
    return `Insufficient Data: ${plural(periods, 'datapoint')} ${periods === 1 ? 'was' : 'were'} unknown.`;
  const recent = real.slice(0, periods);
  if (recent.length === 0) return missingText(config);
  const shown = recent.map(({ at, value = 0 }) => `${decimal(value)} (${dateText(at)})`).join(', ');
  const toAlarm = config.DatapointsToAlarm ?? periods;
  const needed = next === 'ALARM' ? toAlarm : periods - toAlarm + 1;
  const from = before === 'INSUFFICIENT_DATA' ? (next === 'ALARM' ? 'OK' : 'ALARM') : before;
  const not = next === 'ALARM' ? '' : 'not ';
  const were = recent.length === 1 ? 'was' : 'were';
  return `Threshold Crossed: ${recent.length} out of the last ${plural(periods, 'datapoint')} [${shown}] ${were} ${not}${WORDS[config.ComparisonOperator ?? '']} the threshold (${decimal(config.Threshold ?? 0)}) (minimum ${plural(needed, 'datapoint')} for ${from} -> ${next} transition).`;
}

/** Why an alarm changes, as CloudWatch writes it: for people, and as data. */
export function stateReason(
  config: PutMetricAlarmCommandInput,
  points: readonly Evaluated[],
  next: AlarmState,
  before: AlarmState,
  now: number,
): { reason: string; reasonData: string } {
  const real = points.filter(({ value }) => value !== undefined);
  const evaluated = points.slice(0, Math.max(config.EvaluationPeriods ?? 1, 1));
  const oldest = real.at(-1) ?? points.at(-1);
  const data = {
    version: '1.0',
    queryDate: timeText(now),
    ...(oldest === undefined ? {} : { startDate: timeText(oldest.at) }),
    ...(config.Unit === undefined ? {} : { unit: config.Unit }),
    statistic: config.Statistic ?? config.ExtendedStatistic,
    period: config.Period,
    recentDatapoints: real.map(({ value }) => value).reverse(),
    threshold: config.Threshold,
    evaluatedDatapoints: evaluated.map(({ at, value, sampleCount }) => ({
      timestamp: timeText(at),
      ...(sampleCount === undefined ? {} : { sampleCount }),
      ...(value === undefined ? {} : { value }),
    })),
  };
  return { reason: text(config, real, next, before), reasonData: JSON.stringify(data) };
}
