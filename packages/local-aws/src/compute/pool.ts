import type { Cloud } from '../cloud';
import { Environment } from './environment';
import type { FunctionSpec, Invocation } from './function-spec';
import { Pace } from './pace';

/** An invocation that waits this long for a busy environment gets a new one; a cold start takes longer than that. */
const PATIENCE_MS = 25;
/**
 * A queue that empties within this many such spans gets no new environment: starting one would take as long, and the process that it
 * adds takes its time from those that work.
 */
const SPANS_OF_A_START = 4;
/**
 * Short invocations wait for an environment that is at work rather than spread over all that are idle, as long as they are likely to
 * wait no longer than this: a few busy processes have their code compiled and in the cores' caches, many only take turns.
 */
const BEARABLE_WAIT_MS = 15;
/** As many invocations as this run side by side in any case. */
const SIDE_BY_SIDE = 2;
const IDLE_LIMIT_MS = 10 * 60_000;
/** A session that is handed out lives for at least an hour more; an environment is replaced before. */
const AGE_LIMIT_MS = 50 * 60_000;

/** The environments of one function version, and the invocations that wait for one. */
export class Pool {
  private readonly environments = new Set<Environment>();
  private readonly idle: Environment[] = [];
  private readonly queue: Invocation[] = [];
  private starting = 0;
  private readonly pace = new Pace();
  /** Invocations that left the queue since it was last looked at. */
  private taken = 0;
  private timer: NodeJS.Timeout | undefined;
  private retired = false;

  constructor(
    readonly spec: FunctionSpec,
    private readonly cloud: Cloud,
  ) {}

  submit(invocation: Invocation): void {
    if (this.waitsBearably()) this.queue.push(invocation);
    else {
      const environment = this.idle.pop();
      if (environment !== undefined) return environment.dispatch(invocation);
      this.queue.push(invocation);
    }
    if (this.environments.size === 0) this.grow();
    else this.arm();
  }

  /** Whether an invocation that joins the queue now is likely to be taken soon by the environments at work. */
  private waitsBearably(): boolean {
    const busy = this.environments.size - this.idle.length - this.starting;
    return busy >= SIDE_BY_SIDE && ((this.queue.length + 1) * this.pace.shortestMs) / busy <= BEARABLE_WAIT_MS;
  }

  /** Ends environments that have been idle for long or are old; `all` ends every idle one. */
  reap(all = false): void {
    const now = Date.now();
    for (const environment of [...this.idle]) {
      if (!all && now - environment.idleSince < IDLE_LIMIT_MS && now - environment.createdAt < AGE_LIMIT_MS) continue;
      this.idle.splice(this.idle.indexOf(environment), 1);
      environment.stop();
    }
  }

  /** New invocations go elsewhere: what runs may finish, the rest ends. */
  retire(): void {
    this.retired = true;
    this.reap(true);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.retired = true;
    for (const environment of this.environments) environment.stop();
  }

  killBusy(): boolean {
    const busy = [...this.environments].find((environment) => environment.busy);
    busy?.stop();
    return busy !== undefined;
  }

  get size(): number {
    return this.environments.size;
  }

  private grow(): void {
    this.starting += 1;
    const environment = new Environment({
      cloud: this.cloud,
      spec: this.spec,
      onIdle: (free) => this.free(free),
      onDone: (durationMs) => this.pace.note(durationMs),
      onGone: (gone, failure) => this.gone(gone, failure),
    });
    this.environments.add(environment);
    environment.start().catch((error: unknown) => {
      this.cloud.log('lambda', `${this.spec.name}: cannot start an environment: ${String(error)}`);
      const text = error instanceof Error ? error.message : String(error);
      this.gone(environment, Buffer.from(JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage: text })));
    });
  }

  private arm(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const head = this.queue[0];
      if (head === undefined) return;
      const drains = this.queue.length <= this.taken * SPANS_OF_A_START;
      this.taken = 0;
      this.relieve();
      if (this.queue.length > 0 && this.starting === 0 && !drains && Date.now() - head.queuedAt >= PATIENCE_MS) this.grow();
      this.arm();
    }, PATIENCE_MS);
  }

  /** Those who have waited longer than was likely go to idle environments. */
  private relieve(): void {
    const limit = Date.now() - PATIENCE_MS;
    for (;;) {
      const head = this.queue[0];
      if (head === undefined || head.queuedAt > limit) return;
      const environment = this.idle.pop();
      if (environment === undefined) return;
      this.queue.shift();
      environment.dispatch(head);
    }
  }

  private free(environment: Environment): void {
    if (!this.environments.has(environment)) return;
    if (!this.served.has(environment)) {
      this.served.add(environment);
      this.starting -= 1;
    }
    const next = this.queue.shift();
    if (next !== undefined) {
      this.taken += 1;
      environment.dispatch(next);
    } else if (this.retired) environment.stop();
    else this.idle.push(environment);
  }

  private gone(environment: Environment, failure: Buffer | undefined): void {
    if (!this.environments.delete(environment)) return;
    const index = this.idle.indexOf(environment);
    if (index >= 0) this.idle.splice(index, 1);
    if (!this.served.has(environment)) this.starting -= 1;
    // A failed start answers one waiting invocation, as in AWS; the others try again.
    if (failure !== undefined) this.queue.shift()?.settle({ payload: failure, functionError: 'Unhandled', durationMs: 0 });
    if (this.queue.length > 0 && this.environments.size === 0) this.grow();
  }

  private readonly served = new WeakSet<Environment>();
}
