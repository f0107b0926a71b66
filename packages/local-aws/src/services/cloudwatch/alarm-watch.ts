import type { MetricDataQuery, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type { Timer } from '../../clock/clock';
import type { Cloud } from '../../cloud';
import type { AlarmActions } from './alarm-actions';
import { periodOf } from './alarm-rules';
import type { AlarmRecord, AlarmState, AlarmStore } from './alarm-store';
import type { Watch } from './alarms';
import { decide, EXTRA_PERIODS } from './decision';
import { percentileOf } from './distribution';
import { type MetricStore, metricId } from './metric-store';
import { type Answer, Queries } from './queries';
import { type Evaluated, stateReason } from './reasons';
import { identityOf } from './series';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_S = 86_400;
/** How far ahead PutMetricData takes data. */
const FUTURE_MS = 2 * HOUR_MS;
/** After a period has ended: what services put at its end is there then. */
const GRACE_MS = SECOND_MS;

/** Metric queries of an alarm; one of a single metric is written as one query. */
function queriesOf(config: PutMetricAlarmCommandInput): readonly MetricDataQuery[] {
  if (config.Metrics !== undefined) return config.Metrics;
  const { Namespace, MetricName, Dimensions, Period, Unit } = config;
  const Stat = config.Statistic ?? config.ExtendedStatistic;
  return [{ Id: 'm1', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat, Unit } }];
}

/** How often an alarm looks: a window of more than a day every hour, periods below a minute every ten seconds, else every minute. */
function stepOf(config: PutMetricAlarmCommandInput): number {
  const period = periodOf(config);
  if (period * (config.EvaluationPeriods ?? 1) > DAY_S) return HOUR_MS;
  return period < 60 ? 10 * SECOND_MS : MINUTE_MS;
}

function breaches(config: PutMetricAlarmCommandInput, value: number): boolean {
  const threshold = config.Threshold ?? 0;
  switch (config.ComparisonOperator) {
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    default:
      return value <= threshold;
  }
}

/** Whether a percentile has too few samples to be trusted, and the alarm wants such periods ignored. */
function hasLowSamples(config: PutMetricAlarmCommandInput, samples: number | undefined): boolean {
  const share = config.ExtendedStatistic === undefined ? undefined : percentileOf(config.ExtendedStatistic);
  if (config.EvaluateLowSampleCountPercentile !== 'ignore' || share === undefined || samples === undefined) return false;
  return samples < (share >= 0.5 ? 10 / (1 - share) : 10 / share) - 1e-9;
}

/**
 * Evaluates alarms when the outcome can have changed, not every minute: when data of their metrics has come, and when a point
 * passes from one period of the sliding window into the next or out of it. A quiet alarm costs nothing in a jump of the clock.
 */
export class AlarmWatch implements Watch {
  private readonly byMetric = new Map<string, Set<string>>();
  private readonly due = new Map<string, { readonly at: number; readonly timer: Timer }>();

  constructor(
    private readonly cloud: Cloud,
    private readonly metrics: MetricStore,
    private readonly store: AlarmStore,
    private readonly actions: AlarmActions,
  ) {}

  start(): void {
    for (const alarm of this.store.all()) this.watch(alarm);
  }

  stop(): void {
    for (const { timer } of this.due.values()) timer.cancel();
    this.due.clear();
  }

  watch(alarm: AlarmRecord): void {
    this.unwatch(alarm.name);
    for (const { MetricStat } of queriesOf(alarm.config)) {
      if (MetricStat === undefined) continue;
      const id = metricId(identityOf(MetricStat));
      this.byMetric.set(id, (this.byMetric.get(id) ?? new Set()).add(alarm.name));
    }
    this.arm(alarm.name, this.cloud.clock.now() + GRACE_MS);
  }

  unwatch(name: string): void {
    this.due.get(name)?.timer.cancel();
    this.due.delete(name);
    for (const names of this.byMetric.values()) names.delete(name);
  }

  /** Data of a metric has come, for the time `at`. */
  arrived(id: string, at: number): void {
    for (const name of this.byMetric.get(id) ?? []) {
      const alarm = this.store.get(name);
      if (alarm === undefined) continue;
      const step = stepOf(alarm.config);
      const complete = Math.floor(at / step) * step + step;
      this.arm(name, Math.max(complete, this.cloud.clock.now()) + GRACE_MS);
    }
  }

  async force(alarm: AlarmRecord, value: AlarmState, reason: string, reasonData: string | undefined): Promise<void> {
    await this.become(alarm, value, reason, reasonData);
    const step = stepOf(alarm.config);
    this.arm(alarm.name, Math.floor(this.cloud.clock.now() / step) * step + step + GRACE_MS);
  }

  private arm(name: string, at: number): void {
    const known = this.due.get(name);
    if (known !== undefined && known.at <= at) return;
    known?.timer.cancel();
    const timer = this.cloud.clock.at(at, () => {
      this.due.delete(name);
      return this.evaluate(name).catch((error: unknown) => this.cloud.log('cloudwatch', `alarm ${name}: ${String(error)}`));
    });
    this.due.set(name, { at, timer });
  }

  private async evaluate(name: string): Promise<void> {
    const alarm = this.store.get(name);
    if (alarm === undefined) return;
    const { config } = alarm;
    const periods = config.EvaluationPeriods ?? 1;
    const periodMs = periodOf(config) * SECOND_MS;
    const step = stepOf(config);
    const end = Math.floor(this.cloud.clock.now() / step) * step;
    const start = end - (periods + EXTRA_PERIODS) * periodMs;
    const queries = queriesOf(config);
    const returned = queries.find(({ ReturnData }) => ReturnData !== false)?.Id ?? '';
    // The grid reaches into the future as far as data may: a point that is not complete yet arms its evaluation.
    const answer = new Queries(this.metrics, queries, { start, end: end + step + FUTURE_MS, periodMs }).answer(returned);
    this.armNext(name, answer.times, end, periodMs, step);
    const points = this.points(config, answer, end, periodMs);
    const rule = { periods, toAlarm: config.DatapointsToAlarm ?? periods, treatMissing: treatment(config) } as const;
    const newest = points.find(({ value }) => value !== undefined);
    const next = hasLowSamples(config, newest?.sampleCount)
      ? undefined
      : decide(
          points.map(({ value }) => (value === undefined ? undefined : breaches(config, value))),
          rule,
          alarm.state.value,
        );
    if (next === undefined || next === alarm.state.value) return this.actions.repeat(alarm);
    const { reason, reasonData } = stateReason(config, points, next, alarm.state.value, this.cloud.clock.now());
    await this.become(alarm, next, reason, reasonData);
  }

  /** Periods of the evaluation, newest first. */
  private points(config: PutMetricAlarmCommandInput, answer: Answer, end: number, periodMs: number): Evaluated[] {
    return Array.from({ length: (config.EvaluationPeriods ?? 1) + EXTRA_PERIODS }, (_, index) => {
      const at = end - (index + 1) * periodMs;
      return { at, value: answer.values.get(at), sampleCount: answer.sampleCounts.get(at) };
    });
  }

  /** Arms the evaluation at which some point will lie in another period than now. */
  private armNext(name: string, times: readonly number[], end: number, periodMs: number, step: number): void {
    let next = Number.POSITIVE_INFINITY;
    for (const at of times) {
      const age = Math.max(0, Math.ceil((end - at) / periodMs));
      next = Math.min(next, Math.floor((at + age * periodMs) / step) * step + step);
    }
    if (next !== Number.POSITIVE_INFINITY) this.arm(name, next + GRACE_MS);
  }

  private async become(alarm: AlarmRecord, value: AlarmState, reason: string, reasonData?: string): Promise<void> {
    const now = this.cloud.clock.now();
    const changed = alarm.state.value !== value;
    const transitioned = changed ? now : alarm.state.transitioned;
    const state = { value, reason, updated: now, transitioned, ...(reasonData === undefined ? {} : { reasonData }) };
    if (changed) await this.actions.change({ ...alarm, state }, alarm.state);
    else await this.store.put({ ...alarm, state });
  }
}

/** DynamoDB's metrics are only there when something happened: their gaps never count. */
function treatment(config: PutMetricAlarmCommandInput): 'missing' | 'ignore' | 'breaching' | 'notBreaching' {
  if (config.Namespace === 'AWS/DynamoDB') return 'ignore';
  const given = config.TreatMissingData;
  return given === 'ignore' || given === 'breaching' || given === 'notBreaching' ? given : 'missing';
}
