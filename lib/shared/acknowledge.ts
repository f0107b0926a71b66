import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A finding and why it is right as it is here. */
export type Acknowledgement = readonly [id: string, reason: string];

const MIN_REASON = 20;

/** Acknowledges findings on one resource, each with a reason that a reviewer can judge. Throws on a reason that says nothing. */
export function acknowledge(resource: IConstruct, acknowledgements: readonly Acknowledgement[]): void {
  for (const [id, reason] of acknowledgements) {
    if (reason.length < MIN_REASON)
      throw new Error(
        `${resource.node.path}: the acknowledgement of ${id} needs a reason of at least ${MIN_REASON} characters, given '${reason}'`,
      );
    Validations.of(resource).acknowledge({ id, reason });
  }
}
