import { type Json, type Template, templateError } from './template';

/** Where intrinsic functions find their values. */
export interface Scope {
  readonly template: Template;
  readonly parameters: ReadonlyMap<string, string | readonly string[]>;
  /** Pseudo parameters, e.g. `AWS::Region`. */
  readonly pseudo: ReadonlyMap<string, Json>;
  readonly conditions: ReadonlyMap<string, boolean>;
  ref(logicalId: string): Json;
  attribute(logicalId: string, name: string): Json;
  importValue(name: string): Json;
}

/** Removes the property or list item it stands in, as `AWS::NoValue` does. */
const NO_VALUE = Symbol('AWS::NoValue');

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The single key of an intrinsic call, or undefined for plain data. */
export function intrinsicOf(value: Json): string | undefined {
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value);
  const [key] = keys;
  return keys.length === 1 && key !== undefined && (key === 'Ref' || key === 'Condition' || key.startsWith('Fn::'))
    ? key
    : undefined;
}

function asText(value: Json, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw templateError(`Template error: every value of the ${where} object must be a string.`);
}

function refValue(name: string, scope: Scope): Json {
  if (name === 'AWS::NoValue') return NO_VALUE;
  if (scope.pseudo.has(name)) return scope.pseudo.get(name);
  const parameter = scope.parameters.get(name);
  return parameter ?? scope.ref(name);
}

/** Names in `${...}` of a Sub text, `${!Literal}` left out. */
export function subNames(text: string): string[] {
  return [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map((match) => match[1]?.trim() ?? '');
}

function sub(argument: Json, scope: Scope): string {
  const [text, variables] = Array.isArray(argument)
    ? [String(argument[0]), (argument[1] ?? {}) as Record<string, Json>]
    : [String(argument), {}];
  return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, raw: string) => {
    const name = raw.trim();
    if (literal === '!') return `\${${raw}}`;
    if (name in variables) return asText(resolve(variables[name], scope), 'Fn::Sub');
    const cut = name.indexOf('.');
    const value =
      cut > 0 && !name.startsWith('AWS::') ? scope.attribute(name.slice(0, cut), name.slice(cut + 1)) : refValue(name, scope);
    return asText(value, 'Fn::Sub');
  });
}

function findInMap(argument: Json[], scope: Scope): Json {
  const [map = '', top = '', second = ''] = argument.map((part) => asText(resolve(part, scope), 'Fn::FindInMap'));
  const value = scope.template.Mappings?.[map]?.[top]?.[second];
  if (value === undefined) throw templateError(`Template error: Unable to get mapping for ${map}::${top}::${second}`);
  return value;
}

function select(argument: Json[], scope: Scope): Json {
  const index = Number(resolve(argument[0], scope));
  const list = resolve(argument[1], scope);
  if (!Array.isArray(list) || list[index] === undefined)
    throw templateError(`Template error: Fn::Select cannot select nonexistent value at index ${index}`);
  return list[index];
}

const FUNCTIONS: Readonly<Record<string, (argument: Json, scope: Scope) => Json>> = {
  Ref: (argument, scope) => refValue(String(argument), scope),
  'Fn::GetAtt': (argument, scope) => {
    const [id = '', ...name] = Array.isArray(argument)
      ? argument.map((part) => asText(resolve(part, scope), 'Fn::GetAtt'))
      : String(argument).split('.');
    return scope.attribute(id, name.join('.'));
  },
  'Fn::Sub': sub,
  'Fn::Join': (argument, scope) => {
    const [delimiter, list] = argument as [string, Json];
    const items = resolve(list, scope);
    if (!Array.isArray(items))
      throw templateError(
        'Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined.',
      );
    return items.map((item) => asText(item, 'Fn::Join')).join(delimiter);
  },
  'Fn::Split': (argument, scope) =>
    asText(resolve((argument as Json[])[1], scope), 'Fn::Split').split(String((argument as Json[])[0])),
  'Fn::Select': (argument, scope) => select(argument as Json[], scope),
  'Fn::FindInMap': (argument, scope) => findInMap(argument as Json[], scope),
  'Fn::If': (argument, scope) => {
    const [name, yes, no] = argument as [string, Json, Json];
    return resolve(conditionValue(name, scope) ? yes : no, scope);
  },
  'Fn::ImportValue': (argument, scope) => scope.importValue(asText(resolve(argument, scope), 'Fn::ImportValue')),
  'Fn::Base64': (argument, scope) => Buffer.from(asText(resolve(argument, scope), 'Fn::Base64')).toString('base64'),
  'Fn::GetAZs': (_argument, scope) => ['a', 'b', 'c'].map((zone) => `${String(scope.pseudo.get('AWS::Region'))}${zone}`),
};

function conditionValue(name: string, scope: Scope): boolean {
  const value = scope.conditions.get(name);
  if (value === undefined) throw templateError(`Template error: unresolved condition dependency ${name} in Fn::If`);
  return value;
}

/** Resolves every intrinsic function in `value`; text with `{{resolve:...}}` stays as it is. Throws `ValidationError`. */
export function resolve(value: Json, scope: Scope): Json {
  const name = intrinsicOf(value);
  if (name !== undefined && name !== 'Condition') {
    const run = FUNCTIONS[name];
    if (run === undefined) throw templateError(`Template format error: Unrecognized intrinsic function: ${name}`);
    return run((value as Record<string, Json>)[name], scope);
  }
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== NO_VALUE);
  if (!isObject(value)) return value;
  const resolved: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    const result = resolve(item, scope);
    if (result !== NO_VALUE) resolved[key] = result;
  }
  return resolved;
}

function evaluateCondition(
  expression: Json,
  scope: Scope,
  all: Readonly<Record<string, Json>>,
  cache: Map<string, boolean>,
): boolean {
  const name = intrinsicOf(expression);
  const argument = name === undefined ? undefined : (expression as Record<string, Json>)[name];
  const nested = (item: Json): boolean => evaluateCondition(item, scope, all, cache);
  if (name === 'Condition') return namedCondition(String(argument), scope, all, cache);
  if (name === 'Fn::Equals') {
    const [left, right] = (argument as Json[]).map((item) => resolve(item, scope));
    return JSON.stringify(left) === JSON.stringify(right);
  }
  if (name === 'Fn::And') return (argument as Json[]).every(nested);
  if (name === 'Fn::Or') return (argument as Json[]).some(nested);
  if (name === 'Fn::Not') return !nested((argument as Json[])[0]);
  throw templateError(
    `Template error: Conditions can only be boolean operations on parameters and other conditions; given ${name}`,
  );
}

function namedCondition(name: string, scope: Scope, all: Readonly<Record<string, Json>>, cache: Map<string, boolean>): boolean {
  const known = cache.get(name);
  if (known !== undefined) return known;
  if (all[name] === undefined)
    throw templateError(`Template format error: Unresolved condition dependency ${name} in the Conditions block of the template`);
  const value = evaluateCondition(all[name], scope, all, cache);
  cache.set(name, value);
  return value;
}

/** Truth values of the template's conditions; they may use parameters and pseudo parameters only. */
export function evaluateConditions(template: Template, scope: Scope): Map<string, boolean> {
  const values = new Map<string, boolean>();
  for (const name of Object.keys(template.Conditions ?? {})) namedCondition(name, scope, template.Conditions ?? {}, values);
  return values;
}
