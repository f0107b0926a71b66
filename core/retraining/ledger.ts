import * as z from 'zod';

/** What can happen to a model; also the vocabulary of timelines. */
export const ledgerEventSchema = z.enum([
  'baseline-deployed',
  'trained',
  'evaluated',
  'promoted',
  'drift-detected',
  'alarm',
  'retrain-decided',
  'refused',
  'canary-started',
  'rolled-back',
]);
export type LedgerEvent = z.infer<typeof ledgerEventSchema>;

/** One line of a model's history: what, when, why, and numbers. */
export const ledgerEntrySchema = z.object({
  model: z.string(),
  /** Instant, ISO 8601 UTC. */
  at: z.iso.datetime(),
  event: ledgerEventSchema,
  reason: z.string().optional(),
  version: z.string().optional(),
  /** Pipeline execution that the entry belongs to. */
  execution: z.string().optional(),
  metrics: z.record(z.string(), z.number()).optional(),
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;
