interface Share {
  readonly key: string;
  readonly weight: number;
}

/** Smooth weighted round robin (as in nginx): every run of requests is split by weight, as evenly as it can be, without chance. */
export class Traffic {
  private readonly total: number;
  private readonly current: number[];

  constructor(private readonly shares: readonly Share[]) {
    this.total = shares.reduce((sum, { weight }) => sum + weight, 0);
    this.current = shares.map(() => 0);
  }

  /** Key of who serves the next request; undefined if nobody has weight. */
  next(): string | undefined {
    if (this.total <= 0) return undefined;
    let best = -1;
    this.shares.forEach(({ weight }, index) => {
      if (weight <= 0) return;
      this.current[index] = (this.current[index] ?? 0) + weight;
      if (best < 0 || (this.current[index] ?? 0) > (this.current[best] ?? 0)) best = index;
    });
    this.current[best] = (this.current[best] ?? 0) - this.total;
    return this.shares[best]?.key;
  }
}
