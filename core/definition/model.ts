import * as z from 'zod';
import { nonEmpty } from '../non-empty';
import { TASKS, type Task, type TaskName } from '../tasks';
import { durationSchema } from './duration';
import { type FeatureRef, featureRefSchema } from './feature-group';
import { type Field, type FieldOf, fieldSchema } from './field';
import { columnName, resourceName, sentence } from './identifier';
import { monitoringSchema, retrainingSchema } from './monitoring';
import { servingSchema } from './serving';
import type { ColumnOf, TimeColumn, TypedSource } from './source';
import { trainingSchema } from './training';

/** A feature and what happens when it has no fresh value: passed on as null, refused (422), or replaced. */
export const modelFeatureSchema = z.strictObject({
  ...featureRefSchema.shape,
  missing: z.union([z.enum(['allow', 'reject']), z.strictObject({ default: z.number() })]).default('allow'),
});
export type ModelFeature = z.infer<typeof modelFeatureSchema>;

/** What a definition of any task says in the same words. */
const modelMembers = {
  name: resourceName,
  description: sentence,
  owner: z.string().min(1),
  card: z.strictObject({ intendedUse: sentence, limitations: sentence, risk: z.enum(['low', 'medium', 'high']) }),
  /** The thing that a prediction is about: a column of the spine, and a key of requests. */
  entity: columnName,
  /** One row of the training set per event of this source, as known at the time column. */
  spine: z.strictObject({ source: columnName, time: columnName }),
  /** Model inputs that the caller sends, in order. */
  request: z.record(columnName, fieldSchema),
  /** Further keys that the caller sends: for looking features up, not inputs of the model. */
  keys: z.record(columnName, fieldSchema),
  features: z.array(modelFeatureSchema).min(1),
  /** Inputs whose categories get their own metrics in the evaluation report. */
  slices: z.array(columnName).default([]),
  serving: servingSchema,
  monitoring: monitoringSchema,
  retraining: retrainingSchema,
  api: z.strictObject({ maxBatch: z.int().min(1).max(1000), timeout: durationSchema }),
};

function schemaOf<const T extends Task & { readonly name: TaskName }>(task: T) {
  return z.strictObject({
    ...modelMembers,
    task: z.literal<T['name']>(task.name),
    label: task.label as T['label'],
    training: trainingSchema<T>(task),
    gates: task.gates as T['gates'],
    baseline: task.baseline as T['baseline'],
  });
}

/** A model: members that every task has, and those that its task defines. */
export const modelSchema = z.discriminatedUnion('task', nonEmpty(TASKS.map(schemaOf)), {
  error: `must name a task: ${TASKS.map(({ name }) => name).join(', ')}`,
});
export type Model = z.infer<typeof modelSchema>;

/** A feature without which there is no prediction: missing is answered 422. */
export function required(feature: FeatureRef): ModelFeature {
  return { ...feature, missing: 'reject' };
}

/** A feature that is replaced by a declared value when missing. */
export function withDefault(feature: FeatureRef, value: number): ModelFeature {
  return { ...feature, missing: { default: value } };
}

type InputField = FieldOf<'category'> | FieldOf<'number'> | FieldOf<'integer'>;
type AnyModelInput = z.input<typeof modelSchema>;

/** A model as a definition writes it: columns of the spine are known to the compiler. */
export type ModelInput<S extends Record<string, Field>> = AnyModelInput extends infer M
  ? M extends AnyModelInput
    ? Omit<M, 'spine' | 'entity' | 'request'> & {
        readonly spine: { readonly source: TypedSource<S>; readonly time: NoInfer<TimeColumn<S>> };
        readonly entity: NoInfer<ColumnOf<S>>;
        readonly request: Record<string, InputField>;
      }
    : never
  : never;

export function defineModel<S extends Record<string, Field>>(input: ModelInput<S>): AnyModelInput {
  return { ...input, spine: { source: input.spine.source.name, time: input.spine.time } };
}
