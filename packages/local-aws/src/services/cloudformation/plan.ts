import type { ResourceType } from '../../cloud';
import type { ResourceRecord, StepRecord, Tags } from './records';
import { sameJson } from './same';
import { createOnlyProperties, identifierProperties, isTaggable } from './schema';
import { type Json, type TemplateResource, templateError } from './template';

/** A resource as a template and the tags of its stack want it. */
export type Wanted = Pick<
  ResourceRecord,
  'logicalId' | 'type' | 'properties' | 'stackTags' | 'dependsOn' | 'deletionPolicy' | 'updateReplacePolicy'
>;

export interface Decision {
  readonly action: StepRecord['action'] | 'none';
  /** Names of the properties that differ. */
  readonly changed: readonly string[];
  readonly tagsChanged: boolean;
}

export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

export function wantedResource(
  logicalId: string,
  definition: TemplateResource,
  properties: Readonly<Record<string, Json>>,
  stackTags: Tags,
  dependsOn: readonly string[],
): Wanted {
  return {
    logicalId,
    type: definition.Type,
    properties,
    stackTags,
    dependsOn,
    deletionPolicy: definition.DeletionPolicy ?? 'Delete',
    updateReplacePolicy: definition.UpdateReplacePolicy ?? 'Delete',
  };
}

export function changedNames(before: Readonly<Record<string, Json>>, after: Readonly<Record<string, Json>>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !sameJson(before[name], after[name]));
}

/** What has to be done to a resource so that it is as wanted. */
export function decide(existing: ResourceRecord | undefined, wanted: Wanted, handler: ResourceType): Decision {
  if (existing === undefined) return { action: 'create', changed: Object.keys(wanted.properties), tagsChanged: false };
  const changed = changedNames(existing.properties, wanted.properties);
  const tagsChanged = isTaggable(wanted.type) && handler.update !== undefined && !sameJson(existing.stackTags, wanted.stackTags);
  const createOnly = createOnlyProperties(wanted.type);
  if (changed.length > 0 && (handler.update === undefined || changed.some((name) => createOnly.has(name))))
    return { action: 'replace', changed, tagsChanged };
  if (changed.length > 0 || tagsChanged) return { action: 'update', changed, tagsChanged };
  const sameRecord =
    existing.deletionPolicy === wanted.deletionPolicy &&
    existing.updateReplacePolicy === wanted.updateReplacePolicy &&
    sameJson(existing.stackTags, wanted.stackTags) &&
    sameJson(existing.dependsOn, wanted.dependsOn);
  return { action: sameRecord ? 'none' : 'keep', changed, tagsChanged };
}

/** Refuses a replacement in which old and new would have the same name, which the person who wrote the template chose. */
export function checkRename(existing: ResourceRecord, changed: readonly string[]): void {
  const names = identifierProperties(existing.type);
  const chosen = names.length > 0 && names.every((name) => existing.properties[name] !== undefined);
  if (chosen && !names.some((name) => changed.includes(name)))
    throw templateError(
      `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${existing.physicalId} and update the stack again.`,
    );
}

/** Both kinds of `Retain` keep a resource that leaves its template or whose stack is deleted. */
export function keptOnRemoval({ deletionPolicy }: ResourceRecord): boolean {
  return deletionPolicy === 'Retain' || deletionPolicy === 'RetainExceptOnCreate';
}
