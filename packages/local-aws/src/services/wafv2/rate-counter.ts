const SLOT_MS = 10_000;
/** Keys are looked over for forgotten ones when so many have come together. */
const SWEEP_AT = 10_000;

interface Slots {
  /** Number of the slot that was counted last. */
  last: number;
  readonly counts: number[];
  total: number;
}

/** Counts requests per key over the last `windowS` seconds of the cloud's clock, in steps of 10 s as AWS looks at them. */
export class RateCounter {
  private readonly keys = new Map<string, Slots>();
  private readonly length: number;

  constructor(windowS: number) {
    this.length = (windowS * 1000) / SLOT_MS;
  }

  /** Counts one request at `now` (epoch ms); returns how many the window holds with it. */
  add(key: string, now: number): number {
    const slot = Math.floor(now / SLOT_MS);
    let slots = this.keys.get(key);
    if (slots === undefined) {
      if (this.keys.size >= SWEEP_AT) this.sweep(slot);
      slots = { last: slot, counts: new Array<number>(this.length).fill(0), total: 0 };
      this.keys.set(key, slots);
    }
    for (let next = slots.last + 1; next <= slot && next <= slots.last + this.length; next += 1) {
      slots.total -= slots.counts[next % this.length] ?? 0;
      slots.counts[next % this.length] = 0;
    }
    slots.last = Math.max(slots.last, slot);
    slots.counts[slot % this.length] = (slots.counts[slot % this.length] ?? 0) + 1;
    slots.total += 1;
    return slots.total;
  }

  private sweep(slot: number): void {
    for (const [key, slots] of this.keys) if (slots.last <= slot - this.length) this.keys.delete(key);
  }
}
