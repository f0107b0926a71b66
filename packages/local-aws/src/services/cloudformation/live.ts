import { referencesOfCall } from './dependencies';
import { intrinsicOf, resolve, type Scope } from './intrinsics';
import { type Json, type Template, templateError } from './template';

interface LiveCall {
  readonly name: string;
  readonly argument: Json;
}

/** Every intrinsic call in `value` that counts: of an If only those in the branch that is taken. */
function liveCalls(value: Json, conditions: ReadonlyMap<string, boolean>): LiveCall[] {
  if (Array.isArray(value)) return value.flatMap((item) => liveCalls(item, conditions));
  if (typeof value !== 'object' || value === null) return [];
  const name = intrinsicOf(value);
  if (name === 'Fn::If') {
    const [condition, yes, no] = (value as Record<string, [string, Json, Json]>)[name] ?? ['', undefined, undefined];
    return liveCalls(conditions.get(condition) === true ? yes : no, conditions);
  }
  const nested = Object.values(value).flatMap((item) => liveCalls(item, conditions));
  return name === undefined ? nested : [{ name, argument: (value as Record<string, Json>)[name] }, ...nested];
}

function liveOutputs(template: Template, scope: Scope): Json[] {
  return Object.values(template.Outputs ?? {})
    .filter(({ Condition }) => Condition === undefined || scope.conditions.get(Condition) === true)
    .map(({ Value, Export }) => [Value, Export?.Name]);
}

/** Names of the exports that the stack will import. */
export function importedNames(template: Template, scope: Scope, present: ReadonlySet<string>): string[] {
  const values = [...present].map((id) => template.Resources[id]?.Properties);
  return liveCalls([...values, ...liveOutputs(template, scope)], scope.conditions)
    .filter(({ name }) => name === 'Fn::ImportValue')
    .map(({ argument }) => String(resolve(argument, scope)));
}

/** Throws when something that counts refers to a resource whose condition does not hold. */
export function checkAbsent(template: Template, scope: Scope, present: ReadonlySet<string>): void {
  const blocks = {
    Resources: [...present].map((id) => template.Resources[id]?.Properties),
    Outputs: liveOutputs(template, scope),
  };
  for (const [block, values] of Object.entries(blocks)) {
    const absent = liveCalls(values, scope.conditions)
      .flatMap(({ name, argument }) => referencesOfCall(name, argument))
      .filter(({ id }) => id in template.Resources && !present.has(id))
      .map(({ id }) => id);
    if (absent.length > 0)
      throw templateError(
        `Template format error: Unresolved resource dependencies [${[...new Set(absent)].join(', ')}] in the ${block} block of the template`,
      );
  }
}
