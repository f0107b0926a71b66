import type { Operations, ResourceType } from '../../cloud';

/** One noun of SageMaker: its operations and CloudFormation types, with what it resumes at the start and ends at the stop. */
export interface SageMakerModule {
  readonly operations: Operations;
  readonly resources?: readonly ResourceType[];
  start?(): void | Promise<void>;
  stop?(): void | Promise<void>;
}
