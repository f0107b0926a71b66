import { parseDocument } from 'yaml';
import { AwsError } from '../../errors';

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
  readonly AllowedValues?: readonly string[];
  readonly Description?: string;
  readonly NoEcho?: boolean;
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
const MAX_RESOURCES = 500;

export function templateError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** YAML without its short forms: `!Ref X` would be read as the text X. */
function parseYaml(text: string): unknown {
  const document = parseDocument(text, { version: '1.1' });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw problem;
  return document.toJS({ maxAliasCount: 100 });
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
  const held = ['CreationPolicy', 'UpdatePolicy'].find((key) => key in resource);
  if (held !== undefined) throw templateError(`The local AWS does not support ${held} (resource ${id}).`);
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
  if (Object.keys(Resources).length > MAX_RESOURCES)
    throw templateError(
      `Template format error: Number of resources, ${Object.keys(Resources).length}, is greater than maximum allowed, ${MAX_RESOURCES}`,
    );
  for (const [id, resource] of Object.entries(Resources)) checkResource(id, resource);
  return template as Template;
}
