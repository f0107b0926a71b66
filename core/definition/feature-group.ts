import * as z from 'zod';
import { type AggregationOf, aggregationSchema } from '../aggregations';
import { type Duration, durationSchema } from './duration';
import type { Field } from './field';
import { columnName, sentence } from './identifier';
import type { ColumnOf, NumericColumn, TypedSource } from './source';

/** Names one feature of a group; carried by models. */
export const featureRefSchema = z.strictObject({ group: columnName, feature: columnName });
export type FeatureRef = z.infer<typeof featureRefSchema>;

/** Features of one entity, aggregated from one source. */
export const featureGroupSchema = z.strictObject({
  name: columnName,
  owner: z.string().min(1),
  description: sentence,
  source: columnName,
  entity: z.array(columnName).min(1),
  ttl: durationSchema,
  aggregations: z.record(columnName, aggregationSchema),
});
export type FeatureGroup = z.infer<typeof featureGroupSchema>;

/** A group with its features as typed members; `features` is for writing definitions, `aggregations` holds the data. */
export interface TypedFeatureGroup<K extends string> extends FeatureGroup {
  readonly features: { readonly [F in K]: FeatureRef };
}

export interface FeatureGroupInput<S extends Record<string, Field>, K extends string> {
  readonly name: string;
  readonly owner: string;
  readonly description: string;
  readonly source: TypedSource<S>;
  /** Columns of the source that together identify the entity. */
  readonly entity: NoInfer<ColumnOf<S>>[];
  /** A value older than this is missing. */
  readonly ttl: Duration;
  readonly features: { readonly [F in K]: AggregationOf<NoInfer<NumericColumn<S>>> };
}

export function defineFeatureGroup<S extends Record<string, Field>, const K extends string>(
  input: FeatureGroupInput<S, K>,
): TypedFeatureGroup<K> {
  const { source, features, ...rest } = input;
  const group: FeatureGroup = { ...rest, source: source.name, aggregations: features };
  const refs = Object.fromEntries(Object.keys(features).map((feature) => [feature, { group: input.name, feature }]));
  return { ...group, features: refs as { [F in K]: FeatureRef } };
}

/** `<group>.<feature>`: the name in messages, metrics and alarms. */
export function featureId(ref: FeatureRef): string {
  return `${ref.group}.${ref.feature}`;
}

/** `<group>__<feature>`: the name of the column and of the JSON key. */
export function featureColumn(ref: FeatureRef): string {
  return `${ref.group}__${ref.feature}`;
}

/** The entity's values joined into the record identifier, in the order of the definition. Undefined when a part is missing. */
export function entityKey(group: Pick<FeatureGroup, 'entity'>, values: Readonly<Record<string, unknown>>): string | undefined {
  const parts = group.entity.map((column) => values[column]);
  return parts.every((part): part is string | number => (typeof part === 'string' && part !== '') || typeof part === 'number')
    ? parts.map((part) => String(part).replaceAll('%', '%25').replaceAll('#', '%23')).join('#')
    : undefined;
}
