/** Invocations over which the shortest is looked for. */
const SPAN = 32;

/**
 * How long invocations of a function take when nothing holds them up: the shortest of the last few, since a mean grows with the
 * machine's load and would ask for more processes the more there are.
 */
export class Pace {
  private shortest = Number.POSITIVE_INFINITY;
  private next = Number.POSITIVE_INFINITY;
  private noted = 0;

  /** Infinite before the first invocation. */
  get shortestMs(): number {
    return Math.min(this.shortest, this.next);
  }

  note(durationMs: number): void {
    this.next = Math.min(this.next, durationMs);
    this.noted += 1;
    if (this.noted % SPAN !== 0) return;
    this.shortest = this.next;
    this.next = Number.POSITIVE_INFINITY;
  }
}
