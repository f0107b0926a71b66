import * as z from 'zod';

/** Bins of equal width over scores 0 to 1. */
export const SCORE_BINS = 200;

const counts = z.array(z.int().min(0)).length(SCORE_BINS);
export const scoreHistogramSchema = z.object({ positive: counts, negative: counts });

/** Scores by what happened; integers, so merging is exact. */
export type ScoreHistogram = z.infer<typeof scoreHistogramSchema>;

export function emptyScoreHistogram(): ScoreHistogram {
  return { positive: new Array<number>(SCORE_BINS).fill(0), negative: new Array<number>(SCORE_BINS).fill(0) };
}

/** The histogram with one score more. */
export function countScore(histogram: ScoreHistogram, score: number, actual: boolean): ScoreHistogram {
  const bin = Math.min(SCORE_BINS - 1, Math.max(0, Math.floor(score * SCORE_BINS)));
  const { positive, negative } = histogram;
  return actual ? { positive: withOneMore(positive, bin), negative } : { positive, negative: withOneMore(negative, bin) };
}

export function mergeScoreHistograms(a: ScoreHistogram, b: ScoreHistogram): ScoreHistogram {
  const add = (left: readonly number[], right: readonly number[]) => left.map((count, at) => count + (right[at] ?? 0));
  return { positive: add(a.positive, b.positive), negative: add(a.negative, b.negative) };
}

/**
 * Area under the ROC curve: the share of (positive, negative) pairs in the right order, ties half (Hanley and McNeil 1982). Scores in
 * one bin count as ties. Null without both classes.
 */
export function auc({ positive, negative }: ScoreHistogram): number | null {
  let negativesBelow = 0;
  let pairs = 0;
  positive.forEach((count, at) => {
    const here = negative[at] ?? 0;
    pairs += count * (negativesBelow + here / 2);
    negativesBelow += here;
  });
  const all = total(positive) * total(negative);
  return all === 0 ? null : pairs / all;
}

/** One group of neighbouring scores: mean of the score's bins, observed rate, rows. */
export interface CalibrationBin {
  readonly score: number;
  readonly rate: number;
  readonly n: number;
}

/** Reliability curve over `groups` equal spans of the score; empty spans are left out. */
export function calibration(histogram: ScoreHistogram, groups = 10): CalibrationBin[] {
  const width = SCORE_BINS / groups;
  return Array.from({ length: groups }, (_, group) => {
    let [n, positives, scores] = [0, 0, 0];
    for (let bin = group * width; bin < (group + 1) * width; bin += 1) {
      const [yes, no] = [histogram.positive[bin] ?? 0, histogram.negative[bin] ?? 0];
      n += yes + no;
      positives += yes;
      scores += ((yes + no) * (bin + 0.5)) / SCORE_BINS;
    }
    return { n, score: n === 0 ? 0 : scores / n, rate: n === 0 ? 0 : positives / n };
  }).filter((it) => it.n > 0);
}

/** Expected calibration error (Naeini 2015): mean distance of score and rate, weighted by rows. Null without rows. */
export function calibrationError(histogram: ScoreHistogram): number | null {
  const bins = calibration(histogram);
  const n = total(bins.map((bin) => bin.n));
  return n === 0 ? null : total(bins.map((bin) => (bin.n / n) * Math.abs(bin.score - bin.rate)));
}

function withOneMore(counts: readonly number[], bin: number): number[] {
  return counts.with(bin, (counts[bin] ?? 0) + 1);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
