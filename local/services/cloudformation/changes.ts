import { references } from './dependencies';
import { sameJson } from './same';
import { createOnlyProperties } from './schema';
import type { ResourceRecord } from './store';
import type { Json, Template } from './template';

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

function added(id: string, template: Template): ResourceChange {
  return { Action: 'Add', LogicalResourceId: id, ResourceType: template.Resources[id]?.Type ?? '' };
}

function modified(record: ResourceRecord, names: readonly string[], dynamic: boolean): ResourceChange {
  const createOnly = createOnlyProperties(record.type);
  const replaces = names.some((name) => createOnly.has(name));
  const details = names.map((name) => ({
    Target: {
      Attribute: 'Properties',
      Name: name,
      RequiresRecreation: createOnly.has(name) ? (dynamic ? 'Conditionally' : 'Always') : 'Never',
    },
    Evaluation: dynamic ? 'Dynamic' : 'Static',
    ChangeSource: dynamic ? 'ResourceAttribute' : 'DirectModification',
  }));
  return {
    Action: 'Modify',
    LogicalResourceId: record.logicalId,
    PhysicalResourceId: record.physicalId,
    ResourceType: record.type,
    Replacement: replaces ? (dynamic ? 'Conditional' : 'True') : 'False',
    Scope: ['Properties'],
    Details: details,
    ...(replaces && record.updateReplacePolicy === 'Retain' ? { PolicyAction: 'ReplaceAndRetain' } : {}),
  };
}

/** Both kinds of `Retain` keep a resource that leaves its template or whose stack is deleted. */
export function keptOnRemoval({ deletionPolicy }: ResourceRecord): boolean {
  return deletionPolicy === 'Retain' || deletionPolicy === 'RetainExceptOnCreate';
}

/** Names of properties whose value refers to one of `ids`. */
function dependentNames(properties: Readonly<Record<string, Json>>, ids: ReadonlySet<string>): string[] {
  return Object.entries(properties).flatMap(([name, value]) =>
    references(value).some((reference) => ids.has(reference.id)) ? [name] : [],
  );
}

/**
 * What an update would do, as a change set lists it: `resolved` gives a resource's new properties in comparison form, or undefined
 * where they hang on a resource that does not exist yet.
 */
export function describeChanges(
  template: Template,
  present: ReadonlySet<string>,
  order: readonly string[],
  existing: ReadonlyMap<string, ResourceRecord>,
  resolved: (id: string) => Readonly<Record<string, Json>> | undefined,
): ResourceChange[] {
  const changes: ResourceChange[] = [];
  const moving = new Set<string>();
  for (const id of order) {
    const record = existing.get(id);
    if (record === undefined) {
      changes.push(added(id, template));
      moving.add(id);
      continue;
    }
    const dynamic = dependentNames(template.Resources[id]?.Properties ?? {}, moving);
    const next = dynamic.length > 0 ? undefined : resolved(id);
    const names =
      next === undefined
        ? dynamic
        : [...new Set([...Object.keys(record.properties), ...Object.keys(next)])].filter(
            (name) => !sameJson(record.properties[name], next[name]),
          );
    if (names.length === 0) continue;
    const change = modified(record, names, next === undefined);
    changes.push(change);
    if (change.Replacement !== 'False') moving.add(id);
  }
  for (const record of existing.values()) {
    if (present.has(record.logicalId)) continue;
    const policy = keptOnRemoval(record) ? 'Retain' : 'Delete';
    changes.push({
      Action: 'Remove',
      LogicalResourceId: record.logicalId,
      PhysicalResourceId: record.physicalId,
      ResourceType: record.type,
      PolicyAction: policy,
    });
  }
  return changes;
}
