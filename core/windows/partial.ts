import type { Measure } from './plan';

/** Mergeable state of one measure; plain data, merge is associative and commutative. */
export interface Partial {
  /** Events counted: all for `count`, those with a value otherwise. */
  readonly n: number;
  /** Sum of values for `mean`, number above the threshold for `share`, maximum for `max`, newest value for `last`. */
  readonly value: number;
  /** For `last`: event time (ms) and id of the newest value; the greater id wins at equal time. */
  readonly at?: number;
  readonly id?: string;
}

export interface Observation {
  readonly id: string;
  /** Event time, milliseconds since 1970. */
  readonly at: number;
  readonly values: Readonly<Record<string, unknown>>;
}

/** State after one event; undefined when the event has no value for the measure. */
export function observe(measure: Measure, event: Observation): Partial | undefined {
  if (measure.kind === 'count') return { n: 1, value: 1 };
  const value = event.values[measure.column];
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  if (measure.kind === 'share') return { n: 1, value: value > measure.above ? 1 : 0 };
  return measure.kind === 'last' ? { n: 1, value, at: event.at, id: event.id } : { n: 1, value };
}

/** Combines states of disjoint sets of events. */
export function mergePartials(measure: Measure, a: Partial | undefined, b: Partial | undefined): Partial | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const n = a.n + b.n;
  switch (measure.kind) {
    case 'count':
    case 'mean':
    case 'share':
      return { n, value: a.value + b.value };
    case 'max':
      return { n, value: Math.max(a.value, b.value) };
    case 'last':
      return { ...(isNewer(a, b) ? a : b), n };
  }
}

/** The feature's value; null when no event had one. A count of nothing is 0. */
export function finish(measure: Measure, partial: Partial | undefined): number | null {
  if (partial === undefined) return measure.kind === 'count' ? 0 : null;
  return measure.kind === 'mean' || measure.kind === 'share' ? partial.value / partial.n : partial.value;
}

function isNewer(a: Partial, b: Partial): boolean {
  const [atA, atB] = [a.at ?? Number.NEGATIVE_INFINITY, b.at ?? Number.NEGATIVE_INFINITY];
  return atA === atB ? (a.id ?? '') >= (b.id ?? '') : atA > atB;
}
