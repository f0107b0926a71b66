import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../errors';

function mismatch(path: string, expected: string): AwsError {
  return new AwsError('SerializationException', `${path === '' ? 'the input' : path} is not of the type ${expected}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const members = new WeakMap<object, ReadonlyMap<string, NormalizedSchema>>();

function membersOf(schema: NormalizedSchema): ReadonlyMap<string, NormalizedSchema> {
  const shape = schema.getSchema() as object;
  let known = members.get(shape);
  if (known === undefined) {
    known = new Map(schema.structIterator());
    members.set(shape, known);
  }
  return known;
}

/** Checks that text, lists, maps and structures of a parsed input are such, as the readers of JSON and CBOR do not. Throws `SerializationException`. */
export function checkShape(schema: NormalizedSchema, value: unknown, path = ''): void {
  if (value === undefined || value === null) return;
  if (schema.isStructSchema()) {
    if (!isObject(value)) throw mismatch(path, 'structure');
    const known = membersOf(schema);
    for (const name of Object.keys(value)) {
      const member = known.get(name);
      if (member !== undefined) checkShape(member, value[name], path === '' ? name : `${path}.${name}`);
    }
  } else if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw mismatch(path, 'list');
    const element = schema.getValueSchema();
    for (const item of value) checkShape(element, item, path);
  } else if (schema.isMapSchema()) {
    if (!isObject(value)) throw mismatch(path, 'map');
    const element = schema.getValueSchema();
    for (const key of Object.keys(value)) checkShape(element, value[key], path);
  } else if (schema.isStringSchema() && typeof value !== 'string' && !(value instanceof String)) throw mismatch(path, 'string');
  else if (schema.isBooleanSchema() && typeof value !== 'boolean') throw mismatch(path, 'boolean');
}
