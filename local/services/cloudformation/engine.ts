import { randomBytes, randomUUID } from 'node:crypto';
import type { Caller, Cloud, ResourceContext, ResourceType } from '../../cloud';
import { AwsError } from '../../errors';
import { keptOnRemoval } from './changes';
import { checkBlocks, creationOrder, dependencyGraph } from './dependencies';
import { parameterValues, presentResources, resolveDynamic, resolveProperties, stackScope } from './environment';
import { resolve, type Scope } from './intrinsics';
import { sameJson } from './same';
import { createOnlyProperties, propertyProblems } from './schema';
import type { OutputRecord, ParameterValue, ResourceRecord, StackRecord, StackStore } from './store';
import { type Json, parseTemplate, type Template, templateError } from './template';

/** What a deployment is to bring about. */
export interface Target {
  readonly template: string;
  readonly parameters: readonly ParameterValue[];
  readonly tags: StackRecord['tags'];
  readonly capabilities: readonly string[];
  readonly token?: string;
}

type Done =
  | { readonly kind: 'created'; readonly record: ResourceRecord }
  | { readonly kind: 'updated'; readonly before: ResourceRecord; readonly after: ResourceRecord }
  | { readonly kind: 'replaced'; readonly before: ResourceRecord; readonly after: ResourceRecord };

const STACK_TYPE = 'AWS::CloudFormation::Stack';

function reasonOf(error: unknown, service: string): string {
  if (error instanceof AwsError)
    return `Resource handler returned message: "${error.message} (Service: ${service}, Status Code: ${error.status ?? 400})" (HandlerErrorCode: ${error.code})`;
  return error instanceof Error ? error.message : String(error);
}

/** Creates, updates, replaces and deletes the resources of stacks, and takes it back when something fails. */
export class Engine {
  constructor(
    private readonly cloud: Cloud,
    private readonly store: StackStore,
    private readonly handlerOf: (type: string) => ResourceType | undefined,
  ) {}

  /** Checks a template as CreateChangeSet does: form, references, types, and that each type has a handler. */
  validate(text: string): Template {
    const template = parseTemplate(text);
    checkBlocks(template);
    creationOrder(dependencyGraph(template, new Set(Object.keys(template.Resources))));
    const unknown = [...new Set(Object.values(template.Resources).map(({ Type }) => Type))].filter(
      (type) => this.handlerOf(type) === undefined,
    );
    if (unknown.length > 0) throw templateError(`Template format error: Unrecognized resource types: [${unknown.join(', ')}]`);
    return template;
  }

  readParameters(
    template: Template,
    given: Parameters<typeof parameterValues>[2],
    previous: readonly ParameterValue[],
    caller: Caller,
  ): Promise<ParameterValue[]> {
    return parameterValues(this.cloud, template, given, previous, caller);
  }

  scopeOf(
    stack: Pick<StackRecord, 'id' | 'name'>,
    template: Template,
    parameters: readonly ParameterValue[],
    records: ReadonlyMap<string, ResourceRecord>,
    imports = new Set<string>(),
  ): Scope {
    return stackScope(this.cloud, this.store, stack, template, parameters, records, imports);
  }

  /** Brings a stack to `target`; resolves when the stack has come to rest, whatever the outcome. */
  async deploy(stackId: string, target: Target, kind: 'CREATE' | 'UPDATE'): Promise<void> {
    const before = this.stack(stackId);
    const reason = 'User Initiated';
    await this.stackStatus(stackId, `${kind}_IN_PROGRESS`, reason, target.token);
    const done: Done[] = [];
    try {
      const { outputs, imports, removed } = await this.apply(stackId, target, done);
      await this.putStack(stackId, {
        template: target.template,
        parameters: target.parameters,
        tags: target.tags,
        capabilities: target.capabilities,
        outputs,
        imports,
        ...this.description(target),
      });
      if (kind === 'UPDATE') await this.stackStatus(stackId, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
      await this.cleanUp(stackId, done, removed);
      await this.stackStatus(stackId, `${kind}_COMPLETE`);
    } catch (error) {
      await this.rollBack(stackId, kind, done, error, before);
    }
  }

  /** Deletes every resource of a stack in reverse order of dependency; a resource that cannot go leaves it DELETE_FAILED. */
  async remove(stackId: string, token?: string): Promise<void> {
    await this.stackStatus(stackId, 'DELETE_IN_PROGRESS', 'User Initiated', token);
    const failed: string[] = [];
    for (const record of this.deletionOrder(this.store.resourcesOf(stackId))) {
      if (!(await this.deleteResource(stackId, record, keptOnRemoval(record)))) failed.push(record.logicalId);
    }
    if (failed.length > 0) {
      await this.stackStatus(stackId, 'DELETE_FAILED', `The following resource(s) failed to delete: [${failed.join(', ')}]. `);
      return;
    }
    await this.putStack(stackId, { deleted: this.cloud.clock.now(), outputs: [], imports: [] });
    await this.stackStatus(stackId, 'DELETE_COMPLETE');
  }

  private description(target: Target): { description?: string } {
    const { Description } = parseTemplate(target.template);
    return Description === undefined ? {} : { description: Description };
  }

  private async apply(
    stackId: string,
    target: Target,
    done: Done[],
  ): Promise<{ outputs: OutputRecord[]; imports: string[]; removed: ResourceRecord[] }> {
    const stack = this.stack(stackId);
    const template = this.validate(target.template);
    const records = new Map(this.store.resourcesOf(stackId).map((record) => [record.logicalId, record]));
    const imports = new Set<string>();
    const scope = this.scopeOf(stack, template, target.parameters, records, imports);
    const present = presentResources(template, scope);
    const graph = dependencyGraph(template, present);
    for (const id of creationOrder(graph)) {
      const dependsOn = [...(graph.get(id) ?? [])];
      const outcome = await this.applyResource(stack, target, template, id, dependsOn, records.get(id), scope, done);
      if (outcome === undefined) continue;
      done.push(outcome);
      records.set(id, outcome.kind === 'created' ? outcome.record : outcome.after);
    }
    const removed = [...records.values()].filter((record) => !present.has(record.logicalId));
    return { outputs: this.outputs(stackId, template, scope), imports: [...imports], removed };
  }

  private async applyResource(
    stack: StackRecord,
    target: Target,
    template: Template,
    id: string,
    dependsOn: string[],
    existing: ResourceRecord | undefined,
    scope: Scope,
    done: Done[],
  ): Promise<Done | undefined> {
    const definition = template.Resources[id];
    const type = definition?.Type ?? '';
    const handler = this.handlerOf(type);
    if (handler === undefined || definition === undefined)
      throw templateError(`Template format error: Unrecognized resource types: [${type}]`);
    const policies = {
      deletionPolicy: definition.DeletionPolicy ?? 'Delete',
      updateReplacePolicy: definition.UpdateReplacePolicy ?? 'Delete',
    } as const;
    let properties: Record<string, Json> = {};
    try {
      properties = resolveProperties(template, id, scope);
      if (existing !== undefined && existing.type === type && sameJson(existing.properties, properties)) {
        await this.store.resources.put([stack.id, id], { ...existing, ...policies, dependsOn });
        return undefined;
      }
      this.checkProperties(handler, id, properties);
    } catch (error) {
      await this.event(
        stack.id,
        id,
        existing?.physicalId ?? '',
        type,
        existing === undefined ? 'CREATE_FAILED' : 'UPDATE_FAILED',
        error instanceof Error ? error.message : String(error),
      );
      throw error;
    }
    const context = this.context(stack, id, properties, target.tags);
    const actual = (await resolveDynamic(this.cloud, properties, this.caller(stack))) as Record<string, Json>;
    const base = { logicalId: id, type, properties, dependsOn, ...policies };
    if (existing === undefined) return { kind: 'created', record: await this.create(stack.id, handler, base, actual, context) };
    return this.change(stack, handler, base, actual, existing, context, done);
  }

  private checkProperties(handler: ResourceType, id: string, properties: Record<string, Json>): void {
    if (handler.type.startsWith('Custom::') || handler.type === 'AWS::CloudFormation::CustomResource') return;
    const problems = propertyProblems(handler, properties);
    if (problems.length > 0)
      throw templateError(`Properties validation failed for resource ${id} with message:\n${problems.join('\n')}`);
  }

  private async create(
    stackId: string,
    handler: ResourceType,
    base: Omit<ResourceRecord, 'physicalId' | 'ref' | 'attributes' | 'status' | 'updated'>,
    actual: Record<string, Json>,
    context: ResourceContext,
    kind: 'CREATE' | 'UPDATE' = 'CREATE',
  ): Promise<ResourceRecord> {
    const { logicalId, type } = base;
    await this.event(stackId, logicalId, '', type, `${kind}_IN_PROGRESS`);
    try {
      const outcome = await handler.create(actual, context);
      const record: ResourceRecord = {
        ...base,
        physicalId: outcome.id,
        ref: outcome.ref ?? outcome.id,
        attributes: outcome.attributes ?? {},
        status: `${kind}_COMPLETE`,
        updated: this.cloud.clock.now(),
      };
      await this.store.resources.put([stackId, logicalId], record);
      await this.event(stackId, logicalId, record.physicalId, type, `${kind}_IN_PROGRESS`, 'Resource creation Initiated');
      await this.event(stackId, logicalId, record.physicalId, type, `${kind}_COMPLETE`);
      return record;
    } catch (error) {
      if (!(error instanceof AwsError))
        this.cloud.log('cloudformation', error instanceof Error ? (error.stack ?? '') : String(error));
      await this.event(stackId, logicalId, '', type, `${kind}_FAILED`, reasonOf(error, type.split('::')[1] ?? type));
      throw error;
    }
  }

  private async change(
    stack: StackRecord,
    handler: ResourceType,
    base: Omit<ResourceRecord, 'physicalId' | 'ref' | 'attributes' | 'status' | 'updated'>,
    actual: Record<string, Json>,
    existing: ResourceRecord,
    context: ResourceContext,
    done: Done[],
  ): Promise<Done> {
    const { logicalId, type } = base;
    const createOnly = createOnlyProperties(type);
    const names = new Set([...Object.keys(existing.properties), ...Object.keys(base.properties)]);
    const changed = [...names].filter((name) => !sameJson(existing.properties[name], base.properties[name]));
    if (existing.type !== type)
      throw templateError(
        `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${logicalId}]`,
      );
    if (handler.update === undefined || changed.some((name) => createOnly.has(name))) {
      await this.event(
        stack.id,
        logicalId,
        existing.physicalId,
        type,
        'UPDATE_IN_PROGRESS',
        'Requested update requires the creation of a new physical resource; hence creating one.',
      );
      return { kind: 'replaced', before: existing, after: await this.create(stack.id, handler, base, actual, context, 'UPDATE') };
    }
    await this.event(stack.id, logicalId, existing.physicalId, type, 'UPDATE_IN_PROGRESS');
    try {
      const outcome = await handler.update(existing.physicalId, actual, existing.properties, context);
      const after: ResourceRecord = {
        ...base,
        physicalId: outcome.id,
        ref: outcome.ref ?? outcome.id,
        attributes: outcome.attributes ?? existing.attributes,
        status: 'UPDATE_COMPLETE',
        updated: this.cloud.clock.now(),
      };
      await this.store.resources.put([stack.id, logicalId], after);
      await this.event(stack.id, logicalId, after.physicalId, type, 'UPDATE_COMPLETE');
      return outcome.id === existing.physicalId
        ? { kind: 'updated', before: existing, after }
        : { kind: 'replaced', before: existing, after };
    } catch (error) {
      // The handler may have come half way, so this resource too is updated back.
      done.push({ kind: 'updated', before: existing, after: { ...existing, ...base } });
      await this.event(
        stack.id,
        logicalId,
        existing.physicalId,
        type,
        'UPDATE_FAILED',
        reasonOf(error, type.split('::')[1] ?? type),
      );
      throw error;
    }
  }

  private outputs(stackId: string, template: Template, scope: Scope): OutputRecord[] {
    const outputs = Object.entries(template.Outputs ?? {}).filter(
      ([, output]) => output.Condition === undefined || scope.conditions.get(output.Condition) === true,
    );
    const others = this.store.all().filter((stack) => stack.id !== stackId && stack.status !== 'DELETE_COMPLETE');
    const records = outputs.map(([key, output]) => {
      const exportName = output.Export === undefined ? undefined : String(resolve(output.Export.Name, scope));
      const owner = others.find(
        (stack) => exportName !== undefined && stack.outputs.some((candidate) => candidate.exportName === exportName),
      );
      if (owner !== undefined) throw templateError(`Export with name ${exportName} is already exported by stack ${owner.name}`);
      return {
        key,
        value: String(resolve(output.Value, scope)),
        ...(output.Description === undefined ? {} : { description: output.Description }),
        ...(exportName === undefined ? {} : { exportName }),
      };
    });
    this.checkExportsInUse(stackId, records, others);
    return records;
  }

  private checkExportsInUse(stackId: string, next: readonly OutputRecord[], others: readonly StackRecord[]): void {
    for (const { exportName, value } of this.stack(stackId).outputs) {
      const user = exportName === undefined ? undefined : others.find((stack) => stack.imports.includes(exportName));
      if (user === undefined) continue;
      const kept = next.find((output) => output.exportName === exportName);
      if (kept === undefined)
        throw templateError(`Delete canceled. Cannot delete export ${exportName} as it is in use by ${user.name}`);
      if (kept.value !== value) throw templateError(`Cannot update export ${exportName} as it is in use by ${user.name}`);
    }
  }

  /** Name of a stack that imports one of this stack's exports. */
  importer(stack: StackRecord): { exportName: string; by: string } | undefined {
    const names = stack.outputs.flatMap(({ exportName }) => exportName ?? []);
    for (const other of this.store.all()) {
      const used = other.status === 'DELETE_COMPLETE' ? undefined : names.find((name) => other.imports.includes(name));
      if (used !== undefined) return { exportName: used, by: other.name };
    }
    return undefined;
  }

  private async cleanUp(stackId: string, done: readonly Done[], removed: readonly ResourceRecord[]): Promise<void> {
    for (const outcome of [...done].reverse()) {
      if (outcome.kind === 'replaced') await this.deleteOld(stackId, outcome.before);
    }
    for (const record of this.deletionOrder(removed)) await this.deleteResource(stackId, record, keptOnRemoval(record));
  }

  /** The old half of a replacement: deleted without touching the record of its successor. */
  private async deleteOld(stackId: string, record: ResourceRecord): Promise<boolean> {
    const { logicalId, physicalId, type } = record;
    if (record.updateReplacePolicy === 'Retain') {
      await this.event(stackId, logicalId, physicalId, type, 'DELETE_SKIPPED');
      return true;
    }
    await this.event(stackId, logicalId, physicalId, type, 'DELETE_IN_PROGRESS');
    try {
      const stack = this.stack(stackId);
      await this.handlerOf(type)?.delete(
        physicalId,
        await resolveDynamic(this.cloud, record.properties, this.caller(stack)),
        this.context(stack, logicalId, record.properties, stack.tags),
      );
      await this.event(stackId, logicalId, physicalId, type, 'DELETE_COMPLETE');
      return true;
    } catch (error) {
      await this.event(stackId, logicalId, physicalId, type, 'DELETE_FAILED', reasonOf(error, type.split('::')[1] ?? type));
      return false;
    }
  }

  private async deleteResource(stackId: string, record: ResourceRecord, keep: boolean): Promise<boolean> {
    if (keep) await this.event(stackId, record.logicalId, record.physicalId, record.type, 'DELETE_SKIPPED');
    else if (!(await this.deleteOld(stackId, { ...record, updateReplacePolicy: 'Delete' }))) return false;
    await this.store.resources.remove([stackId, record.logicalId]);
    return true;
  }

  private async rollBack(
    stackId: string,
    kind: 'CREATE' | 'UPDATE',
    done: readonly Done[],
    error: unknown,
    before: StackRecord,
  ): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    const prefix = kind === 'CREATE' ? 'ROLLBACK' : 'UPDATE_ROLLBACK';
    await this.stackStatus(stackId, `${prefix}_IN_PROGRESS`, message);
    let clean = true;
    for (const outcome of [...done].reverse()) clean = (await this.undo(stackId, outcome, kind)) && clean;
    const { id: _, status: __, ...former } = before;
    await this.putStack(stackId, kind === 'CREATE' ? { outputs: [], imports: [] } : former);
    if (kind === 'UPDATE' && clean) await this.stackStatus(stackId, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    await this.stackStatus(stackId, clean ? `${prefix}_COMPLETE` : `${prefix}_FAILED`);
  }

  private async undo(stackId: string, outcome: Done, kind: 'CREATE' | 'UPDATE'): Promise<boolean> {
    if (outcome.kind === 'created')
      return this.deleteResource(stackId, outcome.record, kind === 'CREATE' && outcome.record.deletionPolicy === 'Retain');
    const { before, after } = outcome;
    const stack = this.stack(stackId);
    const { logicalId, type } = before;
    if (outcome.kind === 'replaced') {
      await this.store.resources.put([stackId, logicalId], before);
      return this.deleteOld(stackId, { ...after, updateReplacePolicy: 'Delete' });
    }
    await this.event(stackId, logicalId, before.physicalId, type, 'UPDATE_IN_PROGRESS');
    try {
      const properties = await resolveDynamic(this.cloud, before.properties, this.caller(stack));
      await this.handlerOf(type)?.update?.(
        after.physicalId,
        properties,
        after.properties,
        this.context(stack, logicalId, before.properties, stack.tags),
      );
      await this.store.resources.put([stackId, logicalId], before);
      await this.event(stackId, logicalId, before.physicalId, type, 'UPDATE_COMPLETE');
      return true;
    } catch (error) {
      await this.event(
        stackId,
        logicalId,
        before.physicalId,
        type,
        'UPDATE_FAILED',
        reasonOf(error, type.split('::')[1] ?? type),
      );
      return false;
    }
  }

  private deletionOrder(records: readonly ResourceRecord[]): ResourceRecord[] {
    const byId = new Map(records.map((record) => [record.logicalId, record]));
    const graph = new Map(records.map((record) => [record.logicalId, new Set(record.dependsOn.filter((id) => byId.has(id)))]));
    return creationOrder(graph)
      .reverse()
      .flatMap((id) => byId.get(id) ?? []);
  }

  private caller(stack: StackRecord): Caller {
    return this.cloud.asRole(stack.roleArn ?? `arn:aws:iam::${this.cloud.account}:role/cloudformation`, 'AWSCloudFormation');
  }

  private context(
    stack: StackRecord,
    logicalId: string,
    properties: Readonly<Record<string, Json>>,
    stackTags: StackRecord['tags'],
  ): ResourceContext {
    const own = Array.isArray(properties.Tags) ? (properties.Tags as StackRecord['tags']) : [];
    const tags = [...stackTags.filter((tag) => !own.some((other) => other.Key === tag.Key)), ...own];
    const suffix = randomBytes(8).toString('hex').toUpperCase().slice(0, 12);
    const caller = this.caller(stack);
    return {
      logicalId,
      stackName: stack.name,
      stackId: stack.id,
      account: this.cloud.account,
      region: this.cloud.region,
      tags,
      call: (service, operation, input) => this.cloud.call(service, operation, input, caller),
      generateName: (max, lowerCase = false) => {
        const room = max - suffix.length - 2;
        const stackPart = stack.name.slice(0, Math.max(8, room - logicalId.length));
        const name = `${stackPart}-${logicalId.slice(0, room - stackPart.length)}-${suffix}`;
        return lowerCase ? name.toLowerCase() : name;
      },
    };
  }

  private stack(id: string): StackRecord {
    const stack = this.store.stacks.get(id);
    if (stack === undefined) throw templateError(`Stack [${id}] does not exist`);
    return stack;
  }

  async putStack(id: string, changes: Partial<StackRecord>): Promise<void> {
    await this.store.stacks.put(id, { ...this.stack(id), ...changes });
  }

  async stackStatus(id: string, status: string, reason?: string, token?: string): Promise<void> {
    const { statusReason: _, ...stack } = this.stack(id);
    await this.store.stacks.put(id, {
      ...stack,
      status,
      updated: this.cloud.clock.now(),
      ...(reason === undefined ? {} : { statusReason: reason }),
    });
    await this.event(id, stack.name, id, STACK_TYPE, status, reason, token);
  }

  private async event(
    stackId: string,
    logicalId: string,
    physicalId: string,
    type: string,
    status: string,
    reason?: string,
    token?: string,
  ): Promise<void> {
    const timestamp = Date.now();
    const record = {
      id: randomUUID(),
      logicalId,
      physicalId,
      type,
      status,
      timestamp,
      ...(reason === undefined ? {} : { reason }),
      ...(token === undefined ? {} : { token }),
    };
    await this.store.events.put([stackId, timestamp, process.hrtime.bigint().toString()], record);
  }
}
