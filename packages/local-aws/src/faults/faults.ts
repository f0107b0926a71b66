import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock/clock';
import type { Caller, Processes, Service } from '../cloud';
import { AwsError } from '../errors';
import type { Storage, Table } from '../storage/storage';
import { chance } from './chance';
import { type Fault, type FaultInput, faultProblems } from './fault';
import { runPartially } from './partial';
import { COMMON_ERRORS, throttlingError } from './throttling';

type Run = (input: object) => unknown;

interface Faulted {
  readonly account: string;
  readonly clock: Clock;
  readonly storage: Storage;
  readonly services: readonly Service[];
  call(service: string, operation: string, input: object, caller: Caller): Promise<unknown>;
}

const KILL_POLL_MS = 2;
const CLOSE_LOOKS = 20;

function isSame(given: string, resource: string): boolean {
  if (given === resource) return true;
  return [':', '/'].some((cut) => given.endsWith(cut + resource) || resource.endsWith(cut + given));
}

function concerns(input: object, resource: string | undefined): boolean {
  if (resource === undefined) return true;
  return Object.values(input).some((value) =>
    typeof value === 'string'
      ? isSame(value, resource)
      : typeof value === 'object' && value !== null && Object.keys(value).some((key) => isSame(key, resource)),
  );
}

/** Faults that somebody asked for: they hit calls between authorization and operation, and survive a restart. */
export class Faults {
  private readonly table: Table<Fault>;
  private faults: Fault[];

  constructor(private readonly cloud: Faulted) {
    this.table = cloud.storage.table('faults/faults');
    this.faults = [...this.table.entries()].map(({ value }) => value);
  }

  /** Adds a fault. Throws `ValidationException` that tells every problem of it. */
  async add(input: FaultInput): Promise<Fault> {
    const problems = faultProblems(input, this.cloud.services);
    if (problems.length > 0) throw new AwsError('ValidationException', problems.join('\n'));
    const { clock } = this.cloud;
    const until = input.forMs === undefined ? {} : { until: clock.now() + input.forMs };
    const fault: Fault = { seed: 0, ...input, ...until, id: randomUUID().slice(0, 8), seen: 0, hits: 0 };
    if (fault.kind === 'disabled-key') await this.switchKey('DisableKey', fault);
    if (fault.kind === 'stop-clock') clock.pause();
    await this.keep(fault);
    return fault;
  }

  /** All faults that can still hit. */
  list(): readonly Fault[] {
    return this.faults.filter((fault) => this.isLive(fault));
  }

  /** Removes one fault, or all of them, and undoes what they did; gives those that were removed. */
  async clear(id?: string): Promise<readonly Fault[]> {
    const cleared = this.faults.filter((fault) => id === undefined || fault.id === id);
    for (const fault of cleared) {
      if (fault.kind === 'disabled-key')
        await this.switchKey('EnableKey', fault).catch((error: unknown) => {
          // A key that is gone cannot be enabled, and must not hold the fault.
          if (!(error instanceof AwsError) || error.code !== 'NotFoundException') throw error;
        });
      this.faults = this.faults.filter((other) => other.id !== fault.id);
      await this.table.remove(fault.id);
    }
    const clockStops = cleared.some(({ kind }) => kind === 'stop-clock');
    if (clockStops && !this.faults.some(({ kind }) => kind === 'stop-clock')) this.cloud.clock.resume();
    return cleared;
  }

  /** Runs an operation under the faults that hit it. */
  apply(service: string, operation: string, input: object, run: Run): unknown {
    if (this.faults.length === 0) return run(input);
    return this.applyAll(service, operation, input, run);
  }

  /** How the issuer's keys answer now: undefined as ever. */
  keysAnswer(): 'unavailable' | 'hang' | undefined {
    const fault = this.faults.find((candidate) => candidate.kind === 'jwks-down' && this.isLive(candidate));
    return fault !== undefined && this.draw(fault) ? (fault.answer ?? 'unavailable') : undefined;
  }

  private async applyAll(service: string, operation: string, input: object, run: Run): Promise<unknown> {
    let next = run;
    for (const fault of this.faults) {
      if (!this.meets(fault, service, operation, input) || !this.draw(fault)) continue;
      const inner = next;
      next = (given) => this.hit(fault, service, operation, given, inner);
    }
    return next(input);
  }

  private meets(fault: Fault, service: string, operation: string, input: object): boolean {
    if (!this.isLive(fault)) return false;
    if (fault.kind === 'kill-environment')
      return this.processesOf(service)?.operation === operation && concerns(input, fault.resource);
    if (fault.service !== service) return false;
    return (fault.operation === undefined || fault.operation === operation) && concerns(input, fault.resource);
  }

  private async hit(fault: Fault, service: string, operation: string, input: object, run: Run): Promise<unknown> {
    switch (fault.kind) {
      case 'latency':
        // Callers wait in real time, whatever the cloud's clock does.
        await new Promise((resolve) => setTimeout(resolve, fault.latencyMs));
        return run(input);
      case 'error':
        throw this.errorOf(fault.error ?? '');
      case 'throttle':
        throw throttlingError(service);
      case 'partial': {
        let entry = 0;
        const fails = (): boolean => {
          entry += 1;
          return chance(fault.seed, fault.seen, entry) < (fault.partial ?? 1);
        };
        return runPartially(`${service}:${operation}`, input as Record<string, unknown>, fails, run);
      }
      case 'kill-environment':
        return this.killDuring(service, fault.resource ?? '', Promise.resolve(run(input)));
      case 'jwks-down':
      case 'disabled-key':
      case 'stop-clock':
        return run(input);
    }
  }

  private errorOf(code: string): AwsError {
    const status = COMMON_ERRORS.get(code);
    return new AwsError(code, 'A fault that was asked for.', status === undefined ? {} : { status });
  }

  /** Ends the process that works for `resource` as soon as there is one. */
  private async killDuring(service: string, resource: string, work: Promise<unknown>): Promise<unknown> {
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    work.then(done, done);
    const processes = this.processesOf(service);
    // A process that is warm answers within milliseconds: the first looks are closer than a timer comes.
    for (let looks = 0; !settled && processes?.kill(resource) !== true; looks += 1)
      await new Promise((resolve) => (looks < CLOSE_LOOKS ? setImmediate(resolve) : setTimeout(resolve, KILL_POLL_MS)));
    return work;
  }

  private processesOf(service: string): Processes | undefined {
    return this.cloud.services.find(({ name }) => name === service)?.processes;
  }

  private isLive(fault: Fault): boolean {
    if (fault.count !== undefined && fault.hits >= fault.count) return false;
    return fault.until === undefined || this.cloud.clock.now() < fault.until;
  }

  private draw(fault: Fault): boolean {
    const seen = fault.seen + 1;
    const isHit = chance(fault.seed, seen, 0) < (fault.rate ?? 1);
    void this.keep({ ...fault, seen, hits: fault.hits + (isHit ? 1 : 0) });
    return isHit;
  }

  private keep(fault: Fault): Promise<void> {
    const index = this.faults.findIndex(({ id }) => id === fault.id);
    if (index < 0) this.faults = [...this.faults, fault];
    else this.faults = this.faults.with(index, fault);
    return this.table.put(fault.id, fault);
  }

  private switchKey(operation: 'DisableKey' | 'EnableKey', fault: Fault): Promise<unknown> {
    const { account } = this.cloud;
    const root: Caller = { kind: 'root', arn: `arn:aws:iam::${account}:root`, account };
    return this.cloud.call('kms', operation, { KeyId: fault.resource }, root);
  }
}
