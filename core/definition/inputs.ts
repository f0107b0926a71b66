import { type Aggregation, isWindowed, valueType, type WindowedAggregation } from '../aggregations';
import { type FeatureRef, featureColumn, featureId } from './feature-group';
import type { FieldOf } from './field';
import type { Model, ModelFeature } from './model';
import type { Platform } from './platform';

/** One input of a model, in the order of the artefact: request features first, then looked-up features. */
export type ModelInputColumn =
  | { readonly kind: 'request'; readonly column: string; readonly id: string; readonly field: InputField }
  | {
      readonly kind: 'feature';
      readonly column: string;
      readonly id: string;
      readonly ref: FeatureRef;
      readonly aggregation: Aggregation;
      readonly missing: ModelFeature['missing'];
    };

export type InputField = FieldOf<'category'> | FieldOf<'number'> | FieldOf<'integer'>;

/** The ordered inputs of a model. */
export function modelInputs(platform: Platform, model: Model): ModelInputColumn[] {
  const request = Object.entries(model.request).map(([column, field]) => ({
    kind: 'request' as const,
    column,
    id: column,
    field: inputField(field),
  }));
  const features = model.features.map((feature) => ({
    kind: 'feature' as const,
    column: featureColumn(feature),
    id: featureId(feature),
    ref: { group: feature.group, feature: feature.feature },
    aggregation: aggregationOf(platform, feature),
    missing: feature.missing,
  }));
  return [...request, ...features];
}

/** Type of an input in artefacts and profiles. */
export function inputType(input: ModelInputColumn): 'category' | 'number' | 'integer' {
  if (input.kind === 'request') return input.field.type;
  return valueType(input.aggregation);
}

/** The group's aggregations that are stored as feature values, by feature name; the others are computed when a record is read. */
export function storedAggregations(group: {
  readonly aggregations: Readonly<Record<string, Aggregation>>;
}): [string, WindowedAggregation][] {
  return Object.entries(group.aggregations).filter((entry): entry is [string, WindowedAggregation] => isWindowed(entry[1]));
}

function aggregationOf(platform: Platform, ref: FeatureRef): Aggregation {
  const aggregation = platform.featureGroups.find((group) => group.name === ref.group)?.aggregations[ref.feature];
  if (aggregation === undefined) throw new RangeError(`unknown feature ${featureId(ref)}`);
  return aggregation;
}

function inputField(field: Model['request'][string]): InputField {
  if (field.type === 'string' || field.type === 'timestamp') throw new RangeError(`a ${field.type} cannot be a model input`);
  return field;
}
