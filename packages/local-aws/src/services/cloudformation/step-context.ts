import { createHash } from 'node:crypto';
import { type Caller, type Cloud, forwarded, type ResourceContext } from '../../cloud';
import { checkConstraints } from '../../wire/constraints/check';
import type { StackRecord, Tags } from './records';
import type { StackStore } from './store';
import type { Json } from './template';

/** What a handler gets here: a context with a secret of its own for custom resources. */
export interface StepContext extends ResourceContext {
  /** Unguessable, and the same in every attempt at one step. */
  readonly token: string;
}

export interface StepIdentity {
  readonly logicalId: string;
  readonly seed: string;
  /**
   * `once`: the answers of its calls are kept, so that the step is done once, also when the process dies in it. `rehearsed`: what was
   * answered is answered again and nothing else is done.
   */
  readonly calls: 'once' | 'rehearsed' | 'plain';
}

const READS = /^(Get|List|Describe|Head|Query|Scan|Filter)/;
const SUFFIX_LENGTH = 12;

/** The server is being stopped; what is under way goes on after its next start. */
export class Stopped extends Error {}

/** Makes the contexts of handlers: who they act as, how they name things, and that a call is made once. */
export class StepContexts {
  private turn: Promise<unknown> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: StackStore,
  ) {}

  stop(): void {
    this.stopped = true;
  }

  caller(stack: StackRecord): Caller {
    if (stack.roleArn !== undefined) return this.cloud.asRole(stack.roleArn, 'AWSCloudFormation', 'cloudformation', stack.id);
    if (stack.deployer === undefined) throw new Error(`nobody deploys ${stack.name}`);
    return forwarded(stack.deployer, 'cloudformation');
  }

  /** Whether a step has changed anything so far. */
  hasMade(stackId: string, logicalId: string): boolean {
    return [...this.store.calls.under([stackId, logicalId], { limit: 1 })].length > 0;
  }

  of(stack: StackRecord, step: StepIdentity, properties: Readonly<Record<string, Json>>, stackTags: Tags): StepContext {
    const own = Array.isArray(properties.Tags) ? (properties.Tags as Tags) : [];
    const { logicalId } = step;
    const hash = createHash('sha256').update(step.seed).digest('hex');
    const suffix = hash.toUpperCase().slice(0, SUFFIX_LENGTH);
    return {
      logicalId,
      stackName: stack.name,
      stackId: stack.id,
      account: this.cloud.account,
      region: this.cloud.region,
      tags: [...stackTags.filter((tag) => !own.some((other) => other.Key === tag.Key)), ...own],
      token: hash.slice(SUFFIX_LENGTH),
      call: this.callsOf(stack, step),
      generateName: (max, lowerCase = false) => {
        const room = max - suffix.length - 2;
        const stackPart = stack.name.slice(0, Math.max(8, room - logicalId.length));
        const name = `${stackPart}-${logicalId.slice(0, room - stackPart.length)}-${suffix}`;
        return lowerCase ? name.toLowerCase() : name;
      },
    };
  }

  private callsOf(stack: StackRecord, step: StepIdentity): ResourceContext['call'] {
    const caller = this.caller(stack);
    const counts = new Map<string, number>();
    return async <Output>(service: string, operation: string, input: object): Promise<Output> => {
      // A handler's call has no wire to go over, and is held to the same demands as one that has.
      checkConstraints(service, operation, input);
      const call = (): Promise<Output> => this.cloud.call<Output>(service, operation, input, caller);
      if (READS.test(operation) || step.calls === 'plain') return this.inTurn(call);
      const digest = createHash('sha256').update(JSON.stringify(input)).digest('base64');
      const name = `${service} ${operation} ${digest}`;
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      const key = [stack.id, step.logicalId, name, count];
      const made = this.store.calls.get(key);
      if (made !== undefined || step.calls === 'rehearsed') return (made?.output ?? {}) as Output;
      return this.inTurn(() => this.store.storage.undoable(call, (output) => void this.store.calls.put(key, { output })));
    };
  }

  /** One call at a time: a service that reads, waits and writes back would lose the change of another resource's handler. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(() => {
      if (this.stopped) throw new Stopped();
      return work();
    });
    this.turn = result.catch(() => undefined);
    return result;
  }
}
