const PREFIX = '49';
const TIME_DIGITS = 15;
const COUNT_DIGITS = 33;
const SHARD_DIGITS = 6;

/** Lowest sequence number (56 digits) of a moment: nothing that arrived at `ms` or later is below it. */
export function horizon(ms: number): string {
  return PREFIX + String(Math.max(0, Math.floor(ms))).padStart(TIME_DIGITS, '0') + '0'.repeat(COUNT_DIGITS + SHARD_DIGITS);
}

function parse(sequence: string): { ms: number; count: number } {
  const time = PREFIX.length + TIME_DIGITS;
  return { ms: Number(sequence.slice(PREFIX.length, time)), count: Number(sequence.slice(time, time + COUNT_DIGITS)) };
}

/**
 * Gives the sequence numbers of one shard: they grow with every record, also over a restart and while the clock stands still,
 * and carry the time of arrival, so that retention and timestamps are places in the order.
 */
export class SequenceSource {
  private ms = 0;
  private count = 0;

  constructor(
    private readonly shardIndex: number,
    last: string | undefined,
  ) {
    if (last !== undefined) ({ ms: this.ms, count: this.count } = parse(last));
  }

  next(now: number): { readonly sequence: string; readonly at: number } {
    const ms = Math.floor(now);
    if (ms > this.ms) {
      this.ms = ms;
      this.count = 0;
    }
    this.count += 1;
    return { sequence: sequenceOf(this.ms, this.count, this.shardIndex), at: this.ms };
  }
}

export function sequenceOf(ms: number, count: number, shardIndex: number): string {
  return (
    PREFIX +
    String(ms).padStart(TIME_DIGITS, '0') +
    String(count).padStart(COUNT_DIGITS, '0') +
    String(shardIndex).padStart(SHARD_DIGITS, '0')
  );
}
