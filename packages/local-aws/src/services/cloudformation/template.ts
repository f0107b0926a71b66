import { AwsError } from '../../errors';
import { parseYaml } from './yaml';

export type Json = unknown;

export type Policy = 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, Json>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: Policy;
  readonly UpdateReplacePolicy?: Policy;
  readonly Metadata?: Json;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: string | number;
  readonly AllowedValues?: readonly (string | number)[];
  readonly AllowedPattern?: string;
  readonly MinLength?: number | string;
  readonly MaxLength?: number | string;
  readonly MinValue?: number | string;
  readonly MaxValue?: number | string;
  readonly ConstraintDescription?: string;
  readonly Description?: string;
  readonly NoEcho?: boolean | string;
}

export interface TemplateOutput {
  readonly Value: Json;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: Json };
}

export interface Template {
  readonly Description?: string;
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Json>>>>>>;
  readonly Conditions?: Readonly<Record<string, Json>>;
  readonly Rules?: Json;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
}

const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Resources',
  'Outputs',
  'Transform',
];
const RESOURCE_KEYS = [
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
  'CreationPolicy',
  'UpdatePolicy',
];
const MAX_INLINE_BYTES = 51_200;
const MAX_STORED_BYTES = 1_000_000;
const MAX_DESCRIPTION_BYTES = 1024;
const MAX_NAME_LENGTH = 255;
const LIMITS = { Resources: 500, Parameters: 200, Outputs: 200, Mappings: 200 } as const;
const POLICIES: readonly string[] = ['Delete', 'Retain', 'RetainExceptOnCreate'];
/** True of every type that the local AWS has. */
const NO_SNAPSHOT = 'does not support deletion policy Snapshot';

/** What CloudFormation itself finds wrong; the same code from a service keeps that service's words around it. */
export class TemplateError extends AwsError {
  constructor(message: string) {
    super('ValidationError', message);
  }
}

export function templateError(message: string): TemplateError {
  return new TemplateError(message);
}

function parseText(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : parseYaml(text);
  } catch (error) {
    throw templateError(
      `Template format error: ${text.trimStart().startsWith('{') ? 'JSON' : 'YAML'} not well-formed. (${error instanceof Error ? error.message.split('\n')[0] : ''})`,
    );
  }
}

function checkResource(id: string, resource: unknown): void {
  if (typeof resource !== 'object' || resource === null || typeof (resource as TemplateResource).Type !== 'string') {
    throw templateError(`Template format error: [/Resources/${id}] Every Resources object must contain a Type member.`);
  }
  const unknown = Object.keys(resource).filter((key) => !RESOURCE_KEYS.includes(key));
  if (unknown.length > 0) throw templateError(`Invalid template resource property '${unknown[0]}'`);
  const { Type, DeletionPolicy, UpdateReplacePolicy } = resource as TemplateResource;
  for (const policy of [DeletionPolicy, UpdateReplacePolicy]) {
    if (policy === 'Snapshot') throw templateError(`Template error: resource type ${Type} ${NO_SNAPSHOT}`);
    if (policy !== undefined && !POLICIES.includes(policy))
      throw templateError(`Template error: Unrecognized DeletionPolicy ${String(policy)} for resource ${id}`);
  }
  const held = ['CreationPolicy', 'UpdatePolicy'].find((key) => key in resource);
  if (held !== undefined) throw templateError(`The local AWS does not support ${held} (resource ${id}).`);
}

/** A template in the request itself is shorter than one in S3. */
export function checkInlineSize(text: string): void {
  if (Buffer.byteLength(text) > MAX_INLINE_BYTES)
    throw templateError(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${MAX_INLINE_BYTES}`,
    );
}

export function checkStoredSize(text: string): void {
  if (Buffer.byteLength(text) > MAX_STORED_BYTES)
    throw templateError(`Template may not exceed ${MAX_STORED_BYTES} bytes in size.`);
}

function checkLimits(template: Template): void {
  if (Buffer.byteLength(template.Description ?? '') > MAX_DESCRIPTION_BYTES)
    throw templateError(`Template format error: 'Description' length is greater than ${MAX_DESCRIPTION_BYTES}.`);
  for (const [block, limit] of Object.entries(LIMITS)) {
    const names = Object.keys(template[block as keyof typeof LIMITS] ?? {});
    const noun = block.toLowerCase();
    if (names.length > limit)
      throw templateError(`Template format error: Number of ${noun}, ${names.length}, is greater than maximum allowed, ${limit}`);
    const wrong = names.find((name) => name.length > MAX_NAME_LENGTH || (block !== 'Mappings' && !/^[a-zA-Z0-9]+$/.test(name)));
    if (wrong !== undefined) throw templateError(`Template format error: ${block} name '${wrong}' is non alphanumeric.`);
  }
}

/** Parses a template (JSON or YAML) and checks its form. Throws `ValidationError` with CloudFormation's texts. */
export function parseTemplate(text: string): Template {
  const template = parseText(text);
  if (typeof template !== 'object' || template === null || Array.isArray(template))
    throw templateError('Template format error: unsupported structure.');
  const unknown = Object.keys(template).filter((key) => !SECTIONS.includes(key));
  if (unknown.length > 0) throw templateError(`Invalid template property or properties [${unknown.join(', ')}]`);
  if ('Transform' in template) throw templateError('The local AWS does not run transforms.');
  const { Resources } = template as Template;
  if (typeof Resources !== 'object' || Resources === null || Object.keys(Resources).length === 0) {
    throw templateError('Template format error: At least one Resources member must be defined.');
  }
  checkLimits(template as Template);
  for (const [id, resource] of Object.entries(Resources)) checkResource(id, resource);
  return template as Template;
}
