/** One measured figure: the median of several runs. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it must not exceed (or, for rates, must reach). */
  readonly budget: number;
  /** A limit or peer measured in the same run. */
  readonly reference?: number;
  /** value / reference. */
  readonly ratio?: number;
}

export interface Bench {
  readonly name: string;
  readonly description: string;
  run(progress: (line: string) => void): Promise<Measurement[]>;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Percentile by nearest rank, 0 to 100. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((p / 100) * sorted.length) - 1))] ?? Number.NaN;
}

export function withReference(measurement: Omit<Measurement, 'ratio'>): Measurement {
  const { reference, value } = measurement;
  return reference === undefined ? measurement : { ...measurement, ratio: round(value / reference) };
}

export function round(value: number): number {
  return Number(value.toPrecision(4));
}
