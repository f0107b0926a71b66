import { readTimeKind } from '../aggregations';
import { type PredictionInstance, requestFeatures } from '../api';
import { entityKey, type FeatureGroup, groupsOf, type Model, milliseconds, modelInputs, type Platform } from '../definition';
import { type FeatureRecord, isFresh } from '../windows';

/** What the model gets for one instance, and what the caller is told about it. */
export interface InputRow {
  /** Model inputs by column, in the order of the artefact; null = missing. */
  readonly inputs: Readonly<Record<string, string | number | null>>;
  /** Seconds since the newest event, by feature group; null = no fresh value. */
  readonly featureAges: Readonly<Record<string, number | null>>;
  /** Ids of features that may not be missing and are. */
  readonly rejected: readonly string[];
}

/** Finds the record of a group for an entity. */
export type RecordLookup = (group: FeatureGroup, entity: string) => FeatureRecord | undefined;

/** Entities of one instance by feature group; a group whose entity is incomplete (an unknown device) is absent. */
export function lookups(
  platform: Platform,
  model: Model,
  instance: PredictionInstance,
): { group: FeatureGroup; entity: string }[] {
  return groupsOf(platform, model).flatMap((group) => {
    const entity = entityKey(group, instance);
    return entity === undefined ? [] : [{ group, entity }];
  });
}

/**
 * Builds the input row of an instance from the request and the newest records. A record older than its group's time to live counts as
 * missing; a missing feature follows its declared policy.
 *
 * @param now milliseconds since 1970
 */
export function inputRow(
  platform: Platform,
  model: Model,
  instance: PredictionInstance,
  find: RecordLookup,
  now: number,
): InputRow {
  const fresh = freshRecords(platform, model, instance, find, now);
  const inputs: Record<string, string | number | null> = requestFeatures(model, instance);
  const rejected: string[] = [];
  for (const input of modelInputs(platform, model)) {
    if (input.kind === 'request') continue;
    const record = fresh.get(input.ref.group);
    const atRead = readTimeKind(input.aggregation);
    const stored = record?.values[input.ref.feature] ?? null;
    const value = atRead === undefined || record === undefined ? stored : atRead.read(record.eventTime, now);
    if (value === null && input.missing === 'reject') rejected.push(input.id);
    inputs[input.column] = value ?? (typeof input.missing === 'object' ? input.missing.default : null);
  }
  const ages = groupsOf(platform, model).map(({ name }) => [name, ageOf(fresh.get(name), now)] as const);
  return { inputs, featureAges: Object.fromEntries(ages), rejected };
}

function freshRecords(
  platform: Platform,
  model: Model,
  instance: PredictionInstance,
  find: RecordLookup,
  now: number,
): ReadonlyMap<string, FeatureRecord> {
  const records = new Map<string, FeatureRecord>();
  for (const { group, entity } of lookups(platform, model, instance)) {
    const record = find(group, entity);
    if (record !== undefined && isFresh(record.eventTime, now, milliseconds(group.ttl))) records.set(group.name, record);
  }
  return records;
}

function ageOf(record: FeatureRecord | undefined, now: number): number | null {
  return record === undefined ? null : (now - record.eventTime) / 1000;
}
