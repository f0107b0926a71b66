import * as z from 'zod';
import type { CategoryProfile, InputProfile, NumericProfile } from './reference-profile';

/** Categories beyond the most frequent ones of training share the last bin with unseen ones, so a sketch stays below 8 KB. */
const MAX_CATEGORIES = 200;

export const sketchStateSchema = z.object({
  counts: z.array(z.int().min(0)),
  missing: z.int().min(0),
  n: z.int().min(0),
  outside: z.int().min(0),
});

/** A sketch as plain data: integers only, so merging is exact and associative. */
export type SketchState = z.infer<typeof sketchStateSchema>;

/** Histogram of live values of one input over the bins of its training profile. */
export interface Sketch {
  /** Counts one value; null, undefined and values of another type are missing. */
  add(value: unknown): void;
  state(): SketchState;
}

export function createSketch(profile: InputProfile): Sketch {
  return profile.type === 'numeric' ? new NumericSketch(profile) : new CategorySketch(profile);
}

/** Sum of two sketches of the same profile. */
export function mergeSketches(a: SketchState, b: SketchState): SketchState {
  if (a.counts.length !== b.counts.length)
    throw new RangeError(`sketches of ${a.counts.length} and ${b.counts.length} bins cannot merge`);
  return {
    counts: a.counts.map((count, at) => count + (b.counts[at] ?? 0)),
    missing: a.missing + b.missing,
    n: a.n + b.n,
    outside: a.outside + b.outside,
  };
}

/** Number of values per bin of the profile, in the bins of its sketches. */
export function referenceCounts(profile: InputProfile): number[] {
  if (profile.type === 'numeric') return profile.counts;
  const kept = categories(profile);
  const total = Object.values(profile.counts).reduce((sum, count) => sum + count, 0);
  const counts = kept.map((category) => profile.counts[category] ?? 0);
  return [...counts, total - counts.reduce((sum, count) => sum + count, 0)];
}

class NumericSketch implements Sketch {
  private readonly edges: Float64Array;
  private readonly counts: number[];
  private readonly min: number;
  private readonly max: number;
  private missing = 0;
  private n = 0;
  private outside = 0;

  constructor(profile: NumericProfile) {
    this.edges = Float64Array.from(profile.edges);
    this.counts = new Array<number>(profile.edges.length + 1).fill(0);
    this.min = profile.min ?? Number.NEGATIVE_INFINITY;
    this.max = profile.max ?? Number.POSITIVE_INFINITY;
  }

  add(value: unknown): void {
    this.n += 1;
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      this.missing += 1;
      return;
    }
    if (value < this.min || value > this.max) this.outside += 1;
    const bin = this.bin(value);
    this.counts[bin] = (this.counts[bin] ?? 0) + 1;
  }

  state(): SketchState {
    return { counts: [...this.counts], missing: this.missing, n: this.n, outside: this.outside };
  }

  /** Number of edges at or below the value, by bisection. */
  private bin(value: number): number {
    let low = 0;
    let high = this.edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.edges[middle] ?? Number.POSITIVE_INFINITY) <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

class CategorySketch implements Sketch {
  private readonly bins: ReadonlyMap<unknown, number>;
  private readonly seen: ReadonlySet<unknown>;
  private readonly counts: number[];
  private missing = 0;
  private n = 0;
  private outside = 0;

  constructor(profile: CategoryProfile) {
    const kept = categories(profile);
    this.bins = new Map(kept.map((category, at) => [category, at]));
    this.seen = new Set(Object.keys(profile.counts));
    this.counts = new Array<number>(kept.length + 1).fill(0);
  }

  add(value: unknown): void {
    this.n += 1;
    if (typeof value !== 'string') {
      this.missing += 1;
      return;
    }
    const bin = this.bins.get(value) ?? this.counts.length - 1;
    if (!this.seen.has(value)) this.outside += 1;
    this.counts[bin] = (this.counts[bin] ?? 0) + 1;
  }

  state(): SketchState {
    return { counts: [...this.counts], missing: this.missing, n: this.n, outside: this.outside };
  }
}

/** The most frequent categories of training, ties by name. */
function categories(profile: CategoryProfile): string[] {
  const entries = Object.entries(profile.counts);
  entries.sort(([nameA, a], [nameB, b]) => b - a || (nameA < nameB ? -1 : 1));
  return entries.slice(0, MAX_CATEGORIES).map(([name]) => name);
}
