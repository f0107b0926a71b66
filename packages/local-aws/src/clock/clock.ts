import type { Activity } from './activity';

export interface ClockState {
  /** Wall-clock ms at which `simulated` was read. */
  readonly wall: number;
  /** Simulated epoch ms at `wall`. */
  readonly simulated: number;
  readonly paused: boolean;
}

export interface Timer {
  cancel(): void;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void | Promise<void>;
  cancelled: boolean;
}

/**
 * The controllable clock (DESIGN §4.10): it starts at any instant, runs at wall speed or stands still, and jumps.
 * A jump fires every timer on its way in order of time, each at its own instant, and waits for the work that it started.
 */
export class Clock {
  private entries: Entry[] = [];
  private order = 0;
  private wake: NodeJS.Timeout | undefined;
  private jumping: Promise<void> = Promise.resolve();
  private draining = false;

  constructor(
    private state: ClockState,
    private readonly activity: Activity,
    private readonly persist: (state: ClockState) => void,
  ) {}

  /** Simulated epoch milliseconds. */
  now(): number {
    return this.state.paused ? this.state.simulated : this.state.simulated + (Date.now() - this.state.wall);
  }

  snapshot(): ClockState {
    return { wall: Date.now(), simulated: this.now(), paused: this.state.paused };
  }

  /** Runs `run` once when the clock reaches `at` (epoch ms); at once if that is past. */
  at(at: number, run: () => void | Promise<void>): Timer {
    const entry: Entry = { at, order: this.order++, run, cancelled: false };
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.entries[middle];
      if (other !== undefined && (other.at < at || (other.at === at && other.order < entry.order))) low = middle + 1;
      else high = middle;
    }
    this.entries.splice(low, 0, entry);
    if (low === 0) this.arm();
    return {
      cancel: () => {
        entry.cancelled = true;
        const index = this.entries.indexOf(entry);
        if (index >= 0) this.entries.splice(index, 1);
      },
    };
  }

  after(delayMs: number, run: () => void | Promise<void>): Timer {
    return this.at(this.now() + delayMs, run);
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  pause(): void {
    this.change({ ...this.snapshot(), paused: true });
  }

  resume(): void {
    this.change({ ...this.snapshot(), paused: false });
  }

  /** Sets the clock without firing what lies between; only before anything runs (a fresh start). */
  set(simulated: number): void {
    this.change({ wall: Date.now(), simulated, paused: this.state.paused });
  }

  /**
   * Jumps forward by `ms`; resolves when every timer on the way has run and its work is done. Jumps queue up. A timer that throws
   * holds up neither the timers after it nor later jumps; its error is thrown when the jump has ended.
   */
  advance(ms: number): Promise<void> {
    const jump = this.jumping.then(() => this.jump(this.now() + ms));
    this.jumping = jump.catch(() => undefined);
    return jump;
  }

  stop(): void {
    clearTimeout(this.wake);
    this.entries = [];
  }

  private async jump(target: number): Promise<void> {
    const paused = this.state.paused;
    this.draining = true;
    const errors: unknown[] = [];
    try {
      await this.activity.idle();
      for (let next = this.entries[0]; next !== undefined && next.at <= target; next = this.entries[0]) {
        this.entries.shift();
        this.state = { wall: Date.now(), simulated: Math.max(next.at, this.state.simulated), paused: true };
        // A server that is killed during a jump must not go back behind what its timers have done.
        this.persist({ ...this.state, paused });
        await Promise.resolve()
          .then(next.run)
          .catch((error: unknown) => errors.push(error));
        await this.activity.idle();
      }
    } finally {
      this.draining = false;
      this.change({ wall: Date.now(), simulated: target, paused });
    }
    if (errors.length > 0) throw errors[0];
  }

  private change(state: ClockState): void {
    this.state = state;
    this.persist(state);
    this.arm();
  }

  private arm(): void {
    clearTimeout(this.wake);
    const next = this.entries[0];
    if (next === undefined || this.draining) return;
    const wait = next.at - this.now();
    if (this.state.paused && wait > 0) return;
    this.wake = setTimeout(() => void this.fire(), Math.min(Math.max(wait, 0), 2_147_483_647));
  }

  private fire(): void {
    while (!this.draining) {
      const next = this.entries[0];
      if (next === undefined || next.at > this.now()) break;
      this.entries.shift();
      if (!next.cancelled) void this.activity.track(Promise.resolve().then(next.run));
    }
    this.arm();
  }
}
