import * as z from 'zod';
import { durationSchema } from './duration';

const fleet = z
  .strictObject({
    instanceType: z.string().regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'must be a SageMaker instance type such as ml.m5.large'),
    minInstances: z.int().min(1).max(100),
    maxInstances: z.int().min(1).max(100),
    /** Target tracking: invocations per instance and minute. */
    invocationsPerInstance: z.int().min(1),
  })
  .refine((it) => it.maxInstances >= it.minInstances, { error: 'must not be below minInstances', path: ['maxInstances'] });

/** How the champion is served and replaced. */
export const servingSchema = z.strictObject({
  /** Fleet per stage. */
  fleet: z.record(z.string(), fleet),
  canary: z.strictObject({
    /** Share of capacity that gets the challenger first, percent. */
    sizePercent: z.int().min(1).max(50),
    /** How long the canary is watched before the rest follows. */
    bake: durationSchema,
    /** How long the old fleet stays after the switch. */
    terminationWait: durationSchema,
    maxDuration: durationSchema,
    alarms: z.strictObject({ errorRatePercent: z.number().gt(0).max(100), latencyP99Ms: z.number().gt(0) }),
  }),
});

export type Serving = z.infer<typeof servingSchema>;
