import type { Call, Caller, Cloud, Operation, Operations } from '../../../cloud';
import { DataKeys, type Sealed } from '../../../encryption/data-keys';
import { AwsError } from '../../../errors';
import type { Input } from '../../../iam/rights';
import { runtimeError } from './record-check';
import type { GroupStore, LiveGroup } from './records';

/** Operations that put something into the online store; the others read it. */
const WRITING: ReadonlySet<string> = new Set(['PutRecord', 'BatchWriteRecord', 'DeleteRecord']);

/** Feature groups that a request for records names. */
function groupsOf(input: Input): readonly string[] {
  const parts = [input, ...(input.Entries ?? []), ...(input.Identifiers ?? [])] as { FeatureGroupName?: string }[];
  return [...new Set(parts.map(({ FeatureGroupName }) => FeatureGroupName).filter((name) => name !== undefined))];
}

/**
 * The use of online stores' keys, in the name of who calls: writing makes a data key (`kms:GenerateDataKey`), reading opens it
 * (`kms:Decrypt`).
 */
export class OnlineKeys {
  private readonly keys: DataKeys;

  constructor(
    cloud: Cloud,
    private readonly groups: GroupStore,
  ) {
    this.keys = new DataKeys(cloud, 'sagemaker');
  }

  /** The same operations, of which each asks the keys of the groups that it is about first. */
  guard(operations: Operations): Operations {
    const guarded =
      (name: string, run: Operation): Operation =>
      async (input: Input, call: Call) => {
        for (const reference of groupsOf(input)) await this.use(name, this.groups.live(reference), call.caller);
        return run(input, call);
      };
    return Object.fromEntries(Object.entries(operations).map(([name, run]) => [name, guarded(name, run)]));
  }

  private async use(operation: string, group: LiveGroup | undefined, caller: Caller): Promise<void> {
    const keyId = group?.record.online === true ? group.record.onlineConfig?.SecurityConfig?.KmsKeyId : undefined;
    if (group === undefined || keyId === undefined) return;
    const sealed: Sealed = { id: group.record.key, keyId, context: { 'aws:sagemaker:feature-group': group.record.arn } };
    try {
      if (WRITING.has(operation)) await this.keys.make(sealed, caller);
      else await this.keys.open(sealed, caller);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.code !== 'AccessDeniedException') throw runtimeError(`Validation Error: ${error.message}`);
      throw new AwsError('AccessForbidden', error.message, { status: 403, members: { Message: error.message } });
    }
  }
}
