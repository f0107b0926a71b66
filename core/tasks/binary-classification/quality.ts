import * as z from 'zod';
import { confusionSchema, countDecision, decisionQuality, mergeConfusions, NO_DECISIONS } from './confusion';
import type { BinaryGates } from './gates';
import { type BinaryLabel, isPositive } from './label';
import type { BinaryPrediction } from './prediction';
import {
  auc,
  calibrationError,
  countScore,
  emptyScoreHistogram,
  mergeScoreHistograms,
  scoreHistogramSchema,
} from './score-histogram';

export const qualitySchema = z.object({ confusion: confusionSchema, scores: scoreHistogramSchema });

/** Predictions whose outcome is known: decisions, and scores by what happened. */
export type BinaryQuality = z.infer<typeof qualitySchema>;

export function empty(): BinaryQuality {
  return { confusion: NO_DECISIONS, scores: emptyScoreHistogram() };
}

export function add(
  { confusion, scores }: BinaryQuality,
  { score, label: predicted }: BinaryPrediction,
  outcome: number,
  label: BinaryLabel,
): BinaryQuality {
  const actual = isPositive(label, outcome);
  return { confusion: countDecision(confusion, predicted, actual), scores: countScore(scores, score, actual) };
}

export function merge(a: BinaryQuality, b: BinaryQuality): BinaryQuality {
  return { confusion: mergeConfusions(a.confusion, b.confusion), scores: mergeScoreHistograms(a.scores, b.scores) };
}

export function count({ confusion: { tp, fp, fn, tn } }: BinaryQuality): number {
  return tp + fp + fn + tn;
}

export function report({ confusion, scores }: BinaryQuality, gates: BinaryGates): Record<string, number> {
  const { precision, recall, f1 } = decisionQuality(confusion);
  const positives = confusion.tp + confusion.fp;
  const values = {
    // Precision of a handful of positive predictions is noise, and a retraining hangs on it.
    precision: positives < (gates.precision?.live?.minSamples ?? 1) ? null : precision,
    recall,
    f1,
    auc: auc(scores),
    expectedCalibrationError: calibrationError(scores),
  };
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== null));
}
