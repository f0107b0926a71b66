import * as z from 'zod';
import { type Baseline, baselineSchema } from './baseline';
import { type Duration, durationSchema } from './duration';
import { type FeatureRef, featureRefSchema } from './feature-group';
import { type Field, type FieldOf, fieldSchema } from './field';
import { gatesSchema } from './gates';
import { columnName, resourceName, sentence } from './identifier';
import { monitoringSchema, retrainingSchema } from './monitoring';
import { servingSchema } from './serving';
import type { ColumnOf, NumericColumn, TimeColumn, TypedSource } from './source';
import { trainingSchema } from './training';

/** A feature and what happens when it has no fresh value: passed on as null, refused (422), or replaced. */
export const modelFeatureSchema = z.strictObject({
  ...featureRefSchema.shape,
  missing: z.union([z.enum(['allow', 'reject']), z.strictObject({ default: z.number() })]).default('allow'),
});
export type ModelFeature = z.infer<typeof modelFeatureSchema>;

export const labelSchema = z.strictObject({
  name: columnName,
  source: columnName,
  column: columnName,
  /** Column of the label's source that equals the model's entity. */
  joinOn: columnName,
  /** The outcome is positive when the column is above this. */
  above: z.number(),
  /** Outcomes later than this after the prediction are not waited for. */
  within: durationSchema,
});
export type Label = z.infer<typeof labelSchema>;

export const modelSchema = z.strictObject({
  name: resourceName,
  description: sentence,
  owner: z.string().min(1),
  card: z.strictObject({ intendedUse: sentence, limitations: sentence, risk: z.enum(['low', 'medium', 'high']) }),
  task: z.literal('binary-classification'),
  /** The thing that a prediction is about: a column of the spine, and a key of requests. */
  entity: columnName,
  /** One row of the training set per event of this source, as known at the time column. */
  spine: z.strictObject({ source: columnName, time: columnName }),
  /** Model inputs that the caller sends, in order. */
  request: z.record(columnName, fieldSchema),
  /** Further keys that the caller sends: for looking features up, not inputs of the model. */
  keys: z.record(columnName, fieldSchema),
  features: z.array(modelFeatureSchema).min(1),
  label: labelSchema,
  training: trainingSchema,
  gates: gatesSchema,
  /** Inputs whose categories get their own metrics in the evaluation report. */
  slices: z.array(columnName).default([]),
  serving: servingSchema,
  monitoring: monitoringSchema,
  retraining: retrainingSchema,
  baseline: baselineSchema,
  api: z.strictObject({ maxBatch: z.int().min(1).max(1000), timeout: durationSchema }),
});
export type Model = z.infer<typeof modelSchema>;

/** The label: a column of a later event, compared with a bound. */
export function outcome<S extends Record<string, Field>>(
  source: TypedSource<S>,
  options: {
    readonly name: string;
    readonly column: NoInfer<NumericColumn<S>>;
    readonly joinOn: NoInfer<ColumnOf<S>>;
    readonly above: number;
    readonly within: Duration;
  },
): Label {
  return { source: source.name, ...options };
}

/** A feature without which there is no prediction: missing is answered 422. */
export function required(feature: FeatureRef): ModelFeature {
  return { ...feature, missing: 'reject' };
}

/** A feature that is replaced by a declared value when missing. */
export function withDefault(feature: FeatureRef, value: number): ModelFeature {
  return { ...feature, missing: { default: value } };
}

type InputField = FieldOf<'category'> | FieldOf<'number'> | FieldOf<'integer'>;

export interface ModelInput<S extends Record<string, Field>>
  extends Omit<z.input<typeof modelSchema>, 'spine' | 'entity' | 'baseline' | 'request'> {
  readonly spine: { readonly source: TypedSource<S>; readonly time: NoInfer<TimeColumn<S>> };
  readonly entity: NoInfer<ColumnOf<S>>;
  readonly request: Record<string, InputField>;
  readonly baseline: Baseline;
}

export function defineModel<S extends Record<string, Field>>(input: ModelInput<S>): z.input<typeof modelSchema> {
  return { ...input, spine: { source: input.spine.source.name, time: input.spine.time } };
}
