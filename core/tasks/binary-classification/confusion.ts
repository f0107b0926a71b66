import * as z from 'zod';

const countSchema = z.int().min(0);

export const confusionSchema = z.object({ tp: countSchema, fp: countSchema, fn: countSchema, tn: countSchema });

/** Counts of a binary decision against what happened. */
export type Confusion = z.infer<typeof confusionSchema>;

export const NO_DECISIONS: Confusion = { tp: 0, fp: 0, fn: 0, tn: 0 };

export function countDecision(counts: Confusion, predicted: boolean, actual: boolean): Confusion {
  if (predicted) return actual ? { ...counts, tp: counts.tp + 1 } : { ...counts, fp: counts.fp + 1 };
  return actual ? { ...counts, fn: counts.fn + 1 } : { ...counts, tn: counts.tn + 1 };
}

export function mergeConfusions(a: Confusion, b: Confusion): Confusion {
  return { tp: a.tp + b.tp, fp: a.fp + b.fp, fn: a.fn + b.fn, tn: a.tn + b.tn };
}

/** Null where a ratio has no denominator: a model that never says yes has no precision, which is not a precision of 0. */
export interface DecisionQuality {
  readonly n: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly accuracy: number | null;
}

export function decisionQuality({ tp, fp, fn, tn }: Confusion): DecisionQuality {
  const n = tp + fp + fn + tn;
  return {
    n,
    precision: divide(tp, tp + fp),
    recall: divide(tp, tp + fn),
    f1: divide(2 * tp, 2 * tp + fp + fn),
    accuracy: divide(tp + tn, n),
  };
}

function divide(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
