import * as z from 'zod';

const score = z.number().min(0).max(1);

/** The day-0 model, champion version 0: needs no training. */
export const baselineSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('prior'), score, threshold: score }),
  z.strictObject({
    kind: z.literal('rule'),
    input: z.string().min(1),
    atLeast: z.number(),
    score,
    otherwise: score,
    threshold: score,
  }),
]);
export type Baseline = z.infer<typeof baselineSchema>;

/** Always answers the known base rate. */
export function prior(rate: number, options: { readonly threshold?: number } = {}): Baseline {
  return { kind: 'prior', score: rate, threshold: options.threshold ?? 0.5 };
}

/** Answers `score` when a model input is at least a bound, else `otherwise` (missing counts as below). */
export function rule(input: string, options: Omit<Extract<Baseline, { kind: 'rule' }>, 'kind' | 'input'>): Baseline {
  return { kind: 'rule', input, ...options };
}
