import type * as Sdk from '@aws-sdk/client-cloudwatch';
import type { Cloud, Operations } from '../../cloud';
import { AwsError, validationError } from '../../errors';
import type { MetricIdentity, MetricStore } from './metric-store';
import { checkQueries, Queries } from './queries';
import { readPoints } from './series';

const MAX_STATISTICS_POINTS = 1440;
const MAX_DATA_POINTS = 100_800;
const MAX_QUERIES = 500;
const PAGE = 500;

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}

function checkPeriod(seconds: number): void {
  if (![1, 5, 10, 20, 30].includes(seconds) && (seconds < 60 || seconds % 60 !== 0))
    throw invalid(`The value ${seconds} for parameter Period is invalid: it must be 1, 5, 10, 20, 30 or a multiple of 60.`);
}

function range(input: { StartTime?: Date | undefined; EndTime?: Date | undefined }): { start: number; end: number } {
  const start = new Date(input.StartTime ?? Number.NaN).getTime();
  const end = new Date(input.EndTime ?? Number.NaN).getTime();
  if (Number.isNaN(start) || Number.isNaN(end)) throw invalid('StartTime and EndTime must be given.');
  if (start >= end) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  return { start, end };
}

function statistics(store: MetricStore, input: Sdk.GetMetricStatisticsCommandInput): object {
  const { start, end } = range(input);
  const period = input.Period ?? 0;
  checkPeriod(period);
  const names = [...(input.Statistics ?? []), ...(input.ExtendedStatistics ?? [])];
  if (names.length === 0)
    throw new AwsError('MissingRequiredParameterException', 'The parameter Statistics or ExtendedStatistics must be given.');
  const unitMs = Math.min(period, 60) * 1000;
  const grid = { start: Math.floor(start / unitMs) * unitMs, end, periodMs: period * 1000 };
  const points = Math.ceil((end - grid.start) / grid.periodMs);
  if (points > MAX_STATISTICS_POINTS)
    throw new AwsError(
      'InvalidParameterCombinationException',
      `You have requested up to ${points} datapoints, which exceeds the limit of ${MAX_STATISTICS_POINTS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  const Metric = { Namespace: input.Namespace, MetricName: input.MetricName, Dimensions: input.Dimensions };
  const byTime = new Map<number, { [name: string]: unknown }>();
  for (const Stat of names) {
    const { values, units } = readPoints(store, { Metric, Period: period, Stat, Unit: input.Unit }, grid);
    for (const [at, value] of values) {
      const point = byTime.get(at) ?? { Timestamp: new Date(at), Unit: units.get(at) };
      byTime.set(at, point);
      if (input.Statistics?.some((name) => name === Stat) === true) point[Stat] = value;
      else point.ExtendedStatistics = { ...(point.ExtendedStatistics as object | undefined), [Stat]: value };
    }
  }
  return { Label: input.MetricName, Datapoints: [...byTime].sort(([a], [b]) => a - b).map(([, point]) => point) };
}

/** Period of a query in seconds: its own, or the longest of the metrics (all, as expressions may use any). */
function periodOf(query: Sdk.MetricDataQuery, queries: readonly Sdk.MetricDataQuery[]): number {
  const own = query.MetricStat?.Period ?? query.Period;
  return own ?? Math.max(60, ...queries.map(({ MetricStat }) => MetricStat?.Period ?? 0));
}

function data(store: MetricStore, input: Sdk.GetMetricDataCommandInput): object {
  const { start, end } = range(input);
  const queries = input.MetricDataQueries ?? [];
  if (queries.length > MAX_QUERIES)
    throw validationError(`The collection MetricDataQueries must not have a size greater than ${MAX_QUERIES}.`);
  checkQueries(queries);
  const ascending = input.ScanBy === 'TimestampAscending';
  const limit = Math.min(input.MaxDatapoints ?? MAX_DATA_POINTS, MAX_DATA_POINTS);
  const results = queries
    .filter(({ ReturnData }) => ReturnData !== false)
    .map((query) => {
      const period = periodOf(query, queries);
      checkPeriod(period);
      const periodMs = period * 1000;
      const grid = { start: Math.floor(start / periodMs) * periodMs, end: Math.ceil(end / periodMs) * periodMs, periodMs };
      const { values } = new Queries(store, queries, grid).answer(query.Id ?? '');
      const points = [...values].filter(([at]) => at < end).sort(([a], [b]) => (ascending ? a - b : b - a));
      return {
        Id: query.Id,
        Label: query.Label ?? query.MetricStat?.Metric?.MetricName ?? query.Id,
        Timestamps: points.slice(0, limit).map(([at]) => new Date(at)),
        Values: points.slice(0, limit).map(([, value]) => value),
        StatusCode: points.length > limit ? 'PartialData' : 'Complete',
      };
    });
  return { MetricDataResults: results, Messages: [] };
}

function hasDimensions(metric: MetricIdentity, filters: readonly Sdk.DimensionFilter[]): boolean {
  return filters.every(({ Name, Value }) =>
    metric.dimensions.some((dimension) => dimension.Name === Name && (Value === undefined || dimension.Value === Value)),
  );
}

/** Reading metrics: statistics of one, data of several with metric math, and the list of what there is. */
export function readOperations(_cloud: Cloud, store: MetricStore): Operations {
  return {
    GetMetricStatistics: (input: Sdk.GetMetricStatisticsCommandInput) => statistics(store, input),
    GetMetricData: (input: Sdk.GetMetricDataCommandInput) => data(store, input),
    ListMetrics: (input: Sdk.ListMetricsCommandInput) => {
      const found = store
        .list(input.Namespace, input.MetricName)
        .filter((metric) => hasDimensions(metric, input.Dimensions ?? []));
      const start = Number(input.NextToken ?? 0);
      const next = start + PAGE < found.length ? { NextToken: String(start + PAGE) } : {};
      const Metrics = found
        .slice(start, start + PAGE)
        .map(({ namespace, name, dimensions }) => ({ Namespace: namespace, MetricName: name, Dimensions: dimensions }));
      return { Metrics, ...next };
    },
  };
}
