import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-cloudformation';
import type { Call, Caller, Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import type { Engine } from './engine';
import type { Exports } from './exports';
import type { Proposals } from './proposal';
import type { StackRecord, Target } from './records';
import type { StackLog } from './stack-log';
import type { StackStore } from './store';
import { templateError } from './template';

/** A request answers when the stack has come to rest or after this time, so that a client's first poll sees a quick deployment's end. */
const PROMPT_MS = 15_000;
const MAX_STACKS = 2000;
const UPDATABLE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'];

interface DeployOptions {
  readonly target: Target;
  readonly changeSetId?: string;
  readonly roleArn: string | undefined;
  readonly caller: Caller;
  readonly token: string | undefined;
}

function isBusy(stack: StackRecord): boolean {
  return stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS';
}

function optionsOf(
  proposal: Target,
  { RoleARN, ClientRequestToken }: Sdk.CreateStackCommandInput | Sdk.UpdateStackCommandInput,
  { caller }: Call,
): DeployOptions {
  return { target: targetOf(proposal), roleArn: RoleARN, caller, token: ClientRequestToken };
}

/** Begins deployments and deletions of stacks, where the stack's state allows them. */
export class Deployments {
  constructor(
    private readonly cloud: Cloud,
    private readonly store: StackStore,
    private readonly log: StackLog,
    private readonly engine: Engine,
    private readonly exports: Exports,
    private readonly proposals: Proposals,
  ) {}

  operations(): Operations {
    return {
      CreateStack: (input: Sdk.CreateStackCommandInput, call: Call) => this.create(input, call),
      UpdateStack: (input: Sdk.UpdateStackCommandInput, call: Call) => this.update(input, call),
      DeleteStack: (input: Sdk.DeleteStackCommandInput, call: Call) => this.delete(input, call),
    };
  }

  /** The stack of a name that exists only in change sets so far. Throws if it exists for good. */
  reviewed(name: string): StackRecord | undefined {
    const existing = this.store.find(name);
    if (existing !== undefined && existing.status !== 'REVIEW_IN_PROGRESS')
      throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
    return existing;
  }

  updatable(name: string): StackRecord {
    const existing = this.store.find(name);
    if (existing === undefined || existing.status === 'DELETE_COMPLETE') throw templateError(`Stack [${name}] does not exist`);
    if (!UPDATABLE.includes(existing.status))
      throw templateError(`Stack:${existing.id} is in ${existing.status} state and can not be updated.`);
    return existing;
  }

  checkIdle(stack: StackRecord, verb: 'updated' | 'deleted'): void {
    if (isBusy(stack)) throw templateError(`Stack:${stack.id} is in ${stack.status} state and can not be ${verb}.`);
  }

  async newStack(name: string, status: string, target: Target): Promise<StackRecord> {
    if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
      throw templateError(
        `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
      );
    if (this.store.live().length >= MAX_STACKS) throw new AwsError('LimitExceededException', `Limit for stack has been exceeded`);
    const id = `arn:aws:cloudformation:${this.cloud.region}:${this.cloud.account}:stack/${name}/${randomUUID()}`;
    const stack: StackRecord = {
      id,
      name,
      status,
      created: Date.now(),
      template: target.template,
      parameters: [],
      tags: [],
      outputs: [],
      imports: [],
      terminationProtection: false,
      capabilities: [],
    };
    await this.store.stacks.put(id, stack);
    if (status === 'REVIEW_IN_PROGRESS') await this.log.status(id, status, 'User Initiated');
    return stack;
  }

  async deploy(stack: StackRecord, kind: 'CREATE' | 'UPDATE', options: DeployOptions): Promise<void> {
    await this.actFor(stack, options.caller, options.roleArn);
    this.log.token(stack.id, options.token);
    await this.prompt(this.engine.deploy(stack.id, kind, options.target, options.changeSetId));
  }

  /** Who acts from now on: the role that was given, now or earlier, else whoever asks. */
  private async actFor(stack: StackRecord, deployer: Caller, roleArn: string | undefined): Promise<void> {
    await this.log.put(stack.id, { deployer, ...(roleArn === undefined ? {} : { roleArn }) });
  }

  private async create(input: Sdk.CreateStackCommandInput, call: Call): Promise<object> {
    if (input.DisableRollback === true || (input.OnFailure ?? 'ROLLBACK') !== 'ROLLBACK')
      throw templateError('The local AWS does not support DisableRollback and OnFailure.');
    const name = input.StackName ?? '';
    if (this.store.find(name) !== undefined) throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
    const proposal = await this.proposals.propose(input, undefined, call);
    const stack = await this.newStack(name, 'CREATE_IN_PROGRESS', proposal);
    if (input.EnableTerminationProtection === true) await this.log.put(stack.id, { terminationProtection: true });
    await this.deploy(stack, 'CREATE', optionsOf(proposal, input, call));
    return { StackId: stack.id };
  }

  private async update(input: Sdk.UpdateStackCommandInput, call: Call): Promise<object> {
    if (input.DisableRollback === true) throw templateError('The local AWS does not support DisableRollback.');
    const stack = this.updatable(input.StackName ?? '');
    const proposal = await this.proposals.propose({ ...input, Tags: input.Tags ?? [...stack.tags] }, stack, call);
    if (proposal.idle) throw templateError('No updates are to be performed.');
    await this.deploy(stack, 'UPDATE', optionsOf(proposal, input, call));
    return { StackId: stack.id };
  }

  private async delete(input: Sdk.DeleteStackCommandInput, call: Call): Promise<object> {
    const stack = this.store.find(input.StackName ?? '');
    if (stack === undefined || stack.status === 'DELETE_COMPLETE') return {};
    if (stack.terminationProtection)
      throw templateError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
    this.checkIdle(stack, 'deleted');
    const retain = input.RetainResources ?? [];
    if (retain.length > 0 && stack.status !== 'DELETE_FAILED')
      throw templateError(
        `Invalid operation on stack [${stack.id}]. RetainResources may be specified only when the stack is in the DELETE_FAILED state.`,
      );
    const used = this.exports.importer(stack);
    if (used !== undefined)
      throw templateError(`Delete canceled. Cannot delete export ${used.exportName} as it is in use by ${used.by}`);
    await this.actFor(stack, call.caller, input.RoleARN);
    this.log.token(stack.id, input.ClientRequestToken);
    await this.prompt(this.engine.remove(stack.id, retain));
    return {};
  }

  private async prompt(work: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PROMPT_MS);
    });
    await Promise.race([work, patience]);
    clearTimeout(timer);
  }
}

function targetOf({ template, parameters, tags, capabilities }: Target): Target {
  return { template, parameters, tags, capabilities };
}
