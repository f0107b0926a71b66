import { double, readTimeKind } from '../aggregations';
import {
  findSource,
  groupsOf,
  type Model,
  type ModelInputColumn,
  milliseconds,
  modelInputs,
  type Platform,
  seconds,
  type UnknownPolicy,
} from '../definition';
import { taskOf } from '../tasks';
import { type WindowPlan, windowPlan } from '../windows';
import { PARTITION_COLUMN } from './lake-table';
import { recordCtes } from './record-sql';

export interface TrainingSetColumn {
  readonly name: string;
  readonly type: 'numeric' | 'category';
  /** What a category outside the vocabulary means to the model; categories only. */
  readonly unknown?: UnknownPolicy;
}

/** The training set document of a model, as the containers read it (prepare-request.schema.json), without database and workgroup. */
export interface TrainingSet {
  readonly model: string;
  /** SELECT over the lake tables; `{from}` and `{to}` stand for `YYYY-MM-DD HH:MM:SS.mmm` in UTC, from inclusive, to exclusive. */
  readonly sql: string;
  /** Model inputs in the order of the artefact. */
  readonly columns: readonly TrainingSetColumn[];
  readonly task: string;
  readonly label: string;
  readonly timeColumn: string;
  readonly keyColumn: string;
  readonly slices: readonly string[];
}

/** Derives the point-in-time correct training set of a checked model. */
export function trainingSet(platform: Platform, model: Model): TrainingSet {
  const inputs = modelInputs(platform, model);
  return {
    model: model.name,
    task: model.task,
    sql: trainingSetSql(platform, model, inputs),
    columns: inputs.map(trainingSetColumn),
    label: model.label.name,
    timeColumn: model.spine.time,
    keyColumn: model.entity,
    slices: model.slices,
  };
}

/** A model input as a column of the training set and of artefacts. */
export function trainingSetColumn(input: ModelInputColumn): TrainingSetColumn {
  return input.kind === 'request' && input.field.type === 'category'
    ? { name: input.column, type: 'category', unknown: input.field.unknown }
    : { name: input.column, type: 'numeric' };
}

/** Puts instants into the SQL of a training set. */
export function fillTrainingSet(sql: string, from: Date, to: Date): string {
  return sql.replaceAll('{from}', sqlInstant(from)).replaceAll('{to}', sqlInstant(to));
}

/** `YYYY-MM-DD HH:MM:SS.mmm`, which both engines accept in a TIMESTAMP literal. */
export function sqlInstant(instant: Date): string {
  return instant.toISOString().replace('T', ' ').replace('Z', '');
}

function trainingSetSql(platform: Platform, model: Model, inputs: readonly ModelInputColumn[]): string {
  const plans = groupsOf(platform, model).map((group) => ({ group, plan: windowPlan(group, source(platform, group.source)) }));
  const lookBack = Math.max(0, ...plans.map(({ group, plan }) => seconds(group.ttl) + (plan.depth * plan.widthMs) / 1000));
  const sources = new Set([model.spine.source, model.label.source, ...plans.map(({ group }) => group.source)]);
  const ctes = [
    ...[...sources].map((name) => eventsCte(platform, name, lookBack)),
    spineCte(platform, model),
    labelCte(platform, model),
    ...plans.flatMap(({ group, plan }) => [...recordCtes(plan, `${group.source}_events`), asOfCte(model, plan)]),
  ];
  const joins = plans.map(({ group, plan }) => asOfJoin(model, plan, milliseconds(group.ttl)));
  const select = [
    `spine.${model.entity}`,
    `spine.${model.spine.time}`,
    ...inputs.map((input) => `${inputExpression(model, input)} AS ${input.column}`),
    `${taskOf(model).labelSql(model.label, 'labels.outcome')} AS ${model.label.name}`,
  ];
  return `WITH ${ctes.join(',\n')}
SELECT ${select.join(',\n  ')}
FROM spine
JOIN labels ON labels.entity = spine.${model.entity} AND labels.ts <= spine.${model.spine.time} + INTERVAL '${seconds(model.label.within)}' SECOND
${joins.join('\n')}
`;
}

/** Events of a source, each once, from the days that can matter: an event never arrives before it happened. */
function eventsCte(platform: Platform, name: string, lookBackSeconds: number): string {
  const { schema, eventId, eventTime } = source(platform, name);
  const columns = Object.keys(schema).join(', ');
  const days = Math.ceil(lookBackSeconds / 86_400) + 1;
  return `${name}_events AS (
  SELECT ${columns}
  FROM (
    SELECT ${columns}, row_number() OVER (PARTITION BY ${eventId} ORDER BY ${eventTime}) AS copy
    FROM ${name}
    WHERE ${PARTITION_COLUMN} >= CAST(CAST(TIMESTAMP '{from}' - INTERVAL '${days}' DAY AS DATE) AS VARCHAR)
      AND ${eventTime} >= TIMESTAMP '{from}' - INTERVAL '${days}' DAY
  ) delivered
  WHERE copy = 1
)`;
}

function spineCte(platform: Platform, model: Model): string {
  const { eventId, eventTime, name } = source(platform, model.spine.source);
  const columns = [model.entity, model.spine.time, ...Object.keys(model.request), ...Object.keys(model.keys)].join(', ');
  return `spine AS (
  SELECT ${columns}
  FROM (
    SELECT ${columns}, row_number() OVER (PARTITION BY ${model.entity} ORDER BY ${eventTime} DESC, ${eventId}) AS copy
    FROM ${name}_events
    WHERE ${model.spine.time} >= TIMESTAMP '{from}' AND ${model.spine.time} < TIMESTAMP '{to}'
  ) latest
  WHERE copy = 1
)`;
}

function labelCte(platform: Platform, model: Model): string {
  const { eventId, eventTime, name } = source(platform, model.label.source);
  return `labels AS (
  SELECT entity, ts, outcome
  FROM (
    SELECT ${model.label.joinOn} AS entity, ${eventTime} AS ts, CAST(${model.label.column} AS DOUBLE) AS outcome,
      row_number() OVER (PARTITION BY ${model.label.joinOn} ORDER BY ${eventTime} DESC, ${eventId}) AS copy
    FROM ${name}_events
    WHERE ${model.label.column} IS NOT NULL
  ) latest
  WHERE copy = 1
)`;
}

/** Time of the newest record at or before each spine row: records and rows in one ordered pass (neither engine's own as-of join). */
function asOfCte(model: Model, { group, entity }: WindowPlan): string {
  const keys = entity.join(', ');
  return `${group}_asof AS (
  SELECT id, side, max(CASE WHEN side = 0 THEN ts END) OVER (
      PARTITION BY ${keys} ORDER BY ts, side ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS record_ts
  FROM (
    SELECT ${keys}, ts, 0 AS side, CAST(NULL AS VARCHAR) AS id FROM ${group}_records
    UNION ALL
    SELECT ${keys}, ${model.spine.time} AS ts, 1 AS side, ${model.entity} AS id FROM spine
  ) both_sides
)`;
}

function asOfJoin(model: Model, { group, entity }: WindowPlan, ttlMs: number): string {
  const keys = entity.map((column) => `${group}.${column} = spine.${column}`).join(' AND ');
  return `LEFT JOIN ${group}_asof ON ${group}_asof.side = 1 AND ${group}_asof.id = spine.${model.entity}
LEFT JOIN ${group}_records ${group} ON ${keys} AND ${group}.ts = ${group}_asof.record_ts
  AND ${group}.ts > spine.${model.spine.time} - INTERVAL '${ttlMs / 1000}' SECOND`;
}

function inputExpression(model: Model, input: ModelInputColumn): string {
  if (input.kind === 'request') return `spine.${input.column}`;
  const { group, feature } = input.ref;
  const atRead = readTimeKind(input.aggregation)?.sql(`${group}.ts`, `spine.${model.spine.time}`);
  const value = atRead ?? `${group}.${feature}`;
  return typeof input.missing === 'object' ? `coalesce(${value}, ${double(input.missing.default)})` : value;
}

function source(platform: Platform, name: string) {
  const found = findSource(platform, name);
  if (found === undefined) throw new RangeError(`unknown source ${name}`);
  return found;
}
