import type { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** Files of `docs/runbooks/` that tell what to do, without their ending. */
export type Runbook =
  | 'api-errors'
  | 'api-latency'
  | 'dead-letters'
  | 'drift'
  | 'endpoint-errors'
  | 'endpoint-latency'
  | 'function-errors'
  | 'function-throttles'
  | 'iterator-age'
  | 'lake-conversion'
  | 'lake-freshness'
  | 'monitor-silence'
  | 'quality-floor'
  | 'table-throttles';

/** A failure that somebody must know of. */
export interface AlarmRow {
  /** Name of the construct, unique among the rows of one scope. */
  readonly id: string;
  /** Physical name, unique in the stage. */
  readonly alarmName: string;
  /** What is wrong when it rings: a sentence without its full stop. */
  readonly meaning: string;
  /** What to do then. */
  readonly runbook: Runbook;
  readonly metric: IMetric;
  readonly threshold: number;
  /** Beyond which side of the threshold it rings. */
  readonly beyond: 'above' | 'below';
  /** How many of how many periods must be beyond it: a lone one is no alarm where a retry mends it. */
  readonly breaches: readonly [count: number, of: number];
  /** What a period without data means. */
  readonly silence: 'good' | 'bad';
  /** Whether a percentile of few samples decides nothing. */
  readonly ignoreFewSamples?: boolean;
}

/** What rings when too much was counted, and is silent when nothing happens. */
export const COUNTED = { beyond: 'above', silence: 'good' } as const;

/** Most metrics that the expression of one alarm may take (CloudWatch). */
export const METRICS_PER_ALARM = 10;

/** Text of an alarm: what it means and where to read on. */
export function describe(meaning: string, runbook: Runbook): string {
  return `${meaning}. Runbook: docs/runbooks/${runbook}.md`;
}

/** One metric of several, at most ten: their largest value or their sum, over those that have data. */
export function combined(how: 'MAX' | 'SUM', metrics: readonly IMetric[], period: Duration): IMetric {
  const usingMetrics = Object.fromEntries(metrics.map((metric, at) => [`m${at}`, metric]));
  const [only] = metrics;
  // A list of one is no list for the expression.
  if (metrics.length === 1 && only !== undefined) return only;
  return new MathExpression({ expression: `${how}([${Object.keys(usingMetrics).join(',')}])`, label: how, usingMetrics, period });
}

/** The alarm of a row, which tells whom it must. */
export function createAlarm(scope: Construct, row: AlarmRow, onCall: IAlarmAction): Alarm {
  const [datapointsToAlarm, evaluationPeriods] = row.breaches;
  const alarm = new Alarm(scope, row.id, {
    alarmName: row.alarmName,
    alarmDescription: describe(row.meaning, row.runbook),
    metric: row.metric,
    threshold: row.threshold,
    comparisonOperator:
      row.beyond === 'above' ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods,
    ...(datapointsToAlarm === evaluationPeriods ? {} : { datapointsToAlarm }),
    treatMissingData: row.silence === 'good' ? TreatMissingData.NOT_BREACHING : TreatMissingData.BREACHING,
    ...(row.ignoreFewSamples === true ? { evaluateLowSampleCountPercentile: 'ignore' } : {}),
  });
  alarm.addAlarmAction(onCall);
  return alarm;
}
