import * as z from 'zod';
import type { Field, Model } from '../definition';
import { taskOf } from '../tasks';
import { fieldBodySchema } from './field-schema';

/** One thing to predict, as the caller sends it: the entity, request features and lookup keys. */
export type PredictionInstance = Readonly<Record<string, unknown>>;

const entityField: Field = {
  type: 'string',
  maxLength: 128,
  nullable: false,
  description: 'Identifies what the prediction is about',
};

/** Body of a prediction request: 1 to `maxBatch` instances. */
export function predictionRequestSchema(model: Model) {
  const fields = { [model.entity]: entityField, ...model.request, ...model.keys };
  const shape = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldBodySchema(field)]));
  return z.strictObject({ instances: z.array(z.strictObject(shape)).min(1).max(model.api.maxBatch) });
}

/** Request features of an instance in the order of the model; a category outside a closed list is missing. */
export function requestFeatures(model: Model, instance: PredictionInstance): Record<string, string | number | null> {
  return Object.fromEntries(Object.entries(model.request).map(([name, field]) => [name, featureValue(field, instance[name])]));
}

/** Body of a prediction answer; predictions stand in the order of the instances, each with its entity and what its task predicts. */
export function predictionResponseSchema(model: Model) {
  const prediction = z.object({
    [model.entity]: z.string(),
    prediction_id: z.string().describe('Send it back with the outcome'),
    ...taskOf(model).prediction.shape,
    feature_ages: z
      .record(z.string(), z.number().nullable())
      .describe('Seconds since the newest event per feature group; null = no fresh value'),
  });
  return z.object({
    model: z.string(),
    model_version: z.string(),
    request_id: z.string(),
    predictions: z.array(prediction),
  });
}

const PREDICTION_ID = /^([a-z][a-z0-9-]{0,31})\.([0-9A-HJKMNP-TV-Z]{26})$/;

/** `<model>.<ulid>`: an outcome finds its model by the id alone. */
export function predictionId(model: string, ulid: string): string {
  return `${model}.${ulid}`;
}

export function parsePredictionId(id: string): { readonly model: string; readonly ulid: string } | undefined {
  const match = PREDICTION_ID.exec(id);
  return match?.[1] === undefined || match[2] === undefined ? undefined : { model: match[1], ulid: match[2] };
}

function featureValue(field: Field, value: unknown): string | number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  return field.type === 'category' && field.values !== undefined && !field.values.includes(value) ? null : value;
}
