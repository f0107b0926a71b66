import * as z from 'zod';
import type { Source } from '../definition';
import { MAX_CLOCK_SKEW_MS } from '../windows';
import { fieldsBodySchema } from './field-schema';
import { parsePredictionId } from './predictions';
import { MAX_EVENTS, MAX_OUTCOMES } from './routes';

const instant = z.iso.datetime({ precision: 3, error: 'must be an instant such as 2013-01-01T10:00:00.000Z' });

/** Reads the clock, epoch ms. */
type Now = () => number;

const ANY_TIME: Now = () => Number.POSITIVE_INFINITY;

function isFuture(text: unknown, now: Now): boolean {
  return typeof text === 'string' && Date.parse(text) > now() + MAX_CLOCK_SKEW_MS;
}

/** Body of `POST /v1/outcomes`: what happened, in the unit of the model's label column. With a clock, it must have happened already. */
export function outcomesRequestSchema(now = ANY_TIME) {
  const outcome = z.strictObject({
    prediction_id: z.string().refine((id) => parsePredictionId(id) !== undefined, 'must be the prediction_id of an answer'),
    value: z.number(),
    occurred_at: instant.refine((text) => !isFuture(text, now), 'must not lie in the future'),
  });
  return z.strictObject({ outcomes: z.array(outcome).min(1).max(MAX_OUTCOMES) });
}

/** One event of a source, at the door and in the stream alike. With a clock, it must have happened already. */
export function eventSchema(source: Source, now = ANY_TIME) {
  return fieldsBodySchema(source.schema).superRefine((fields, context) => {
    if (isFuture(fields[source.eventTime], now))
      context.addIssue({ code: 'custom', path: [source.eventTime], message: 'must not lie in the future' });
  });
}
export type EventSchema = ReturnType<typeof eventSchema>;

/** Body of `POST /v1/events/{source}`. */
export function eventsRequestSchema(source: Source, now = ANY_TIME) {
  return z.strictObject({ events: z.array(eventSchema(source, now)).min(1).max(MAX_EVENTS) });
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
