import * as z from 'zod';
import type { Source } from '../definition';
import { fieldsBodySchema } from './field-schema';
import { parsePredictionId } from './predictions';
import { MAX_EVENTS, MAX_OUTCOMES } from './routes';

const instant = z.iso.datetime({ precision: 3, error: 'must be an instant such as 2013-01-01T10:00:00.000Z' });

/** Body of `POST /v1/outcomes`: what happened, in the unit of the model's label column. */
export const outcomesRequestSchema = z.strictObject({
  outcomes: z
    .array(
      z.strictObject({
        prediction_id: z.string().refine((id) => parsePredictionId(id) !== undefined, 'must be the prediction_id of an answer'),
        value: z.number(),
        occurred_at: instant,
      }),
    )
    .min(1)
    .max(MAX_OUTCOMES),
});

/** Body of `POST /v1/events/{source}`. */
export function eventsRequestSchema(source: Source) {
  return z.strictObject({ events: z.array(fieldsBodySchema(source.schema)).min(1).max(MAX_EVENTS) });
}

/** Answer 202 to outcomes and events: all were taken. */
export const acceptedSchema = z.object({ accepted: z.int(), request_id: z.string() });

export const modelInfoSchema = z.object({
  model: z.string(),
  description: z.string(),
  version: z.string(),
  promoted_at: z.string(),
  digest: z.string(),
  endpoint_status: z.string(),
  inputs: z.array(z.object({ name: z.string(), type: z.string(), source: z.enum(['request', 'feature']) })),
  request_id: z.string(),
});
