import type { Caller } from '../../cloud';
import type { Json, Policy } from './template';

export type Tags = readonly { readonly Key: string; readonly Value: string }[];

export interface ResourceRecord {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly ref: string;
  /** Its attributes are secrets. */
  readonly noEcho?: boolean;
  readonly attributes: Readonly<Record<string, Json>>;
  /** Properties with intrinsics resolved and dynamic references left as text: what the next update is compared with. */
  readonly properties: Readonly<Record<string, Json>>;
  /** Tags of the stack that the resource was given beside its own. */
  readonly stackTags: Tags;
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
  /** A secret, which is shown as asterisks. */
  readonly noEcho?: boolean;
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
  readonly tags: Tags;
  readonly outputs: readonly OutputRecord[];
  readonly imports: readonly string[];
  readonly roleArn?: string;
  /** Who deploys, where no role was given: CloudFormation then acts in their name. */
  readonly deployer?: Caller;
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
  /** JSON of the properties, secrets masked. */
  readonly properties?: string;
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
  readonly tags: Tags;
  readonly roleArn?: string;
  readonly capabilities: readonly string[];
  readonly changes: readonly Readonly<Record<string, unknown>>[];
  readonly created: number;
}

/** What a deployment is to bring about. */
export interface Target {
  readonly template: string;
  readonly parameters: readonly ParameterValue[];
  readonly tags: Tags;
  readonly capabilities: readonly string[];
}

/** A stack operation under way: after a restart its pass begins again and goes on where the steps end. */
export interface OperationRecord {
  readonly stackId: string;
  readonly kind: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly pass: 'execute' | 'cleanup' | 'rollback' | 'rollback-cleanup' | 'delete';
  readonly target?: Target;
  readonly changeSetId?: string;
  /** Logical ids that a deletion leaves alone. */
  readonly retain?: readonly string[];
}

/** What an operation did, or is doing, to one resource. */
export interface StepRecord {
  readonly logicalId: string;
  readonly order: number;
  /** `keep` changes nothing but what CloudFormation itself knows of a resource, e.g. its deletion policy. */
  readonly action: 'create' | 'update' | 'replace' | 'keep';
  readonly state: 'open' | 'done' | 'failed' | 'undone';
  /** Random part of generated names, the same in every attempt. */
  readonly seed: string;
  readonly before?: ResourceRecord;
  /** The outcome; of a failed step what may have come into being. */
  readonly after?: ResourceRecord;
  readonly problem?: string;
}
