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
  const columns = [...new Set(plan.measures.flatMap((measure) => (measure.kind === 'count' ? [] : [measure.column])))];
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

/** Aggregates of one measure, by suffix; each ignores nulls, so events without a value do not count. */
function aggregates(measure: Measure): Readonly<Record<string, string>> {
  switch (measure.kind) {
    case 'count':
      return { n: 'count(ts)' };
    case 'mean':
      return { s: `sum(CAST(${measure.column} AS DOUBLE))`, n: `count(${measure.column})` };
    case 'share':
      return {
        s: `sum(CASE WHEN ${measure.column} > ${double(measure.above)} THEN 1 ELSE 0 END)`,
        n: `count(${measure.column})`,
      };
    case 'max':
      return { m: `max(CAST(${measure.column} AS DOUBLE))` };
    case 'last':
      return { l: `max_by(CAST(${measure.column} AS DOUBLE), CASE WHEN ${measure.column} IS NULL THEN NULL ELSE seq END)` };
  }
}

function partColumns(plan: WindowPlan): string[] {
  const keys = plan.entity.join(', ');
  const here = `OVER (PARTITION BY ${keys}, tile ORDER BY ts RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
  const columns = new Map<string, string>();
  for (const feature of plan.features) {
    const before = `OVER (PARTITION BY ${keys} ORDER BY tile RANGE BETWEEN ${feature.tiles - 1} PRECEDING AND 1 PRECEDING)`;
    for (const [suffix, aggregate] of Object.entries(aggregates(feature.measure))) {
      columns.set(`${alias(feature.measure)}_${suffix}`, `${aggregate} ${here}`);
      if (feature.tiles > 1) columns.set(`${alias(feature.measure)}_${suffix}_${feature.tiles}`, `${aggregate} ${before}`);
    }
  }
  return [...columns].map(([name, expression]) => `${expression} AS ${name}`);
}

function combine({ measure, tiles }: WindowedFeature): string {
  const part = (suffix: string) => `${alias(measure)}_${suffix}`;
  const both = (suffix: string) => (tiles === 1 ? [part(suffix)] : [part(suffix), `${part(suffix)}_${tiles}`]);
  const total = (suffix: string) =>
    both(suffix)
      .map((column) => `coalesce(CAST(${column} AS DOUBLE), 0E0)`)
      .join(' + ');
  switch (measure.kind) {
    case 'count':
      return `CAST(${total('n')} AS BIGINT)`;
    case 'mean':
    case 'share':
      return `(${total('s')}) / NULLIF(${total('n')}, 0E0)`;
    case 'max':
      return tiles === 1 ? part('m') : `greatest(${coalesce(both('m'))}, ${coalesce(both('m').toReversed())})`;
    case 'last':
      return coalesce(both('l'));
  }
}

function coalesce(columns: readonly string[]): string {
  return columns.length === 1 ? columns.join() : `coalesce(${columns.join(', ')})`;
}

function alias(measure: Measure): string {
  return measure.key.replaceAll(/[^a-z0-9_]/g, (character) => (character === '-' ? 'minus' : 'p'));
}

/** A double literal that both engines read as a double, never as a decimal. */
export function double(value: number): string {
  const text = String(value);
  return text.includes('e') ? text : `${text}E0`;
}
