import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../cloud';
import { creationOrder, dependencyGraph } from './dependencies';
import { presentResources, resolveProperties, stackScope } from './environment';
import type { Exports } from './exports';
import type { Scope } from './intrinsics';
import { importedNames } from './live';
import { checkRename, type Decision, decide, isCustom, type Wanted, wantedResource } from './plan';
import { type Provisioner, RefusedUpdate, reasonOf } from './provisioner';
import type { OutputRecord, ResourceRecord, StackRecord, StepRecord, Target } from './records';
import { propertyProblems } from './schema';
import type { StackLog } from './stack-log';
import { Stopped } from './step-context';
import type { StackStore } from './store';
import { parseTemplate, type Template, templateError } from './template';
import { walk } from './walk';

const REPLACING = 'Requested update requires the creation of a new physical resource; hence creating one.';
const INITIATED = 'Resource creation Initiated';

/** The pass forward: brings every resource of a template to what the template wants, in order of dependency. */
export class Execution {
  private readonly template: Template;
  private readonly records: Map<string, ResourceRecord>;
  private readonly scope: Scope;
  private readonly imports = new Set<string>();
  private readonly graph: Map<string, Set<string>>;
  private readonly present: Set<string>;
  private order: number;

  constructor(
    cloud: Cloud,
    private readonly store: StackStore,
    private readonly log: StackLog,
    private readonly provisioner: Provisioner,
    private readonly stack: StackRecord,
    private readonly target: Target,
    /** Called at the first failure, so that nothing is waited for in vain. */
    private readonly onFailure: () => void,
  ) {
    this.template = parseTemplate(target.template);
    this.records = new Map(store.resourcesOf(stack.id).map((record) => [record.logicalId, record]));
    this.scope = stackScope(cloud, store, stack, this.template, target.parameters, this.records, this.imports);
    this.present = presentResources(this.template, this.scope);
    this.graph = dependencyGraph(this.template, this.present);
    this.order = store.stepsOf(stack.id).length;
  }

  /** Throws with the reason for which the stack is rolled back. */
  async run(exports: Exports): Promise<{ outputs: OutputRecord[]; imports: string[] }> {
    for (const name of importedNames(this.template, this.scope, this.present)) this.scope.importValue(name);
    const steps = this.store.stepsOf(this.stack.id);
    const broken = steps.some(({ state }) => state === 'failed');
    // After a restart with a failure on record, only what was under way is brought to an end.
    const order = creationOrder(this.graph).filter(
      (id) => !broken || steps.some((s) => s.logicalId === id && s.state === 'open'),
    );
    await walk(order, broken ? new Map() : this.graph, (id) => this.advance(id), { stopAtFailure: !broken });
    this.throwFailures();
    return { outputs: exports.outputs(this.stack, this.template, this.scope), imports: [...this.imports] };
  }

  private throwFailures(): void {
    const failed = this.store.stepsOf(this.stack.id).filter(({ state }) => state === 'failed');
    const [first] = failed;
    if (first === undefined) return;
    const sentences = (['create', 'update'] as const).flatMap((verb) => {
      const ids = failed.filter(({ action }) => (action === 'create') === (verb === 'create')).map(({ logicalId }) => logicalId);
      return ids.length === 0 ? [] : [`The following resource(s) failed to ${verb}: [${ids.join(', ')}]. `];
    });
    throw templateError(sentences.join(''));
  }

  private async advance(id: string): Promise<boolean> {
    const known = this.store.steps.get([this.stack.id, id]);
    if (known?.state === 'done') return true;
    const existing = known?.before ?? (known === undefined ? this.records.get(id) : undefined);
    const open: StepRecord = known ?? {
      logicalId: id,
      order: this.order++,
      action: existing === undefined ? 'create' : 'update',
      state: 'open',
      seed: randomUUID(),
      ...(existing === undefined ? {} : { before: existing }),
    };
    const begun = known !== undefined;
    let step = open;
    try {
      const wanted = this.wanted(id);
      const decision = this.decide(wanted, existing);
      if (decision.action === 'none') return true;
      step = { ...open, action: decision.action };
      const after = await this.perform(wanted, step, begun);
      const action = step.action === 'update' && existing?.physicalId !== after.physicalId ? 'replace' : step.action;
      await this.end({ ...step, action, state: 'done', after }, after);
      if (action !== 'keep')
        await this.log.resource(this.stack.id, after, action === 'create' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE');
      return true;
    } catch (error) {
      if (error instanceof Stopped) throw error;
      await this.fail(step, existing, error);
      this.onFailure();
      return false;
    }
  }

  private wanted(id: string): Wanted {
    const definition = this.template.Resources[id];
    if (definition === undefined) throw templateError(`Resource ${id} is not in the template`);
    const properties = resolveProperties(this.template, id, this.scope);
    return wantedResource(id, definition, properties, this.target.tags, [...(this.graph.get(id) ?? [])]);
  }

  private decide(wanted: Wanted, existing: ResourceRecord | undefined): Decision {
    const handler = this.provisioner.handler(wanted.type);
    const decision = decide(existing, wanted, handler);
    if (decision.action === 'none' || decision.action === 'keep') return decision;
    const problems = isCustom(wanted.type) ? [] : propertyProblems(handler, wanted.properties);
    if (problems.length > 0)
      throw templateError(`Properties validation failed for resource ${wanted.logicalId} with message:\n${problems.join('\n')}`);
    if (decision.action === 'replace' && existing !== undefined) checkRename(existing, decision.changed);
    return decision;
  }

  private async perform(wanted: Wanted, step: StepRecord, begun: boolean): Promise<ResourceRecord> {
    const { stack } = this;
    const existing = step.before;
    if (step.action === 'keep' && existing !== undefined) return { ...existing, ...wanted };
    const verb = existing === undefined ? 'CREATE' : 'UPDATE';
    const subject = { ...wanted, physicalId: existing?.physicalId ?? '' };
    if (!begun) {
      await this.store.steps.put([stack.id, wanted.logicalId], step);
      await this.log.resource(stack.id, subject, `${verb}_IN_PROGRESS`, step.action === 'replace' ? REPLACING : undefined);
    }
    if (step.action === 'update' && existing !== undefined) return this.provisioner.update(stack, wanted, existing, step);
    const made = await this.provisioner.create(stack, wanted, step);
    await this.log.resource(stack.id, made, `${verb}_IN_PROGRESS`, INITIATED);
    return made;
  }

  private async end(step: StepRecord, resource?: ResourceRecord): Promise<void> {
    await this.store.storage.transaction(() => this.store.endStep(this.stack.id, step, resource));
    if (resource !== undefined) this.records.set(step.logicalId, resource);
  }

  private async fail(step: StepRecord, existing: ResourceRecord | undefined, error: unknown): Promise<void> {
    this.provisioner.trace(error);
    const { logicalId } = step;
    const definition = this.template.Resources[logicalId];
    const type = definition?.Type ?? '';
    const verb = existing === undefined ? 'CREATE' : 'UPDATE';
    const problem = reasonOf(error, type);
    const started = this.store.steps.get([this.stack.id, logicalId]) !== undefined;
    const left = started ? await this.leftover(step, existing, error) : undefined;
    const failed: StepRecord = { ...step, state: 'failed', problem, ...(left === undefined ? {} : { after: left }) };
    await this.end(failed, existing === undefined ? left : undefined);
    const physicalId = existing?.physicalId ?? left?.physicalId ?? '';
    await this.log.resource(
      this.stack.id,
      { logicalId, physicalId, type, properties: left?.properties ?? {} },
      `${verb}_FAILED`,
      problem,
    );
  }

  /** What a failed step may have left: an update that came half way, or something made by a creation that failed after that. */
  private async leftover(
    step: StepRecord,
    existing: ResourceRecord | undefined,
    error: unknown,
  ): Promise<ResourceRecord | undefined> {
    const wanted = this.wanted(step.logicalId);
    if (step.action === 'update' && existing !== undefined)
      return error instanceof RefusedUpdate ? undefined : { ...existing, ...wanted };
    return this.provisioner.leftover(this.stack, wanted, step, error);
  }
}
