import * as z from 'zod';

const share = z.number().min(0).max(1);

/** What a challenger must reach on the hold-out, and the floors that live traffic must keep. */
export const gatesSchema = z.strictObject({
  auc: z.strictObject({ min: share }).optional(),
  precision: z
    .strictObject({
      min: share,
      /**
       * When precision on joined outcomes falls below the floor, the model retrains at once: no cooldown applies. A window with fewer
       * than `minSamples` positive predictions says nothing.
       */
      live: z.strictObject({ floor: share, minSamples: z.int().min(1), onBreach: z.literal('retrain-at-once') }).optional(),
    })
    .optional(),
  recall: z.strictObject({ min: share }).optional(),
  calibrationError: z.strictObject({ max: share }).optional(),
  /** The challenger's metric minus the champion's, on the same rows, must be at least `margin`. */
  beatChampionBy: z.strictObject({
    metric: z.enum(['auc', 'averagePrecision', 'precision']),
    margin: z.number().min(-1).max(1),
    /** The 95 % interval of the difference must lie above 0 as well. */
    significant: z.boolean().default(false),
  }),
  /** Fewest hold-out rows that allow a verdict. */
  minRows: z.int().min(1).default(1000),
});

export type Gates = z.infer<typeof gatesSchema>;
