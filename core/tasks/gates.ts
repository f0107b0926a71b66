import * as z from 'zod';

/** A share, 0 to 1. */
export const share = z.number().min(0).max(1);

/** Gates that every task has, over its own metrics. */
export function commonGates<const M extends readonly [string, ...string[]]>(metrics: M) {
  return {
    /** The challenger's metric minus the champion's, on the same rows, must be at least `margin`. */
    beatChampionBy: z.strictObject({
      metric: z.enum(metrics),
      margin: z.number().min(-1).max(1),
      /** The 95 % interval of the difference must lie above 0 as well. */
      significant: z.boolean().default(false),
    }),
    /** Fewest hold-out rows that allow a verdict. */
    minRows: z.int().min(1).default(1000),
  };
}
