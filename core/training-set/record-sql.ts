import { columnsOf, windowedKind } from '../aggregations';
import type { Measure, WindowedFeature, WindowPlan } from '../windows';

/**
 * CTEs that compute a group's feature records from its deduplicated events, as the stream does (core/windows): one row per entity
 * and event time, each window split into the whole tiles before the event's tile and the event's tile up to the event.
 *
 * Text that Trino and DuckDB read alike: no window clause, no filters on aggregates, doubles written with an exponent.
 */
export function recordCtes(plan: WindowPlan, events: string): string[] {
  const { group, entity } = plan;
  const keys = entity.join(', ');
  const columns = [...new Set(plan.measures.flatMap(({ aggregation }) => columnsOf(aggregation)))];
  const present = entity.map((column) => `${column} IS NOT NULL AND ${column} <> ''`).join(' AND ');
  const tiled = `${group}_tiled AS (
  SELECT ${[...entity, `${plan.eventTime} AS ts`, ...columns].join(', ')},
    CAST(floor(to_unixtime(${plan.eventTime}) / ${plan.widthMs / 1000}E0) AS BIGINT) AS tile,
    row_number() OVER (PARTITION BY ${keys} ORDER BY ${plan.eventTime}, ${plan.eventId}) AS seq
  FROM ${events}
  WHERE ${present}
)`;
  const parts = `${group}_parts AS (
  SELECT ${keys}, ts,
    ${partColumns(plan).join(',\n    ')}
  FROM ${group}_tiled
)`;
  const records = `${group}_records AS (
  SELECT ${keys}, ts,
    ${plan.features.map((feature) => `max(${combine(feature)}) AS ${feature.name}`).join(',\n    ')}
  FROM ${group}_parts
  GROUP BY ${keys}, ts
)`;
  return [tiled, parts, records];
}

/** Columns of the parts: each aggregate over the event's own tile up to the event, and over the whole tiles of each window before it. */
function partColumns(plan: WindowPlan): string[] {
  const keys = plan.entity.join(', ');
  const here = `OVER (PARTITION BY ${keys}, tile ORDER BY ts RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
  const columns = new Map<string, string>();
  for (const { measure, tiles } of plan.features) {
    const before = `OVER (PARTITION BY ${keys} ORDER BY tile RANGE BETWEEN ${tiles - 1} PRECEDING AND 1 PRECEDING)`;
    const aggregates = windowedKind(measure.aggregation).parts(measure.aggregation);
    for (const [suffix, aggregate] of Object.entries(aggregates)) {
      columns.set(`${alias(measure)}_${suffix}`, `${aggregate} ${here}`);
      if (tiles > 1) columns.set(`${alias(measure)}_${suffix}_${tiles}`, `${aggregate} ${before}`);
    }
  }
  return [...columns].map(([name, expression]) => `${expression} AS ${name}`);
}

function combine({ measure, tiles }: WindowedFeature): string {
  const part = (suffix: string): string => `${alias(measure)}_${suffix}`;
  return windowedKind(measure.aggregation).combine((suffix) =>
    tiles === 1 ? [part(suffix)] : [part(suffix), `${part(suffix)}_${tiles}`],
  );
}

function alias(measure: Measure): string {
  return measure.key.replaceAll(/[^a-z0-9_]/g, (character) => (character === '-' ? 'minus' : 'p'));
}
