import type { InputProfile } from './baseline-profile';
import { baselineCounts, type SketchState } from './sketch';

/** How far live values are from training; every number is finite for every input. */
export interface DriftStatistics {
  readonly n: number;
  readonly psi: number;
  /** Distance (square root of the divergence), base 2, 0 to 1. */
  readonly jensenShannon: number;
  /** Largest difference of the cumulative shares over the bins; 0 for categories, which have no order. */
  readonly kolmogorovSmirnov: number;
  readonly missingRate: number;
  /** Missing rate minus that of training; negative when fewer are missing. */
  readonly missingIncrease: number;
  /** Share of present values outside training's range, or in categories unseen in training. */
  readonly outOfRange: number;
}

/** Compares a sketch with its profile. An empty sketch has no distance. */
export function driftStatistics(profile: InputProfile, sketch: SketchState): DriftStatistics {
  const expected = baselineCounts(profile);
  const present = sketch.n - sketch.missing;
  const missingRate = ratio(sketch.missing, sketch.n);
  const comparable = present > 0 && sum(expected) > 0;
  return {
    n: sketch.n,
    psi: comparable ? populationStability(expected, sketch.counts) : 0,
    jensenShannon: comparable ? jensenShannon(expected, sketch.counts) : 0,
    kolmogorovSmirnov: comparable && profile.type === 'numeric' ? kolmogorovSmirnov(expected, sketch.counts) : 0,
    missingRate,
    missingIncrease: sketch.n === 0 ? 0 : missingRate - ratio(profile.missing, profile.n),
    outOfRange: ratio(sketch.outside, present),
  };
}

/**
 * Population stability index, sum of (q - p) ln(q / p) over bins, with half a count added to each bin so that empty bins stay
 * finite (Jeffreys' prior). Bins empty on both sides do not count.
 */
export function populationStability(expected: readonly number[], actual: readonly number[]): number {
  const bins = expected.map((count, at) => [count, actual[at] ?? 0] as const).filter(([p, q]) => p + q > 0);
  const totalP = bins.reduce((total, [p]) => total + p + 0.5, 0);
  const totalQ = bins.reduce((total, [, q]) => total + q + 0.5, 0);
  return bins.reduce((total, [countP, countQ]) => {
    const p = (countP + 0.5) / totalP;
    const q = (countQ + 0.5) / totalQ;
    return total + (q - p) * Math.log(q / p);
  }, 0);
}

/** Jensen-Shannon distance, base 2 (Lin 1991; the same as scipy.spatial.distance.jensenshannon with base=2). */
export function jensenShannon(expected: readonly number[], actual: readonly number[]): number {
  const [totalP, totalQ] = [sum(expected), sum(actual)];
  const divergence = expected.reduce((total, count, at) => {
    const p = count / totalP;
    const q = (actual[at] ?? 0) / totalQ;
    const middle = (p + q) / 2;
    return total + (p > 0 ? p * Math.log2(p / middle) : 0) / 2 + (q > 0 ? q * Math.log2(q / middle) : 0) / 2;
  }, 0);
  return Math.sqrt(Math.min(1, Math.max(0, divergence)));
}

function kolmogorovSmirnov(expected: readonly number[], actual: readonly number[]): number {
  const [totalP, totalQ] = [sum(expected), sum(actual)];
  let difference = 0;
  let largest = 0;
  expected.forEach((count, at) => {
    difference += (actual[at] ?? 0) / totalQ - count / totalP;
    largest = Math.max(largest, Math.abs(difference));
  });
  return Math.min(1, largest);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
