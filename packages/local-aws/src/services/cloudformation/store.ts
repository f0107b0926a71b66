import type { Storage, Table } from '../../storage/storage';
import type { ChangeSetRecord, EventRecord, OperationRecord, ResourceRecord, StackRecord, StepRecord } from './records';

/** Stacks with their resources, events, change sets, and the operations under way. */
export class StackStore {
  readonly stacks: Table<StackRecord>;
  readonly resources: Table<ResourceRecord>;
  readonly events: Table<EventRecord>;
  readonly changeSets: Table<ChangeSetRecord>;
  /** By stack id. */
  readonly operations: Table<OperationRecord>;
  /** By stack id and logical id. */
  readonly steps: Table<StepRecord>;
  /** Answers to the calls of an open step, by stack id, logical id and call. */
  readonly calls: Table<{ readonly output: unknown }>;

  constructor(readonly storage: Storage) {
    this.stacks = storage.table('cloudformation/stacks');
    this.resources = storage.table('cloudformation/resources');
    this.events = storage.table('cloudformation/events');
    this.changeSets = storage.table('cloudformation/change-sets');
    this.operations = storage.table('cloudformation/operations');
    this.steps = storage.table('cloudformation/steps');
    this.calls = storage.table('cloudformation/calls');
  }

  all(): StackRecord[] {
    return [...this.stacks.entries()].map(({ value }) => value);
  }

  live(): StackRecord[] {
    return this.all().filter(({ status }) => status !== 'DELETE_COMPLETE');
  }

  /** A live stack by name, or any stack (deleted ones too) by ARN. */
  find(nameOrArn: string): StackRecord | undefined {
    if (nameOrArn.startsWith('arn:')) return this.stacks.get(nameOrArn);
    return this.live().find((stack) => stack.name === nameOrArn);
  }

  resourcesOf(stackId: string): ResourceRecord[] {
    return [...this.resources.under([stackId])].map(({ value }) => value);
  }

  /** In the order in which they were begun. */
  stepsOf(stackId: string): StepRecord[] {
    return [...this.steps.under([stackId])].map(({ value }) => value).sort((left, right) => left.order - right.order);
  }

  changeSetsOf(stackId: string): ChangeSetRecord[] {
    return [...this.changeSets.entries()].map(({ value }) => value).filter((record) => record.stackId === stackId);
  }

  /** Newest first. */
  eventsOf(stackId: string): EventRecord[] {
    return [...this.events.under([stackId], { reverse: true })].map(({ value }) => value);
  }

  /** Inside a transaction: a step comes to its end, with what it leaves as the stack's resource. */
  endStep(stackId: string, step: StepRecord, resource?: ResourceRecord): void {
    void this.steps.put([stackId, step.logicalId], step);
    if (resource !== undefined) void this.resources.put([stackId, step.logicalId], resource);
    this.clear(this.calls, [stackId, step.logicalId]);
  }

  /** Inside a transaction: an operation is over. */
  endOperation(stackId: string, keepSteps: boolean): void {
    const changeSet = this.changeSets.get(this.operations.get(stackId)?.changeSetId ?? '');
    if (changeSet !== undefined) void this.changeSets.put(changeSet.id, { ...changeSet, executionStatus: 'EXECUTE_COMPLETE' });
    void this.operations.remove(stackId);
    if (!keepSteps) this.clear(this.steps, [stackId]);
    this.clear(this.calls, [stackId]);
  }

  private clear<V>(table: Table<V>, prefix: string[]): void {
    for (const { key } of [...table.under(prefix)]) void table.remove(key);
  }
}
