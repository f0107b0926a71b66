import { expression, isList, isObject, type Value, type ValueObject } from './definition';

/** A reference that has no value at run time; it fails the step that holds it. */
export class Unresolvable extends Error {}

/** Where references get their values. */
export interface Scope {
  parameter(name: string): Value | undefined;
  execution(name: string): Value | undefined;
  /** What the Describe operation told of a step's job. */
  outputs(step: string): unknown;
  /** Address of a property file of a step. */
  propertyFile(step: string, file: string): string | undefined;
  readJson(s3Uri: string): Promise<unknown>;
}

type Part = string | number;

/** `a.b['c'][0]` as parts. */
export function pathParts(path: string): Part[] {
  const parts: Part[] = [];
  let rest = path;
  while (rest !== '') {
    const match = /^(?:\.?([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\])/.exec(rest);
    if (match === null) throw new Unresolvable(`the path '${path}' cannot be read at '${rest}'`);
    parts.push(match[2] === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(match[2]));
    rest = rest.slice(match[0].length);
  }
  return parts;
}

const NAME_KEYS = ['OutputName', 'InputName', 'ChannelName', 'MetricName', 'Name'];

/** One step down; a name selects from a list by the entry's name (`Outputs['train']`). */
function child(value: unknown, part: Part): unknown {
  if (Array.isArray(value)) {
    if (typeof part === 'number') return value[part] as unknown;
    return value.find((item: unknown) =>
      NAME_KEYS.some((key) => (item as Record<string, unknown> | null)?.[key] === part),
    ) as unknown;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Record<string, unknown>)[String(part)];
}

export function select(value: unknown, parts: readonly Part[]): unknown {
  return parts.reduce(child, value);
}

/** Times read like AWS's ISO texts; everything else is JSON already. */
function asValue(value: unknown): Value {
  return value instanceof Date ? value.toISOString() : (value as Value);
}

function lookUp([root, name = '', ...rest]: readonly Part[], scope: Scope): unknown {
  if (root === 'Parameters') return scope.parameter(String(name));
  if (root === 'Execution') return scope.execution(String(name));
  return root === 'Steps' ? select(scope.outputs(String(name)), rest) : undefined;
}

function get(path: string, scope: Scope): Value {
  const found = lookUp(pathParts(path), scope);
  if (found === undefined || found === null) throw new Unresolvable(`'${path}' has no value`);
  return asValue(found);
}

async function jsonGet(request: ValueObject, scope: Scope): Promise<Value> {
  const { PropertyFile: file, S3Uri: uri, Path: path } = request;
  if ((file === undefined) === (uri === undefined)) throw new Unresolvable('Std:JsonGet must have one of PropertyFile and S3Uri');
  const address = uri === undefined ? fileAddress(file ?? null, scope) : String(await resolve(uri, scope));
  const text = String(path).replace(/^\$\.?/, '');
  const found = select(await scope.readJson(address), pathParts(text));
  if (found === undefined) throw new Unresolvable(`${address} has nothing at '${text}'`);
  return asValue(found);
}

function fileAddress(file: Value, scope: Scope): string {
  const path = String(expression(file, 'Get') ?? '');
  const [, step = '', , name = ''] = pathParts(path).map(String);
  const address = scope.propertyFile(step, name);
  if (address === undefined) throw new Unresolvable(`the property file '${path}' has no address`);
  return address;
}

async function join(request: ValueObject, scope: Scope): Promise<string> {
  const values = await resolve(request.Values ?? [], scope);
  return (isList(values) ? values : [values]).map(String).join(String(request.On ?? ''));
}

/** The value with every reference replaced. Throws `Unresolvable`, or the error of the read that failed. */
export async function resolve(value: Value, scope: Scope): Promise<Value> {
  if (isList(value)) return Promise.all(value.map((item) => resolve(item, scope)));
  if (!isObject(value)) return value;
  const [path, parts, file] = [expression(value, 'Get'), expression(value, 'Std:Join'), expression(value, 'Std:JsonGet')];
  if (path !== undefined) return get(String(path), scope);
  if (isObject(parts)) return join(parts, scope);
  if (isObject(file)) return jsonGet(file, scope);
  const entries = await Promise.all(Object.entries(value).map(async ([key, item]) => [key, await resolve(item, scope)] as const));
  return Object.fromEntries(entries);
}
