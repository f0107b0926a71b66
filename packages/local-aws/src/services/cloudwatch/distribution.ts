import { AwsError } from '../../errors';

/** How values of a metric in a period are summed up to one number. */
export type Statistic = (distribution: Distribution) => number | undefined;

/** All values of a metric in a period, each with how often it was seen; statistic sets have no single values. */
export class Distribution {
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  /** Unit of the values (the first one's, if they differ). */
  unit: string | undefined;
  private readonly values = new Map<number, number>();
  private hasSets = false;

  add(value: number, count = 1): void {
    this.values.set(value, (this.values.get(value) ?? 0) + count);
    this.grow(count, value * count, value, value);
  }

  /** Adds a statistic set; one whose values must all be equal counts as values, as in CloudWatch. */
  addSet(count: number, sum: number, min: number, max: number): void {
    if (min === max) this.add(min, count);
    else {
      this.hasSets = true;
      this.grow(count, sum, min, max);
    }
  }

  /** Values in ascending order with their counts; undefined if some are unknown. */
  sorted(): readonly (readonly [value: number, count: number])[] | undefined {
    return this.hasSets || this.count === 0 ? undefined : [...this.values].sort(([a], [b]) => a - b);
  }

  private grow(count: number, sum: number, min: number, max: number): void {
    this.count += count;
    this.sum += sum;
    this.min = Math.min(this.min, min);
    this.max = Math.max(this.max, max);
  }
}

/** The smallest value that at least the share `p` (0..1) of all values do not exceed (nearest rank, no interpolation). */
function percentile(distribution: Distribution, p: number): number | undefined {
  const sorted = distribution.sorted();
  if (sorted === undefined) return undefined;
  const rank = Math.max(p * distribution.count, Number.MIN_VALUE);
  let seen = 0;
  for (const [value, count] of sorted) {
    seen += count;
    // 0.9 * 10 is a hair more than 9 in binary.
    if (seen >= rank - 1e-9) return value;
  }
  return sorted.at(-1)?.[0];
}

/** Count and sum of the values between two bounds, which are values (`PR(1:5)`) or shares (`TM(10%:90%)`). */
function between(
  distribution: Distribution,
  low: Bound | undefined,
  high: Bound | undefined,
): { count: number; sum: number } | undefined {
  const sorted = distribution.sorted();
  if (sorted === undefined) return undefined;
  const bound = (given: Bound | undefined, fallback: number): number =>
    given === undefined ? fallback : given.share ? (percentile(distribution, given.value / 100) ?? fallback) : given.value;
  const from = bound(low, Number.NEGATIVE_INFINITY);
  const to = bound(high, Number.POSITIVE_INFINITY);
  const inside = sorted.filter(([value]) => value >= from && value <= to);
  return {
    count: inside.reduce((sum, [, count]) => sum + count, 0),
    sum: inside.reduce((sum, [value, count]) => sum + value * count, 0),
  };
}

interface Bound {
  readonly value: number;
  readonly share: boolean;
}

const BASIC: Readonly<Record<string, Statistic>> = {
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ min }) => min,
  Maximum: ({ max }) => max,
};

function readBound(text: string | undefined): Bound | undefined {
  return text === undefined || text === '' ? undefined : { value: Number.parseFloat(text), share: text.endsWith('%') };
}

function trimmed(kind: string, low: Bound | undefined, high: Bound | undefined): Statistic {
  return (distribution) => {
    const part = between(distribution, low, high);
    if (part === undefined) return undefined;
    switch (kind) {
      case 'TC':
        return part.count;
      case 'TS':
        return part.sum;
      case 'PR':
        return (100 * part.count) / distribution.count;
      default:
        return part.count === 0 ? undefined : part.sum / part.count;
    }
  };
}

/** The percentile that a statistic such as `p99.9` asks for, as a share; undefined for other statistics. */
export function percentileOf(name: string): number | undefined {
  const match = /^p(\d{1,3}(?:\.\d{1,10})?)$/.exec(name);
  const value = Number(match?.[1]);
  return match === null || value > 100 ? undefined : value / 100;
}

/** Reads a statistic: Sum, Average, p99, tm90, TM(10%:90%), TC, TS, PR(:300), IQM, ... Throws if CloudWatch has no such. */
export function parseStatistic(name: string): Statistic {
  const basic = BASIC[name];
  if (basic !== undefined) return basic;
  const share = percentileOf(name);
  if (share !== undefined) return (distribution) => percentile(distribution, share);
  if (name === 'IQM') return trimmed('TM', { value: 25, share: true }, { value: 75, share: true });
  const short = /^(tm|tc|ts)(\d{1,2}(?:\.\d+)?)$/.exec(name);
  if (short?.[1] !== undefined) return trimmed(short[1].toUpperCase(), undefined, readBound(`${short[2]}%`));
  const long = /^(TM|TC|TS|PR)\((-?[\d.]*%?):(-?[\d.]*%?)\)$/.exec(name);
  if (long?.[1] !== undefined) return trimmed(long[1], readBound(long[2]), readBound(long[3]));
  throw new AwsError('InvalidParameterValueException', `The value ${name} for parameter Statistic is not supported.`);
}
