import * as z from 'zod';
import { commonGates, share } from '../gates';
import type { LiveFloor, MetricBound } from '../task';

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
      live: z.strictObject({ floor: share, minSamples: z.int().min(1) }).optional(),
    })
    .optional(),
  recall: z.strictObject({ min: share }).optional(),
  calibrationError: z.strictObject({ max: share }).optional(),
  ...commonGates(['auc', 'averagePrecision', 'precision']),
});
export type BinaryGates = z.infer<typeof gatesSchema>;

export function bounds({ auc, precision, recall, calibrationError }: BinaryGates): MetricBound[] {
  const least = { auc, precision, recall };
  return [
    ...Object.entries(least).flatMap(([metric, gate]) => (gate === undefined ? [] : [{ metric, min: gate.min }])),
    ...(calibrationError === undefined ? [] : [{ metric: 'expectedCalibrationError', max: calibrationError.max }]),
  ];
}

export function floors({ precision }: BinaryGates): LiveFloor[] {
  return precision?.live === undefined ? [] : [{ metric: 'precision', floor: precision.live.floor }];
}
