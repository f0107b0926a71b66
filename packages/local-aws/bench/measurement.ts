/** One measured figure. */
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

/** Four figures are more than a measurement is good for. */
export function round(value: number): number {
  return Number(value.toPrecision(4));
}
