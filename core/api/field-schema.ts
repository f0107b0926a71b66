import * as z from 'zod';
import type { Field } from '../definition';

/** Schema of one field in a body; instants are ISO 8601 UTC with milliseconds and `Z`. */
export function fieldBodySchema(field: Field): z.ZodType {
  const schema = present(field);
  const text = [field.description, field.unit === undefined ? undefined : `(${field.unit})`]
    .filter((it) => it !== undefined)
    .join(' ');
  const described = text === '' ? schema : schema.describe(text);
  return field.nullable ? described.nullish() : described;
}

/** Schema of an object of fields; other keys are refused. */
export function fieldsBodySchema(fields: Readonly<Record<string, Field>>): z.ZodObject<Record<string, z.ZodType>> {
  return z.strictObject(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldBodySchema(field)])));
}

function present(field: Field): z.ZodType {
  switch (field.type) {
    case 'string':
      return z.string().min(1).max(field.maxLength);
    case 'category':
      return field.values !== undefined && field.unknown === 'reject' ? z.enum(field.values) : z.string().min(1).max(64);
    case 'timestamp':
      return z.iso.datetime({ precision: 3, error: 'must be an instant such as 2013-01-01T10:00:00.000Z' });
    case 'integer':
      return bounded(z.int(), field.min, field.max);
    case 'number':
      return bounded(z.number(), field.min, field.max);
  }
}

function bounded(schema: z.ZodNumber, min: number | undefined, max: number | undefined): z.ZodNumber {
  const above = min === undefined ? schema : schema.min(min);
  return max === undefined ? above : above.max(max);
}
