import type { Cloud } from '../../cloud';
import { creationOrder } from './dependencies';
import { presentResources, stackScope } from './environment';
import { keptOnRemoval } from './plan';
import type { Provisioner } from './provisioner';
import type { ResourceRecord, StackRecord } from './records';
import type { StackLog } from './stack-log';
import type { StackStore } from './store';
import { parseTemplate } from './template';
import { reversed, walk } from './walk';

/** Deletes resources, dependents first, each by its policy. */
export class Removal {
  constructor(
    private readonly cloud: Cloud,
    private readonly store: StackStore,
    private readonly log: StackLog,
    private readonly provisioner: Provisioner,
  ) {}

  /** After an update: the old halves of replacements, and what the template no longer has. What cannot be deleted is left behind. */
  async cleanUp(stack: StackRecord): Promise<void> {
    for (const step of this.store.stepsOf(stack.id).reverse()) {
      if (step.action !== 'replace' || step.before === undefined) continue;
      if (step.before.updateReplacePolicy === 'Retain') await this.log.resource(stack.id, step.before, 'DELETE_SKIPPED');
      else await this.provisioner.delete(stack, step.before);
      await this.store.steps.remove([stack.id, step.logicalId]);
    }
    const left = await this.remove(stack, this.removed(stack), keptOnRemoval);
    for (const id of left) await this.store.resources.remove([stack.id, id]);
  }

  /** Deletes all of a stack, also what a rollback that failed could not undo; gives the ids of those that stay. */
  async deleteAll(stack: StackRecord, retain: readonly string[]): Promise<string[]> {
    for (const { action, state, before, after, logicalId } of this.store.stepsOf(stack.id)) {
      const stray = action !== 'replace' ? undefined : state === 'undone' ? after : before;
      if (stray !== undefined && !(await this.provisioner.delete(stack, stray))) return [logicalId];
      await this.store.steps.remove([stack.id, logicalId]);
    }
    return this.remove(
      stack,
      this.store.resourcesOf(stack.id),
      (record) => retain.includes(record.logicalId) || keptOnRemoval(record),
    );
  }

  /** Deletes or keeps each of `records`; a resource that cannot go keeps those that it depends on. Gives the ids of those that stay. */
  async remove(
    stack: StackRecord,
    records: readonly ResourceRecord[],
    keep: (record: ResourceRecord) => boolean,
  ): Promise<string[]> {
    const byId = new Map(records.map((record) => [record.logicalId, record]));
    const graph = new Map(records.map((record) => [record.logicalId, new Set(record.dependsOn.filter((id) => byId.has(id)))]));
    const left = new Set(byId.keys());
    const failed: string[] = [];
    const work = async (id: string): Promise<boolean> => {
      const record = byId.get(id);
      if (record === undefined) return true;
      if (keep(record)) await this.log.resource(stack.id, record, 'DELETE_SKIPPED');
      else if (!(await this.provisioner.delete(stack, record))) {
        failed.push(id);
        return false;
      }
      await this.store.resources.remove([stack.id, id]);
      left.delete(id);
      return true;
    };
    await walk(creationOrder(graph).reverse(), reversed(graph), work, { stopAtFailure: false });
    return [...failed, ...[...left].filter((id) => !failed.includes(id))];
  }

  private removed(stack: StackRecord): ResourceRecord[] {
    const template = parseTemplate(stack.template);
    const present = presentResources(
      template,
      stackScope(this.cloud, this.store, stack, template, stack.parameters, new Map(), new Set()),
    );
    return this.store.resourcesOf(stack.id).filter(({ logicalId }) => !present.has(logicalId));
  }
}
