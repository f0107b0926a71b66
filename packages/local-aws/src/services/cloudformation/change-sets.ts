import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-cloudformation';
import type { Call, Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import type { Deployments } from './deployments';
import { shownParameters } from './masking';
import type { Proposals } from './proposal';
import type { ChangeSetRecord, StackRecord } from './records';
import type { StackStore } from './store';
import { templateError } from './template';

const NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set.";

function describe(record: ChangeSetRecord, stack: StackRecord): object {
  return {
    ChangeSetName: record.name,
    ChangeSetId: record.id,
    StackId: stack.id,
    StackName: stack.name,
    CreationTime: new Date(record.created),
    Status: record.status,
    StatusReason: record.statusReason,
    ExecutionStatus: record.executionStatus,
    Parameters: shownParameters(record.parameters),
    Tags: record.tags,
    Capabilities: record.capabilities,
    IncludeNestedStacks: true,
    Changes: record.changes.map((change) => ({ Type: 'Resource', ResourceChange: change })),
  };
}

function checkSupported(input: Sdk.CreateChangeSetCommandInput): void {
  if (input.ChangeSetType === 'IMPORT' || (input.ResourcesToImport ?? []).length > 0)
    throw templateError('The local AWS does not import resources.');
  if (input.OnStackFailure !== undefined && input.OnStackFailure !== 'ROLLBACK')
    throw templateError(`The local AWS does not support OnStackFailure ${input.OnStackFailure}.`);
}

/** Change sets: what a deployment would do, reviewed, then executed once. */
export class ChangeSets {
  constructor(
    private readonly cloud: Cloud,
    private readonly store: StackStore,
    private readonly proposals: Proposals,
    private readonly deployments: Deployments,
  ) {}

  operations(): Operations {
    return {
      CreateChangeSet: (input: Sdk.CreateChangeSetCommandInput, call: Call) => this.create(input, call),
      DescribeChangeSet: (input: Sdk.DescribeChangeSetCommandInput) => {
        const { record, stack } = this.find(input.ChangeSetName, input.StackName);
        return describe(record, stack);
      },
      ExecuteChangeSet: (input: Sdk.ExecuteChangeSetCommandInput, call: Call) => this.execute(input, call),
      DeleteChangeSet: async (input: Sdk.DeleteChangeSetCommandInput) => {
        const record = this.seek(input.ChangeSetName, this.store.find(input.StackName ?? ''));
        if (record?.executionStatus === 'EXECUTE_IN_PROGRESS') throw this.invalidStatus(record, 'deleted');
        if (record !== undefined) await this.store.changeSets.remove(record.id);
        return {};
      },
      ListChangeSets: (input: Sdk.ListChangeSetsCommandInput) => ({
        Summaries: this.store.changeSetsOf(this.store.find(input.StackName ?? '')?.id ?? '').map((record) => ({
          ChangeSetId: record.id,
          ChangeSetName: record.name,
          Status: record.status,
          ExecutionStatus: record.executionStatus,
        })),
      }),
    };
  }

  /** A change set by ARN, or by name within a stack. */
  seek(name: string | undefined, stack: StackRecord | undefined): ChangeSetRecord | undefined {
    const byId = this.store.changeSets.get(name ?? '');
    return byId ?? this.store.changeSetsOf(stack?.id ?? '').find((candidate) => candidate.name === name);
  }

  private find(name: string | undefined, stackName: string | undefined): { record: ChangeSetRecord; stack: StackRecord } {
    const record = this.seek(name, this.store.find(stackName ?? ''));
    const stack = record === undefined ? undefined : this.store.stacks.get(record.stackId);
    if (record === undefined || stack === undefined)
      throw new AwsError('ChangeSetNotFoundException', `ChangeSet [${name}] does not exist`);
    return { record, stack };
  }

  private async create(input: Sdk.CreateChangeSetCommandInput, call: Call): Promise<object> {
    checkSupported(input);
    const kind = input.ChangeSetType === 'CREATE' ? 'CREATE' : 'UPDATE';
    const name = input.StackName ?? '';
    const existing = kind === 'CREATE' ? this.deployments.reviewed(name) : this.deployments.updatable(name);
    const proposal = await this.proposals.propose(input, kind === 'CREATE' ? undefined : existing, call);
    const stack = existing ?? (await this.deployments.newStack(name, 'REVIEW_IN_PROGRESS', proposal));
    const setName = input.ChangeSetName ?? '';
    if (this.seek(setName, stack) !== undefined)
      throw new AwsError(
        'AlreadyExistsException',
        `ChangeSet ${setName} cannot be created due to a mismatch with existing attribute Name`,
      );
    const { idle, changes, ...target } = proposal;
    const record: ChangeSetRecord = {
      ...target,
      id: `arn:aws:cloudformation:${this.cloud.region}:${this.cloud.account}:changeSet/${setName}/${randomUUID()}`,
      name: setName,
      stackId: stack.id,
      kind,
      status: idle ? 'FAILED' : 'CREATE_COMPLETE',
      executionStatus: idle ? 'UNAVAILABLE' : 'AVAILABLE',
      changes: changes as unknown as ChangeSetRecord['changes'],
      created: Date.now(),
      ...(idle ? { statusReason: NO_CHANGES } : {}),
      ...(input.RoleARN === undefined ? {} : { roleArn: input.RoleARN }),
    };
    await this.store.changeSets.put(record.id, record);
    return { Id: record.id, StackId: stack.id };
  }

  private invalidStatus(record: ChangeSetRecord, verb: string): AwsError {
    return new AwsError(
      'InvalidChangeSetStatusException',
      `ChangeSet [${record.id}] cannot be ${verb} in its current status of [${verb === 'deleted' ? record.executionStatus : record.status}]`,
    );
  }

  private async execute(input: Sdk.ExecuteChangeSetCommandInput, call: Call): Promise<object> {
    const { record, stack } = this.find(input.ChangeSetName, input.StackName);
    if (input.DisableRollback === true) throw templateError('The local AWS does not support DisableRollback.');
    if (record.executionStatus !== 'AVAILABLE') throw this.invalidStatus(record, 'executed');
    this.deployments.checkIdle(stack, 'updated');
    await this.store.storage.transaction(() => {
      void this.store.changeSets.put(record.id, { ...record, executionStatus: 'EXECUTE_IN_PROGRESS' });
      // What else was planned for the stack was planned on its former state.
      for (const other of this.store.changeSetsOf(stack.id))
        if (other.id !== record.id) void this.store.changeSets.remove(other.id);
    });
    const { template, parameters, tags, capabilities } = record;
    await this.deployments.deploy(stack, record.kind === 'CREATE' ? 'CREATE' : 'UPDATE', {
      target: { template, parameters, tags, capabilities },
      changeSetId: record.id,
      roleArn: record.roleArn,
      caller: call.caller,
      token: input.ClientRequestToken,
    });
    return {};
  }
}
