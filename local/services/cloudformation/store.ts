import type { Storage, Table } from '../../storage/storage';
import type { Json, Policy } from './template';

export interface ResourceRecord {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, Json>>;
  /** Properties with intrinsics resolved and dynamic references left as text: what the next update is compared with. */
  readonly properties: Readonly<Record<string, Json>>;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy: Policy;
  readonly updateReplacePolicy: Policy;
  readonly status: string;
  readonly updated: number;
}

export interface OutputRecord {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

export interface ParameterValue {
  readonly key: string;
  readonly value: string;
  readonly resolved?: string;
}

export interface StackRecord {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly statusReason?: string;
  readonly description?: string;
  readonly created: number;
  readonly updated?: number;
  readonly deleted?: number;
  readonly template: string;
  readonly parameters: readonly ParameterValue[];
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly outputs: readonly OutputRecord[];
  readonly imports: readonly string[];
  readonly roleArn?: string;
  readonly terminationProtection: boolean;
  readonly capabilities: readonly string[];
}

export interface EventRecord {
  readonly id: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly timestamp: number;
  readonly token?: string;
}

export interface ChangeSetRecord {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly kind: 'CREATE' | 'UPDATE' | 'IMPORT';
  readonly status: string;
  readonly statusReason?: string;
  readonly executionStatus: string;
  readonly template: string;
  readonly parameters: readonly ParameterValue[];
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly roleArn?: string;
  readonly capabilities: readonly string[];
  readonly changes: readonly Readonly<Record<string, unknown>>[];
  readonly created: number;
}

/** Stacks with their resources, events and change sets. */
export class StackStore {
  readonly stacks: Table<StackRecord>;
  readonly resources: Table<ResourceRecord>;
  readonly events: Table<EventRecord>;
  readonly changeSets: Table<ChangeSetRecord>;

  constructor(readonly storage: Storage) {
    this.stacks = storage.table('cloudformation/stacks');
    this.resources = storage.table('cloudformation/resources');
    this.events = storage.table('cloudformation/events');
    this.changeSets = storage.table('cloudformation/change-sets');
  }

  all(): StackRecord[] {
    return [...this.stacks.entries()].map(({ value }) => value);
  }

  /** A live stack by name, or any stack (deleted ones too) by ARN. */
  find(nameOrArn: string): StackRecord | undefined {
    if (nameOrArn.startsWith('arn:')) return this.stacks.get(nameOrArn);
    return this.all().find((stack) => stack.name === nameOrArn && stack.status !== 'DELETE_COMPLETE');
  }

  resourcesOf(stackId: string): ResourceRecord[] {
    return [...this.resources.under([stackId])].map(({ value }) => value);
  }

  /** Newest first. */
  eventsOf(stackId: string): EventRecord[] {
    return [...this.events.under([stackId], { reverse: true })].map(({ value }) => value);
  }
}
