import * as z from 'zod';

/** Names of columns, sources, groups and features: they become SQL identifiers, so lower snake case without `__`. */
export const columnName = z
  .string()
  .max(48)
  .regex(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, 'must be lower snake case without double underscores');

/** Names of models and consumers: they become parts of resource names and URLs, so lower kebab case. */
export const resourceName = z
  .string()
  .max(32)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower kebab case');

export const sentence = z.string().min(10, 'must be a sentence of at least 10 characters').max(255);
