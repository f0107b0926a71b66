import type { Cloud } from '../../cloud';
import type { CustomResources } from './custom-resource';
import { Execution } from './execution';
import type { Exports } from './exports';
import type { Provisioner } from './provisioner';
import type { OperationRecord, StackRecord, Target } from './records';
import type { Removal } from './removal';
import type { Rollback } from './rollback';
import type { StackLog } from './stack-log';
import { type StepContexts, Stopped } from './step-context';
import type { StackStore } from './store';
import { parseTemplate, templateError } from './template';

const STOP_MS = 2000;

export interface EngineParts {
  readonly cloud: Cloud;
  readonly store: StackStore;
  readonly log: StackLog;
  readonly contexts: StepContexts;
  readonly provisioner: Provisioner;
  readonly removal: Removal;
  readonly rollback: Rollback;
  readonly exports: Exports;
  readonly custom: CustomResources;
}

function rollbackStatus(kind: OperationRecord['kind']): string {
  return kind === 'CREATE' ? 'ROLLBACK' : 'UPDATE_ROLLBACK';
}

function failure(verb: string, ids: readonly string[]): string {
  return `The following resource(s) failed to ${verb}: [${ids.join(', ')}]. `;
}

/** Drives a stack from pass to pass until it rests; each pass may begin again after a restart. */
export class Engine {
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly parts: EngineParts) {}

  /** Brings a stack to `target`; resolves when the stack has come to rest, whatever the outcome. */
  async deploy(stackId: string, kind: 'CREATE' | 'UPDATE', target: Target, changeSetId?: string): Promise<void> {
    const operation = { stackId, kind, pass: 'execute', target, ...(changeSetId === undefined ? {} : { changeSetId }) } as const;
    await this.enter(operation, `${kind}_IN_PROGRESS`, 'User Initiated', kind === 'CREATE' ? this.shape(target) : {});
    await this.drive(stackId);
  }

  /** Deletes every resource of a stack; one that cannot go leaves it DELETE_FAILED. */
  async remove(stackId: string, retain: readonly string[]): Promise<void> {
    await this.enter({ stackId, kind: 'DELETE', pass: 'delete', retain }, 'DELETE_IN_PROGRESS', 'User Initiated');
    await this.drive(stackId);
  }

  /** Goes on with every operation that an earlier process left under way. */
  resume(): void {
    for (const { value } of [...this.parts.store.operations.entries()]) void this.drive(value.stackId);
  }

  /** Ends within the calls that are being made; what is left is for the next start. */
  async stop(): Promise<void> {
    this.parts.contexts.stop();
    this.parts.custom.stop();
    // A handler that sleeps on a clock which stands still would be waited for in vain.
    await Promise.race([Promise.all(this.running), new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
  }

  private drive(stackId: string): Promise<void> {
    const work = this.passes(stackId).finally(() => this.running.delete(work));
    this.running.add(work);
    return work;
  }

  private async passes(stackId: string): Promise<void> {
    const { store, log, cloud } = this.parts;
    try {
      for (let next = store.operations.get(stackId); next !== undefined; next = store.operations.get(stackId))
        await this.pass(next);
    } catch (error) {
      if (error instanceof Stopped) return;
      cloud.log('cloudformation', error instanceof Error ? (error.stack ?? error.message) : String(error));
      const failed = log.stack(stackId).status.replace(/(_COMPLETE_CLEANUP)?_IN_PROGRESS$/, '_FAILED');
      await this.settle(stackId, failed, error instanceof Error ? error.message : String(error));
    }
  }

  private pass(operation: OperationRecord): Promise<void> {
    const stack = this.parts.log.stack(operation.stackId);
    switch (operation.pass) {
      case 'execute':
        return this.execute(operation, stack);
      case 'cleanup':
        return this.parts.removal.cleanUp(stack).then(() => this.settle(stack.id, 'UPDATE_COMPLETE'));
      case 'rollback':
        return this.rollBack(operation, stack);
      case 'rollback-cleanup':
        return this.parts.rollback.deleteCreated(stack).then(() => this.settle(stack.id, 'UPDATE_ROLLBACK_COMPLETE'));
      case 'delete':
        return this.deleteAll(operation, stack);
    }
  }

  private async execute(operation: OperationRecord, stack: StackRecord): Promise<void> {
    const { cloud, store, log, provisioner, exports, custom } = this.parts;
    const { target, kind } = operation;
    if (target === undefined) throw templateError('a deployment needs a target');
    const outcome = await new Execution(cloud, store, log, provisioner, stack, target, () => custom.cancel(stack.id))
      .run(exports)
      .catch((error: unknown) => {
        if (error instanceof Stopped) throw error;
        return error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => custom.settled(stack.id));
    if (outcome instanceof Error) {
      const reason =
        kind === 'CREATE' ? `${outcome.message.replace(/\.? *$/, '')}. Rollback requested by user.` : outcome.message;
      await this.enter({ ...operation, pass: 'rollback' }, `${rollbackStatus(kind)}_IN_PROGRESS`, reason);
      return;
    }
    if (kind === 'CREATE') return this.settle(stack.id, 'CREATE_COMPLETE', undefined, outcome);
    const changes = { ...this.shape(target), ...outcome };
    await this.enter({ ...operation, pass: 'cleanup' }, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', undefined, changes);
  }

  private async rollBack(operation: OperationRecord, stack: StackRecord): Promise<void> {
    const { rollback } = this.parts;
    if (operation.kind === 'CREATE') {
      const clean = await rollback.deleteCreated(stack);
      const left = this.parts.store.resourcesOf(stack.id).map(({ logicalId }) => logicalId);
      if (clean) return this.settle(stack.id, 'ROLLBACK_COMPLETE');
      return this.settle(stack.id, 'ROLLBACK_FAILED', failure('delete', left));
    }
    const failed = await rollback.restore(stack);
    if (failed.length > 0) return this.settle(stack.id, 'UPDATE_ROLLBACK_FAILED', failure('update', failed));
    await this.enter({ ...operation, pass: 'rollback-cleanup' }, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  }

  private async deleteAll(operation: OperationRecord, stack: StackRecord): Promise<void> {
    const left = await this.parts.removal.deleteAll(stack, operation.retain ?? []);
    if (left.length > 0) return this.settle(stack.id, 'DELETE_FAILED', failure('delete', left));
    const gone = { deleted: this.parts.cloud.clock.now(), outputs: [], imports: [] };
    await this.settle(stack.id, 'DELETE_COMPLETE', undefined, gone);
  }

  /** What a stack shows of its target. */
  private shape({ template, parameters, tags, capabilities }: Target): Partial<StackRecord> {
    const { Description } = parseTemplate(template);
    return { template, parameters, tags, capabilities, ...(Description === undefined ? {} : { description: Description }) };
  }

  private enter(operation: OperationRecord, status: string, reason?: string, changes: Partial<StackRecord> = {}): Promise<void> {
    const { store, log } = this.parts;
    return log.status(operation.stackId, status, reason, changes, () => void store.operations.put(operation.stackId, operation));
  }

  private async settle(stackId: string, status: string, reason?: string, changes: Partial<StackRecord> = {}): Promise<void> {
    const { store, log } = this.parts;
    // What a failed rollback could not undo is for the deletion of the stack to find.
    const keepSteps = status === 'UPDATE_ROLLBACK_FAILED';
    await log.status(stackId, status, reason, changes, () => store.endOperation(stackId, keepSteps));
    log.token(stackId, undefined);
  }
}
