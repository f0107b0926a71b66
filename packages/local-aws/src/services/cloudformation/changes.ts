import { references } from './dependencies';
import { changedNames, keptOnRemoval } from './plan';
import type { ResourceRecord, Tags } from './records';
import { sameJson } from './same';
import { createOnlyProperties, isTaggable } from './schema';
import { type Json, type Template, type TemplateResource, templateError } from './template';

export interface ResourceChange {
  readonly Action: 'Add' | 'Modify' | 'Remove';
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
  readonly Replacement?: 'True' | 'False' | 'Conditional';
  readonly Scope?: readonly string[];
  readonly Details?: readonly Readonly<Record<string, unknown>>[];
  readonly PolicyAction?: string;
}

/** What a change set compares a template with. */
export interface Comparison {
  readonly template: Template;
  readonly former: Template;
  /** Tags that the stack will have. */
  readonly tags: Tags;
  readonly present: ReadonlySet<string>;
  readonly order: readonly string[];
  readonly existing: ReadonlyMap<string, ResourceRecord>;
  /** New value of one property, which hangs on no resource that is still to come. */
  readonly resolved: (id: string, name: string) => Json;
}

function added(id: string, template: Template): ResourceChange {
  return { Action: 'Add', LogicalResourceId: id, ResourceType: template.Resources[id]?.Type ?? '' };
}

function removed(record: ResourceRecord): ResourceChange {
  return {
    Action: 'Remove',
    LogicalResourceId: record.logicalId,
    PhysicalResourceId: record.physicalId,
    ResourceType: record.type,
    PolicyAction: keptOnRemoval(record) ? 'Retain' : 'Delete',
  };
}

/** Attributes of a resource, beside its properties, that differ. */
function changedAttributes(record: ResourceRecord, definition: TemplateResource, comparison: Comparison): string[] {
  const attributes = {
    Tags: isTaggable(record.type) && !sameJson(record.stackTags, comparison.tags),
    DeletionPolicy: record.deletionPolicy !== (definition.DeletionPolicy ?? 'Delete'),
    UpdateReplacePolicy: record.updateReplacePolicy !== (definition.UpdateReplacePolicy ?? 'Delete'),
    Metadata: !sameJson(comparison.former.Resources[record.logicalId]?.Metadata, definition.Metadata),
  };
  return Object.entries(attributes).flatMap(([name, differs]) => (differs ? [name] : []));
}

function propertyDetail(record: ResourceRecord, name: string, dynamic: boolean): Readonly<Record<string, unknown>> {
  const createOnly = createOnlyProperties(record.type).has(name);
  return {
    Target: {
      Attribute: 'Properties',
      Name: name,
      RequiresRecreation: createOnly ? (dynamic ? 'Conditionally' : 'Always') : 'Never',
    },
    Evaluation: dynamic ? 'Dynamic' : 'Static',
    ChangeSource: dynamic ? 'ResourceAttribute' : 'DirectModification',
  };
}

function modified(
  record: ResourceRecord,
  fixed: readonly string[],
  dynamic: readonly string[],
  attributes: readonly string[],
): ResourceChange {
  const createOnly = createOnlyProperties(record.type);
  const certain = fixed.some((name) => createOnly.has(name));
  const possible = dynamic.some((name) => createOnly.has(name));
  return {
    Action: 'Modify',
    LogicalResourceId: record.logicalId,
    PhysicalResourceId: record.physicalId,
    ResourceType: record.type,
    Replacement: certain ? 'True' : possible ? 'Conditional' : 'False',
    Scope: [...(fixed.length + dynamic.length > 0 ? ['Properties'] : []), ...attributes],
    Details: [
      ...fixed.map((name) => propertyDetail(record, name, false)),
      ...dynamic.map((name) => propertyDetail(record, name, true)),
      ...attributes.map((Attribute) => ({
        Target: { Attribute, RequiresRecreation: 'Never' },
        Evaluation: 'Static',
        ChangeSource: 'DirectModification',
      })),
    ],
    ...((certain || possible) && record.updateReplacePolicy === 'Retain' ? { PolicyAction: 'ReplaceAndRetain' } : {}),
  };
}

/** Names of properties whose value refers to one of `ids`. */
function dependentNames(properties: Readonly<Record<string, Json>>, ids: ReadonlySet<string>): string[] {
  return Object.entries(properties).flatMap(([name, value]) =>
    references(value).some((reference) => ids.has(reference.id)) ? [name] : [],
  );
}

function checkTypes({ template, existing, present }: Comparison): void {
  const retyped = [...existing.values()].filter(
    ({ logicalId, type }) => present.has(logicalId) && template.Resources[logicalId]?.Type !== type,
  );
  if (retyped.length > 0)
    throw templateError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${retyped.map(({ logicalId }) => logicalId).join(', ')}]`,
    );
}

function modification(record: ResourceRecord, comparison: Comparison, moving: ReadonlySet<string>): ResourceChange | undefined {
  const { template, resolved } = comparison;
  const id = record.logicalId;
  const definition = template.Resources[id] ?? { Type: record.type };
  const properties = definition.Properties ?? {};
  const dynamic = dependentNames(properties, moving);
  const isStatic = (name: string): boolean => !dynamic.includes(name);
  const next = Object.keys(properties)
    .filter(isStatic)
    .map((name) => [name, resolved(id, name)] as const)
    .filter(([, value]) => value !== undefined);
  const before = Object.entries(record.properties).filter(([name]) => isStatic(name));
  const fixed = changedNames(Object.fromEntries(before), Object.fromEntries(next));
  const attributes = changedAttributes(record, definition, comparison);
  return fixed.length + dynamic.length + attributes.length === 0 ? undefined : modified(record, fixed, dynamic, attributes);
}

/** What an update would do, as a change set lists it. Throws for a resource that would change its type. */
export function describeChanges(comparison: Comparison): ResourceChange[] {
  const { template, present, order, existing } = comparison;
  checkTypes(comparison);
  const changes: ResourceChange[] = [];
  const moving = new Set<string>();
  for (const id of order) {
    const record = existing.get(id);
    const change = record === undefined ? added(id, template) : modification(record, comparison, moving);
    if (change === undefined) continue;
    changes.push(change);
    if (change.Action === 'Add' || change.Replacement !== 'False') moving.add(id);
  }
  return [...changes, ...[...existing.values()].filter(({ logicalId }) => !present.has(logicalId)).map(removed)];
}
