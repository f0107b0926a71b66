import { randomUUID } from 'node:crypto';
import type { Caller, Cloud, ResourceOutcome, ResourceType } from '../../cloud';
import { AwsError } from '../../errors';
import { resolveDynamic } from './environment';
import { isCustom, type Wanted } from './plan';
import type { ResourceRecord, StackRecord, StepRecord, Tags } from './records';
import type { StackLog } from './stack-log';
import { type StepContext, type StepContexts, type StepIdentity, Stopped } from './step-context';
import { type Json, TemplateError, templateError } from './template';
import { removeTags } from './untagging';

/** A creation that failed and yet may have left something with this physical id, which has to be deleted. */
export class FailedCreation extends AwsError {
  constructor(physicalId: string, message: string) {
    super('GeneralServiceException', message, { members: { PhysicalResourceId: physicalId } });
  }
}

/** An update that was refused before it changed anything, so that there is nothing to take back. */
export class RefusedUpdate extends TemplateError {}

export function reasonOf(error: unknown, type: string): string {
  if (error instanceof AwsError && !(error instanceof FailedCreation) && !(error instanceof TemplateError))
    return `Resource handler returned message: "${error.message} (Service: ${type.split('::')[1] ?? type}, Status Code: ${error.status ?? 400})" (HandlerErrorCode: ${error.code})`;
  return error instanceof Error ? error.message : String(error);
}

/** Runs the handler of one resource in the role of the deployment, and gives the record of what it made. */
export class Provisioner {
  constructor(
    private readonly cloud: Cloud,
    private readonly log: StackLog,
    private readonly contexts: StepContexts,
    readonly handlerOf: (type: string) => ResourceType | undefined,
  ) {}

  /** The handler of a type that validation has let pass. */
  handler(type: string): ResourceType {
    const handler = this.handlerOf(type);
    if (handler === undefined) throw templateError(`Template format error: Unrecognized resource types: [${type}]`);
    return handler;
  }

  callerOf(stack: StackRecord): Caller {
    return this.contexts.caller(stack);
  }

  async create(stack: StackRecord, wanted: Wanted, step: StepRecord): Promise<ResourceRecord> {
    const { context, properties } = await this.prepare(stack, wanted, step, 'once');
    const outcome = await this.handler(wanted.type).create(properties, context);
    return this.record(wanted, outcome, step.action === 'replace' ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE');
  }

  async update(stack: StackRecord, wanted: Wanted, before: ResourceRecord, step: StepRecord): Promise<ResourceRecord> {
    const { context, properties } = await this.prepare(stack, wanted, step, 'once');
    const { update } = this.handler(wanted.type);
    if (update === undefined) throw templateError(`${wanted.type} cannot be updated in place`);
    const outcome = await update.call(this.handler(wanted.type), before.physicalId, properties, before.properties, context);
    const after = this.record(wanted, { ...outcome, attributes: outcome.attributes ?? before.attributes }, 'UPDATE_COMPLETE');
    if (after.physicalId === before.physicalId) await removeTags(before, after, context.call);
    return after;
  }

  /**
   * What a creation that failed has left all the same: an id that the failure names, or the outcome that the handler would have given had
   * the rest of its calls gone well. Undefined if nothing was made.
   */
  async leftover(stack: StackRecord, wanted: Wanted, step: StepRecord, error: unknown): Promise<ResourceRecord | undefined> {
    const named = error instanceof AwsError ? error.members.PhysicalResourceId : undefined;
    if (typeof named === 'string') return this.record(wanted, { id: named }, 'CREATE_FAILED');
    if (!this.contexts.hasMade(stack.id, step.logicalId) || isCustom(wanted.type)) return undefined;
    const { context, properties } = await this.prepare(stack, wanted, step, 'rehearsed');
    const outcome = await this.handler(wanted.type)
      .create(properties, context)
      .catch(() => undefined);
    return outcome === undefined ? undefined : this.record(wanted, outcome, 'CREATE_FAILED');
  }

  /** Takes an update back: the resource as it was, over what a step made of it. */
  async restore(stack: StackRecord, before: ResourceRecord, after: ResourceRecord): Promise<void> {
    const { context, properties } = await this.prepare(stack, before, { seed: randomUUID() }, 'plain');
    await this.handler(before.type).update?.(after.physicalId, properties, after.properties, context);
    await removeTags(after, before, context.call);
  }

  /** Deletes a resource and says so in the stack's events; false if it could not be deleted. */
  async delete(stack: StackRecord, record: ResourceRecord): Promise<boolean> {
    const { type } = record;
    await this.log.resource(stack.id, record, 'DELETE_IN_PROGRESS');
    try {
      const { context, properties } = await this.prepare(stack, record, { seed: randomUUID() }, 'plain');
      await this.handler(type).delete(record.physicalId, properties, context);
    } catch (error) {
      if (error instanceof Stopped) throw error;
      this.trace(error);
      await this.log.resource(stack.id, record, 'DELETE_FAILED', reasonOf(error, type));
      return false;
    }
    await this.log.resource(stack.id, record, 'DELETE_COMPLETE');
    return true;
  }

  /** What no service answered with is a fault of the local AWS, so its log has the stack trace. */
  trace(error: unknown): void {
    if (!(error instanceof AwsError))
      this.cloud.log('cloudformation', error instanceof Error ? (error.stack ?? '') : String(error));
  }

  record(wanted: Wanted, outcome: ResourceOutcome, status: string): ResourceRecord {
    return {
      ...wanted,
      physicalId: outcome.id,
      ref: outcome.ref ?? outcome.id,
      attributes: outcome.attributes ?? {},
      ...(outcome.noEcho === true ? { noEcho: true } : {}),
      status,
      updated: this.cloud.clock.now(),
    };
  }

  private async prepare(
    stack: StackRecord,
    { logicalId, properties, stackTags }: Wanted,
    { seed }: Pick<StepRecord, 'seed'>,
    calls: StepIdentity['calls'],
    tags: Tags = stackTags,
  ): Promise<{ context: StepContext; properties: Record<string, Json> }> {
    const actual = (await resolveDynamic(this.cloud, properties, this.callerOf(stack))) as Record<string, Json>;
    const identity = { logicalId, seed, calls };
    return { context: this.contexts.of(stack, identity, properties, tags), properties: actual };
  }
}
