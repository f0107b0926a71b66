import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock/clock';
import { masked, secretsOf } from './masking';
import type { EventRecord, StackRecord } from './records';
import type { StackStore } from './store';
import { type Json, templateError } from './template';

const STACK_TYPE = 'AWS::CloudFormation::Stack';

type Subject = Pick<EventRecord, 'logicalId' | 'physicalId' | 'type'>;

/** Statuses and events of stacks. */
export class StackLog {
  /** Client tokens of the operations under way. */
  private readonly tokens = new Map<string, string>();

  constructor(
    private readonly store: StackStore,
    private readonly clock: Clock,
  ) {}

  stack(id: string): StackRecord {
    const stack = this.store.stacks.get(id);
    if (stack === undefined) throw templateError(`Stack [${id}] does not exist`);
    return stack;
  }

  async put(id: string, changes: Partial<StackRecord>): Promise<void> {
    await this.store.stacks.put(id, { ...this.stack(id), ...changes });
  }

  /** Moves a stack to a status, together with whatever else `also` writes. */
  async status(
    id: string,
    status: string,
    reason?: string,
    changes: Partial<StackRecord> = {},
    also: () => void = () => undefined,
  ): Promise<void> {
    const { statusReason: _, ...stack } = this.stack(id);
    const next: StackRecord = {
      ...stack,
      ...changes,
      status,
      updated: this.clock.now(),
      ...(reason === undefined ? {} : { statusReason: reason }),
    };
    await this.store.storage.transaction(() => {
      void this.store.stacks.put(id, next);
      this.write(id, { logicalId: stack.name, physicalId: id, type: STACK_TYPE }, status, reason);
      also();
    });
  }

  async resource(
    stackId: string,
    subject: Subject & { readonly properties?: Readonly<Record<string, Json>> },
    status: string,
    reason?: string,
  ): Promise<void> {
    const { parameters } = this.stack(stackId);
    const running = this.store.operations.get(stackId)?.target?.parameters ?? [];
    const secrets = secretsOf([...parameters, ...running], this.store.resourcesOf(stackId));
    await this.write(stackId, subject, status, reason, masked(JSON.stringify(subject.properties ?? {}), secrets));
  }

  /** The token that a client gave with its request is on every event of the operation. */
  token(stackId: string, token: string | undefined): void {
    if (token === undefined) this.tokens.delete(stackId);
    else this.tokens.set(stackId, token);
  }

  private write(stackId: string, subject: Subject, status: string, reason?: string, properties?: string): Promise<void> {
    // The wall clock, not the simulated one: CDK's toolkit shows no event that is older than its own start.
    const timestamp = Date.now();
    const token = this.tokens.get(stackId);
    return this.store.events.put([stackId, timestamp, process.hrtime.bigint().toString().padStart(20, '0')], {
      id: randomUUID(),
      logicalId: subject.logicalId,
      physicalId: subject.physicalId,
      type: subject.type,
      status,
      timestamp,
      ...(reason === undefined ? {} : { reason }),
      ...(token === undefined ? {} : { token }),
      ...(properties === undefined ? {} : { properties }),
    });
  }
}
