import type { Caller, Cloud } from '../../cloud';
import { evaluateConditions, resolve, type Scope } from './intrinsics';
import type { ParameterValue, ResourceRecord } from './records';
import type { StackStore } from './store';
import { type Json, type Template, templateError } from './template';

interface StackIdentity {
  readonly id: string;
  readonly name: string;
}

const DYNAMIC = /\{\{resolve:(ssm):([^:}]+)(?::(\d+))?\}\}/g;

/** A parameter of SSM as CloudFormation reads it. */
export async function readParameter(cloud: Cloud, name: string, caller: Caller): Promise<string> {
  const answer = await cloud
    .call<{ Parameter?: { Value?: string } }>('ssm', 'GetParameter', { Name: name }, caller)
    .catch(() => undefined);
  const value = answer?.Parameter?.Value;
  if (value === undefined) throw templateError(`Unable to fetch parameters [${name}] from parameter store for this account.`);
  return value;
}

function pseudoParameters(cloud: Cloud, stack: StackIdentity): ReadonlyMap<string, Json> {
  return new Map<string, Json>([
    ['AWS::AccountId', cloud.account],
    ['AWS::Region', cloud.region],
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
    ['AWS::StackId', stack.id],
    ['AWS::StackName', stack.name],
    ['AWS::NotificationARNs', []],
  ]);
}

/** Builds the scope in which a stack's template is resolved; resources are looked up in `records` as they come into being. */
export function stackScope(
  cloud: Cloud,
  store: StackStore,
  stack: StackIdentity,
  template: Template,
  parameters: readonly ParameterValue[],
  records: ReadonlyMap<string, ResourceRecord>,
  imports: Set<string>,
): Scope {
  const conditions = new Map<string, boolean>();
  const scope: Scope = {
    template,
    parameters: new Map(
      parameters.map(({ key, value, resolved }) => [
        key,
        asParameter(template.Parameters?.[key]?.Type ?? 'String', resolved ?? value),
      ]),
    ),
    pseudo: pseudoParameters(cloud, stack),
    conditions,
    ref(id) {
      const record = records.get(id);
      if (record === undefined)
        throw templateError(
          `Template format error: Unresolved resource dependencies [${id}] in the Resources block of the template`,
        );
      return record.ref;
    },
    attribute(id, name) {
      const record = records.get(id);
      const value = record?.attributes[name];
      if (value === undefined)
        throw templateError(`Template error: ${record?.type ?? id} (${id}) has no attribute ${name} in the local AWS`);
      return value;
    },
    importValue(name) {
      imports.add(name);
      const found = store
        .live()
        .flatMap(({ outputs }) => outputs)
        .find((output) => output.exportName === name);
      if (found === undefined) throw templateError(`No export named ${name} found`);
      return found.value;
    },
  };
  for (const [name, value] of evaluateConditions(template, scope)) conditions.set(name, value);
  return scope;
}

function asParameter(type: string, value: string): string | string[] {
  return type.startsWith('List<') || type === 'CommaDelimitedList' ? value.split(',').map((item) => item.trim()) : value;
}

/** Logical ids whose condition holds. */
export function presentResources(template: Template, scope: Scope): Set<string> {
  return new Set(
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Condition === undefined || scope.conditions.get(resource.Condition) === true)
      .map(([id]) => id),
  );
}

/** Replaces `{{resolve:ssm:...}}` in resolved properties by the parameter's value, when the resource is handled. */
export async function resolveDynamic(cloud: Cloud, value: Json, caller: Caller): Promise<Json> {
  if (typeof value === 'string') {
    if (!value.includes('{{resolve:')) return value;
    let text = value;
    for (const [whole, , name = '', version] of value.matchAll(DYNAMIC))
      text = text.replace(whole, await readParameter(cloud, version === undefined ? name : `${name}:${version}`, caller));
    if (text.includes('{{resolve:')) throw templateError(`The local AWS resolves dynamic references to SSM only; given ${text}`);
    return text;
  }
  if (Array.isArray(value)) return Promise.all(value.map((item) => resolveDynamic(cloud, item, caller)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, item]) => [key, await resolveDynamic(cloud, item, caller)] as const),
  );
  return Object.fromEntries(entries);
}

/** Properties of a resource in comparison form. */
export function resolveProperties(template: Template, id: string, scope: Scope): Record<string, Json> {
  return resolve(template.Resources[id]?.Properties ?? {}, scope) as Record<string, Json>;
}

/** One property in comparison form; undefined where it is left out. */
export function resolveProperty(template: Template, id: string, name: string, scope: Scope): Json {
  const { [name]: value } = template.Resources[id]?.Properties ?? {};
  return (resolve({ [name]: value }, scope) as Record<string, Json>)[name];
}
