import type { Provisioner } from './provisioner';
import { reasonOf } from './provisioner';
import type { StackRecord, StepRecord } from './records';
import type { Removal } from './removal';
import type { StackLog } from './stack-log';
import { Stopped } from './step-context';
import type { StackStore } from './store';

/** The pass back: what a failed deployment changed gets its former properties, what it made is deleted. */
export class Rollback {
  constructor(
    private readonly store: StackStore,
    private readonly log: StackLog,
    private readonly provisioner: Provisioner,
    private readonly removal: Removal,
  ) {}

  /** Updates back what was updated and switches back what was replaced; gives the ids of those that would not go back. */
  async restore(stack: StackRecord): Promise<string[]> {
    const failed: string[] = [];
    for (const step of this.store.stepsOf(stack.id).reverse()) {
      if (step.before === undefined || step.state === 'undone') continue;
      if (!(await this.undo(stack, step))) failed.push(step.logicalId);
    }
    return failed;
  }

  /** Deletes what the deployment made: new resources, and the new halves of replacements. True when nothing is left of it. */
  async deleteCreated(stack: StackRecord): Promise<boolean> {
    const steps = this.store.stepsOf(stack.id);
    let clean = true;
    for (const step of steps.filter(({ action }) => action === 'replace').reverse()) {
      if (step.after === undefined) continue;
      clean = (await this.provisioner.delete(stack, step.after)) && clean;
      await this.store.steps.remove([stack.id, step.logicalId]);
    }
    const created = steps.filter(({ action }) => action === 'create').map(({ logicalId }) => logicalId);
    const records = this.store.resourcesOf(stack.id).filter(({ logicalId }) => created.includes(logicalId));
    const left = await this.removal.remove(stack, records, ({ deletionPolicy }) => deletionPolicy === 'Retain');
    return clean && left.length === 0;
  }

  private async undo(stack: StackRecord, step: StepRecord): Promise<boolean> {
    const { before, after } = step;
    if (before === undefined) return true;
    const done = (): Promise<void> =>
      this.store.storage.transaction(() => this.store.endStep(stack.id, { ...step, state: 'undone' }, before));
    if (step.action === 'keep' || after === undefined) {
      await done();
      return true;
    }
    await this.log.resource(stack.id, before, 'UPDATE_IN_PROGRESS');
    try {
      if (step.action === 'update') await this.provisioner.restore(stack, before, after);
    } catch (error) {
      if (error instanceof Stopped) throw error;
      this.provisioner.trace(error);
      await this.log.resource(stack.id, before, 'UPDATE_FAILED', reasonOf(error, before.type));
      return false;
    }
    await done();
    await this.log.resource(stack.id, before, 'UPDATE_COMPLETE');
    return true;
  }
}
