import * as z from 'zod';
import { STATISTICS } from '../drift/statistics';
import { mapValues } from '../map-values';
import { durationSchema } from './duration';

/** Limits on one feature's drift statistics, by statistic; an absent limit raises no alarm. */
export const driftLimitsSchema = z.strictObject(mapValues(STATISTICS, ({ limit }) => limit.optional()));
export type DriftLimits = z.infer<typeof driftLimitsSchema>;

/** What is watched on live traffic. */
export const monitoringSchema = z.strictObject({
  /** Length of the tumbling window that statistics are computed over. */
  window: durationSchema,
  /** Windows with fewer rows give no verdict. */
  minSamples: z.int().min(1),
  drift: z.strictObject({
    default: driftLimitsSchema,
    /** Limits by model input (`group__feature`, a request feature, or `score`), in place of the default. */
    inputs: z.record(z.string(), driftLimitsSchema).default({}),
  }),
  /** Windows in breach, out of windows looked at, that raise the alarm. */
  alarm: z
    .strictObject({ breaches: z.int().min(1), windows: z.int().min(1).max(24) })
    .refine((it) => it.breaches <= it.windows, { error: 'must not exceed windows', path: ['breaches'] }),
  /** How long a prediction waits for its outcome. */
  outcomesWithin: durationSchema,
});
export type Monitoring = z.infer<typeof monitoringSchema>;

/** When an alarm may start a training run. */
export const retrainingSchema = z.strictObject({
  /** Least time between runs; doubles after each run that gave no new champion, up to `maxCooldown`. */
  cooldown: durationSchema,
  maxCooldown: durationSchema,
  dailyBudget: z.int().min(1).max(24),
  minNewLabels: z.int().min(0),
  /** A run that has not ended by then is taken for dead. */
  lease: durationSchema,
});
export type Retraining = z.infer<typeof retrainingSchema>;

/** The limits that hold for a model input. */
export function driftLimits(monitoring: Monitoring, input: string): DriftLimits {
  return monitoring.drift.inputs[input] ?? monitoring.drift.default;
}
