/** A token bucket on the cloud's clock: it holds at most `burst` tokens and gains `rate` per second. */
export class TokenBucket {
  private tokens: number;

  constructor(
    private readonly rate: number,
    private readonly burst: number,
    private at: number,
  ) {
    this.tokens = burst;
  }

  /** Whether a token is there at `now` (epoch ms). */
  has(now: number): boolean {
    if (now > this.at) {
      this.tokens = Math.min(this.burst, this.tokens + ((now - this.at) / 1000) * this.rate);
      this.at = now;
    }
    // A whole token that came together from fractions may miss it by a rounding error.
    return this.tokens >= 1 - 1e-9;
  }

  take(): void {
    this.tokens = Math.max(0, this.tokens - 1);
  }
}
