import { columnsOf } from '../aggregations';
import { checkCounts } from './bounds';
import { checkModel } from './check-model';
import type { Consumer } from './consumer';
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
    ...platform.consumers.flatMap((consumer) => checkIssuer(platform, consumer, declared)),
    ...checkClients(platform),
    ...checkPools(platform),
  ];
}

/** A stage has one user pool: its domain and its people are named after the stage. */
function checkPools({ issuers }: Platform): Problem[] {
  const [, ...more] = issuers.filter(({ kind }) => kind === 'cognito');
  return more.map(({ name }) => ({ path: `issuers.${name}.kind`, message: 'must not be cognito: a platform has one user pool' }));
}

function checkIssuer(platform: Platform, consumer: Consumer, declared: ReadonlySet<string>): Problem[] {
  const at = `consumers.${consumer.name}`;
  const named = consumer.issuer;
  const issuer = named === undefined ? platform.issuers[0] : platform.issuers.find(({ name }) => name === named);
  if (issuer === undefined) {
    const names = platform.issuers.map(({ name }) => name);
    return named === undefined || declared.has(`issuers.${named}`) ? [] : [unknown(`${at}.issuer`, `issuer '${named}'`, names)];
  }
  if (issuer.kind === 'oidc' && consumer.clientId === undefined)
    return [{ path: `${at}.clientId`, message: `must name the client of '${issuer.name}'` }];
  if (issuer.kind === 'cognito' && consumer.clientId !== undefined)
    return [{ path: `${at}.clientId`, message: `must be left out: the deployment makes the clients of '${issuer.name}'` }];
  return [];
}

/** One client of one issuer is one consumer; the same id at another issuer is another client. */
function checkClients(platform: Platform): Problem[] {
  const seen = new Map<string, string>();
  return platform.consumers.flatMap(({ name, issuer = platform.issuers[0]?.name, clientId }) => {
    if (clientId === undefined) return [];
    const first = seen.get(`${issuer}/${clientId}`);
    seen.set(`${issuer}/${clientId}`, first ?? name);
    return first === undefined
      ? []
      : [{ path: `consumers.${name}.clientId`, message: `is the client of '${first}' already, at '${issuer}'` }];
  });
}
