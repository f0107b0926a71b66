import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Platform } from '../../core/definition';
import { INFERENCE, type Names } from '../../core/naming';
import { type AlarmRow, COUNTED, combined, METRICS_PER_ALARM } from '../shared/alarm-row';
import { FUNCTIONS, type FunctionName } from '../shared/artefacts';

const FIVE_MINUTES = Duration.minutes(5);
/** The monitor is called every hour, by its schedule if by nothing else. */
const HOUR = Duration.hours(1);

/** Beyond these somebody is called. */
const LIMITS = {
  apiErrorShare: 0.01,
  apiLatencyMs: 2000,
  functionErrorShare: 0.05,
  /** Records wait: features and windows are that old. The streams keep seven days. */
  iteratorAgeMs: 10 * 60 * 1000,
  /** The delivery buffers one minute. */
  freshnessSeconds: 15 * 60,
} as const;

/** Functions that read streams. */
const CONSUMERS: readonly FunctionName[] = ['aggregate', 'watch'];
/** Functions with a queue for what they could not do. */
const WORKERS: readonly FunctionName[] = ['aggregate', 'watch', 'retrain', 'promote'];

function ofFunction(names: Names, name: FunctionName, metricName: string, statistic: string, period = FIVE_MINUTES): Metric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    statistic,
    period,
    dimensionsMap: { FunctionName: names.of(name) },
  });
}

function inTens<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / METRICS_PER_ALARM);
  return Array.from({ length: count }, (_, at) => items.slice(at * METRICS_PER_ALARM, (at + 1) * METRICS_PER_ALARM));
}

/** The API fails or is slow. What callers do wrong (4xx) calls nobody. */
function apiRows(names: Names): AlarmRow[] {
  const metric = (metricName: string, statistic: string): Metric =>
    new Metric({
      namespace: 'AWS/ApiGateway',
      metricName,
      statistic,
      period: FIVE_MINUTES,
      dimensionsMap: { ApiName: names.of('api') },
    });
  return [
    {
      ...COUNTED,
      id: 'ApiErrors',
      alarmName: names.of('api', 'error-share'),
      meaning: `More than ${LIMITS.apiErrorShare * 100} % of the requests to the API fail (5xx)`,
      runbook: 'api-errors',
      metric: metric('5XXError', Stats.AVERAGE),
      threshold: LIMITS.apiErrorShare,
      breaches: [2, 3],
    },
    {
      ...COUNTED,
      id: 'ApiLatency',
      alarmName: names.of('api', 'latency-p99'),
      meaning: `The API takes longer than ${LIMITS.apiLatencyMs} ms (p99)`,
      runbook: 'api-latency',
      metric: metric('Latency', Stats.percentile(99)),
      threshold: LIMITS.apiLatencyMs,
      breaches: [3, 3],
      // A cold start is the 99th percentile of a quiet hour.
      ignoreFewSamples: true,
    },
  ];
}

/** Functions fail or are throttled. A lone failure is retried; what fails for good lies in a queue, which has its own alarm. */
function functionRows(names: Names): AlarmRow[] {
  const errors = FUNCTIONS.map(
    (name): AlarmRow => ({
      ...COUNTED,
      id: `FunctionErrors-${name}`,
      alarmName: names.of(name, 'error-share'),
      meaning: `More than ${LIMITS.functionErrorShare * 100} % of the invocations of ${name} fail`,
      runbook: 'function-errors',
      metric: ofFunction(names, name, 'Errors', Stats.AVERAGE),
      threshold: LIMITS.functionErrorShare,
      breaches: [2, 3],
    }),
  );
  const throttles = inTens(FUNCTIONS).map(
    (some, at): AlarmRow => ({
      ...COUNTED,
      id: `FunctionThrottles-${at + 1}`,
      alarmName: names.of('function-throttles', String(at + 1)),
      meaning: `Invocations are throttled, and go on to be, of one of ${some.join(', ')}`,
      runbook: 'function-throttles',
      metric: combined(
        'SUM',
        some.map((name) => ofFunction(names, name, 'Throttles', Stats.SUM)),
        FIVE_MINUTES,
      ),
      threshold: 0,
      // Two events at once for a function that does one at a time are throttled once, and retried within minutes.
      breaches: [3, 3],
    }),
  );
  return [...errors, ...throttles];
}

/** Streams are read too slowly, or not at all. */
function consumerRows(names: Names): AlarmRow[] {
  return CONSUMERS.map((name) => ({
    ...COUNTED,
    id: `IteratorAge-${name}`,
    alarmName: names.of(name, 'iterator-age'),
    meaning: `What ${name} reads waits in its stream for more than ${LIMITS.iteratorAgeMs / 60_000} minutes`,
    runbook: 'iterator-age',
    metric: ofFunction(names, name, 'IteratorAge', Stats.MAXIMUM),
    threshold: LIMITS.iteratorAgeMs,
    breaches: [3, 3],
  }));
}

/** Anything in a dead-letter queue or the quarantine is for people. */
function queueRows(names: Names): AlarmRow[] {
  return [...WORKERS.map((name) => `${name}-failed`), 'quarantine'].map((queue) => ({
    ...COUNTED,
    id: `NotEmpty-${queue}`,
    alarmName: names.of(queue, 'not-empty'),
    meaning: `Work could not be done and waits for people in ${queue}`,
    runbook: 'dead-letters',
    metric: new Metric({
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      statistic: Stats.MAXIMUM,
      period: FIVE_MINUTES,
      dimensionsMap: { QueueName: names.of(queue) },
    }),
    threshold: 0,
    breaches: [1, 1],
  }));
}

/**
 * Tables refuse reads or writes. `ThrottledRequests` has no value for a whole table; its throttle events have, but only when there are any,
 * and an alarm on DynamoDB's metrics keeps its state while there are none: what is written counts as nothing, so that it ends.
 */
function tableRows(names: Names): AlarmRow[] {
  const tables = { tiles: names.tilesTable, monitoring: names.monitoringTable, ledger: names.ledgerTable };
  return Object.entries(tables).map(([table, TableName]) => {
    const metric = (metricName: string): Metric =>
      new Metric({
        namespace: 'AWS/DynamoDB',
        metricName,
        statistic: Stats.SUM,
        period: FIVE_MINUTES,
        dimensionsMap: { TableName },
      });
    return {
      ...COUNTED,
      id: `TableThrottles-${table}`,
      alarmName: names.of(table, 'throttles'),
      meaning: `The table of ${table} refuses reads or writes, and goes on to`,
      runbook: 'table-throttles',
      metric: new MathExpression({
        expression: 'SUM([reads, writes, 0 * written])',
        label: 'Refused',
        usingMetrics: {
          reads: metric('ReadThrottleEvents'),
          writes: metric('WriteThrottleEvents'),
          written: metric('ConsumedWriteCapacityUnits'),
        },
        period: FIVE_MINUTES,
      }),
      threshold: 0,
      // A table that is asked more than ever splits its partitions within minutes, and clients retry.
      breaches: [2, 3],
    };
  });
}

/** Events do not reach the lake, or not as Parquet. Ten deliveries an alarm: one each would not fit into a stack. */
function deliveryRows({ sources }: Platform, names: Names): AlarmRow[] {
  const metrics = (some: readonly string[], metricName: string, statistic: string): Metric[] =>
    some.map(
      (source) =>
        new Metric({
          namespace: 'AWS/Firehose',
          metricName,
          statistic,
          period: FIVE_MINUTES,
          dimensionsMap: { DeliveryStreamName: names.delivery(source) },
        }),
    );
  return inTens([INFERENCE, ...sources.map(({ name }) => name)]).flatMap((some, at): AlarmRow[] => [
    {
      ...COUNTED,
      id: `LakeFreshness-${at + 1}`,
      alarmName: names.of('lake-freshness', String(at + 1)),
      meaning: `Events have waited more than ${LIMITS.freshnessSeconds / 60} minutes for the lake, of one of ${some.join(', ')}`,
      runbook: 'lake-freshness',
      metric: combined('MAX', metrics(some, 'DeliveryToS3.DataFreshness', Stats.MAXIMUM), FIVE_MINUTES),
      threshold: LIMITS.freshnessSeconds,
      breaches: [2, 3],
    },
    {
      ...COUNTED,
      id: `LakeConversion-${at + 1}`,
      alarmName: names.of('lake-conversion', String(at + 1)),
      meaning: `Records cannot be converted for the lake, of one of ${some.join(', ')}`,
      runbook: 'lake-conversion',
      metric: combined('SUM', metrics(some, 'FailedConversion.Records', Stats.SUM), FIVE_MINUTES),
      threshold: 0,
      breaches: [1, 1],
    },
  ]);
}

/**
 * Nobody would hear of drift from a monitor that is not running: here no data is bad news. It belongs to the stack of the monitor; before
 * that is deployed it would ring.
 */
export function monitorAlarm(names: Names): AlarmRow {
  return {
    id: 'MonitorSilence',
    alarmName: names.of('monitor', 'silence'),
    meaning: 'The monitor has not run for three hours: drift and quality are not watched',
    runbook: 'monitor-silence',
    metric: ofFunction(names, 'watch', 'Invocations', Stats.SUM, HOUR),
    threshold: 1,
    beyond: 'below',
    breaches: [3, 3],
    silence: 'bad',
  };
}

/** Failures of the stage as a whole, of what may not be there yet. Only deliveries grow with the platform, a tenth as fast. */
export function stageAlarms(platform: Platform, names: Names): AlarmRow[] {
  return [
    ...apiRows(names),
    ...functionRows(names),
    ...consumerRows(names),
    ...queueRows(names),
    ...tableRows(names),
    ...deliveryRows(platform, names),
  ];
}
