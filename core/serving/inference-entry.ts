import * as z from 'zod';

/** A line of the inference log: one prediction, as it was made. */
export const predictionEntrySchema = z.object({
  type: z.literal('prediction'),
  prediction_id: z.string(),
  model: z.string(),
  model_version: z.string(),
  entity: z.string(),
  consumer: z.string(),
  request_id: z.string(),
  /** Instant, ISO 8601 UTC. */
  occurred_at: z.iso.datetime(),
  /** JSON object of model inputs by column. */
  inputs: z.string(),
  /** The prediction as its task writes it into the log (core/tasks). */
  score: z.number(),
  predicted: z.string(),
});
export type PredictionEntry = z.infer<typeof predictionEntrySchema>;

/** A line of the inference log: what happened after a prediction. */
export const outcomeEntrySchema = z.object({
  type: z.literal('outcome'),
  prediction_id: z.string(),
  model: z.string(),
  consumer: z.string(),
  request_id: z.string(),
  occurred_at: z.iso.datetime(),
  /** In the unit of the label's column. */
  actual: z.number(),
});
export type OutcomeEntry = z.infer<typeof outcomeEntrySchema>;

export const inferenceEntrySchema = z.discriminatedUnion('type', [predictionEntrySchema, outcomeEntrySchema]);
export type InferenceEntry = z.infer<typeof inferenceEntrySchema>;
