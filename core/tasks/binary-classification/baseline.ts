import * as z from 'zod';
import { share } from '../gates';

/** The day-0 model, champion version 0: needs no training. */
export const baselineSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('prior'), score: share, threshold: share }),
  z.strictObject({
    kind: z.literal('rule'),
    input: z.string().min(1),
    atLeast: z.number(),
    score: share,
    otherwise: share,
    threshold: share,
  }),
]);
export type BinaryBaseline = z.infer<typeof baselineSchema>;

/** Always answers the known base rate. */
export function prior(rate: number, options: { readonly threshold?: number } = {}): BinaryBaseline {
  return { kind: 'prior', score: rate, threshold: options.threshold ?? 0.5 };
}

/** Answers `score` when a model input is at least a bound, else `otherwise` (missing counts as below). */
export function rule(input: string, options: Omit<Extract<BinaryBaseline, { kind: 'rule' }>, 'kind' | 'input'>): BinaryBaseline {
  return { kind: 'rule', input, ...options };
}

/** `baseline.json` and `threshold.json` of the day-0 artefact. */
export function baselineFiles(baseline: BinaryBaseline): Readonly<Record<string, object>> {
  return {
    'baseline.json': scorer(baseline),
    'threshold.json': {
      threshold: baseline.threshold,
      precisionTargetReached: false,
      reason: 'declared with the baseline',
    },
  };
}

function scorer(baseline: BinaryBaseline): object {
  if (baseline.kind === 'prior') return { type: 'prior', score: baseline.score };
  const { input, atLeast, score, otherwise } = baseline;
  return { type: 'rule', feature: input, atLeast, score, otherwise };
}
