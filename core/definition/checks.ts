import { columnsOf } from '../aggregations';
import { INFERENCE } from '../naming';
import { checkCounts, checkNames } from './bounds';
import { checkIssuers } from './check-issuers';
import { checkModel } from './check-model';
import type { FeatureGroup } from './feature-group';
import type { Field } from './field';
import type { Platform } from './platform';
import { type Problem, unknown } from './problem';
import type { Source } from './source';
import { tileWidthSeconds } from './tile-width';

/** Names that tables and records already use. */
const RESERVED = new Set(['event_date', 'event_time', 'entity_id', 'score', 'label']);

/**
 * What single schemas cannot see: references, units, windows.
 *
 * @param declared `<kind>.<name>` of every element, malformed ones included
 */
export function checkReferences(platform: Platform, declared: ReadonlySet<string>): Problem[] {
  return [
    ...checkUnique(platform),
    ...checkCounts(platform),
    ...checkNames(platform),
    ...platform.sources.flatMap(checkSource),
    ...checkMeaning(platform),
    ...platform.featureGroups.flatMap((group) => checkGroup(platform, group, declared)),
    ...platform.models.flatMap((model) => checkModel(platform, model, declared)),
    ...checkConsumers(platform, declared),
  ];
}

function checkUnique(platform: Platform): Problem[] {
  const lists = { sources: platform.sources, featureGroups: platform.featureGroups, models: platform.models };
  const more = { issuers: platform.issuers, consumers: platform.consumers, stages: platform.stages };
  return Object.entries({ ...lists, ...more }).flatMap(([kind, elements]) => {
    const names: string[] = elements.map((element) => element.name);
    const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
    return [...twice].map((name) => ({ path: `${kind}.${name}`, message: 'is defined more than once' }));
  });
}

function checkSource(source: Source): Problem[] {
  const at = `sources.${source.name}`;
  const columns = Object.keys(source.schema);
  const named = {
    eventId: [source.eventId],
    eventTime: [source.eventTime],
    partitionKey: [source.partitionKey],
    personal: source.personal,
  };
  const problems = Object.entries(named).flatMap(([key, names]) =>
    names.filter((name) => !columns.includes(name)).map((name) => unknown(`${at}.${key}`, `column '${name}'`, columns)),
  );
  const time = source.schema[source.eventTime];
  if (time !== undefined && time.type !== 'timestamp') {
    problems.push({ path: `${at}.eventTime`, message: `must name a timestamp column, '${source.eventTime}' is a ${time.type}` });
  }
  for (const key of ['eventId', 'eventTime', 'partitionKey'] as const) {
    if (source.schema[source[key]]?.nullable === true)
      problems.push({ path: `${at}.${key}`, message: `column '${source[key]}' must not be nullable` });
  }
  if (source.name === INFERENCE)
    problems.push({ path: `${at}.name`, message: 'is a reserved name: the log of predictions and outcomes has it' });
  for (const column of columns.filter((name) => RESERVED.has(name)))
    problems.push({ path: `${at}.schema.${column}`, message: 'is a reserved name' });
  return [...problems, ...columns.flatMap((column) => checkBounds(`${at}.schema.${column}`, source.schema[column]))];
}

function checkBounds(path: string, field: Field | undefined): Problem[] {
  if (field === undefined || (field.type !== 'number' && field.type !== 'integer')) return [];
  const { min, max } = field;
  return min !== undefined && max !== undefined && min > max
    ? [{ path: `${path}.min`, message: `must not exceed max, given ${min} > ${max}` }]
    : [];
}

/** One name, one meaning: fields that share a name must share type and unit everywhere. */
function checkMeaning(platform: Platform): Problem[] {
  const seen = new Map<string, { at: string; field: Field }>();
  const tables: [string, Record<string, Field>][] = [
    ...platform.sources.map((it): [string, Record<string, Field>] => [`sources.${it.name}.schema`, it.schema]),
    ...platform.models.map((it): [string, Record<string, Field>] => [`models.${it.name}.request`, it.request]),
    ...platform.models.map((it): [string, Record<string, Field>] => [`models.${it.name}.keys`, it.keys]),
  ];
  return tables.flatMap(([at, fields]) =>
    Object.entries(fields).flatMap(([name, field]) => {
      const first = seen.get(name);
      if (first === undefined) seen.set(name, { at, field });
      const same = first === undefined || meaning(first.field) === meaning(field);
      return same
        ? []
        : [{ path: `${at}.${name}`, message: `means ${meaning(field)} here and ${meaning(first.field)} in ${first.at}` }];
    }),
  );
}

function meaning(field: Field): string {
  return field.unit === undefined ? field.type : `${field.type} in ${field.unit}`;
}

function checkGroup(platform: Platform, group: FeatureGroup, declared: ReadonlySet<string>): Problem[] {
  const at = `featureGroups.${group.name}`;
  const source = platform.sources.find((it) => it.name === group.source);
  const problems: Problem[] = [];
  if (!declared.has(`sources.${group.source}`))
    problems.push(
      unknown(
        `${at}.source`,
        `source '${group.source}'`,
        platform.sources.map((it) => it.name),
      ),
    );
  if (tileWidthSeconds(group.aggregations) === undefined) {
    problems.push({
      path: `${at}.features`,
      message: 'need windows with a tile width in common, each a multiple of it and the largest at most 48 tiles',
    });
  }
  if (source === undefined) return problems;
  const columns = Object.keys(source.schema);
  for (const column of group.entity.filter((name) => !columns.includes(name)))
    problems.push(unknown(`${at}.entity`, `column '${column}'`, columns));
  const numeric = columns.filter((name) => ['number', 'integer'].includes(source.schema[name]?.type ?? ''));
  for (const [feature, aggregation] of Object.entries(group.aggregations)) {
    if (RESERVED.has(feature) || columns.includes(feature))
      problems.push({ path: `${at}.features.${feature}`, message: 'is the name of a column' });
    for (const column of columnsOf(aggregation).filter((name) => !numeric.includes(name)))
      problems.push(unknown(`${at}.features.${feature}.column`, `numeric column '${column}'`, numeric));
  }
  return problems;
}

function checkConsumers(platform: Platform, declared: ReadonlySet<string>): Problem[] {
  const models = platform.models.map((model) => model.name);
  return [
    ...platform.consumers.flatMap((consumer) =>
      consumer.models
        .filter((name) => !declared.has(`models.${name}`))
        .map((name) => unknown(`consumers.${consumer.name}.models`, `model '${name}'`, models)),
    ),
    ...checkIssuers(platform, declared),
  ];
}
