/** Part of a whole; of nothing it is 0. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Values of a sketch or profile that are not missing. */
export function present({ n, missing }: { readonly n: number; readonly missing: number }): number {
  return n - missing;
}
