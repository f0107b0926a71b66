/** Counts work in flight (invocations, jobs, deliveries), so that a jump of the clock can wait until the cloud is at rest. */
export class Activity {
  private inFlight = 0;
  private waiting: (() => void)[] = [];

  /** Tracks `work` until it settles; its rejection is the caller's to handle. */
  track<T>(work: Promise<T>): Promise<T> {
    this.inFlight += 1;
    const done = (): void => {
      this.inFlight -= 1;
      if (this.inFlight === 0) setImmediate(() => this.release());
    };
    work.then(done, done);
    return work;
  }

  /** Resolves when nothing tracked is in flight (checked again after the event loop had a turn). */
  async idle(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.inFlight > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private release(): void {
    if (this.inFlight > 0) return;
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
