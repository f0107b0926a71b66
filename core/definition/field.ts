import * as z from 'zod';

/** What to do with a category outside `values`, or outside the vocabulary seen in training. */
export type UnknownPolicy = 'missing' | 'reject';

const base = {
  description: z.string().max(255).optional(),
  unit: z.string().max(24).optional(),
  nullable: z.boolean().default(false),
};
const bounds = { min: z.number().optional(), max: z.number().optional() };

/** One typed value of an event or a request. */
export const fieldSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('string'), maxLength: z.int().positive().default(128), ...base }),
  z.strictObject({
    type: z.literal('category'),
    values: z.array(z.string().min(1).max(64)).min(1).optional(),
    unknown: z.enum(['missing', 'reject']).default('missing'),
    ...base,
  }),
  z.strictObject({ type: z.literal('number'), ...bounds, ...base }),
  z.strictObject({ type: z.literal('integer'), ...bounds, ...base }),
  z.strictObject({ type: z.literal('timestamp'), ...base }),
]);

export type Field = z.infer<typeof fieldSchema>;
export type FieldType = Field['type'];
export type FieldOf<T extends FieldType> = Extract<Field, { type: T }>;

interface Described {
  readonly description?: string;
  /** @default false */
  readonly nullable?: boolean;
}
interface Measured extends Described {
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
}

/** Free text that identifies something. */
export function string(options: Described & { readonly maxLength?: number } = {}): FieldOf<'string'> {
  return { type: 'string', nullable: false, maxLength: 128, ...options };
}

/** One of a set of names: closed by `values`, or learned from the training data when `values` is left out. */
export function category(
  options: Described & { readonly values?: string[]; readonly unknown?: UnknownPolicy } = {},
): FieldOf<'category'> {
  return { type: 'category', nullable: false, unknown: 'missing', ...options };
}

export function number(options: Measured = {}): FieldOf<'number'> {
  return { type: 'number', nullable: false, ...options };
}

export function integer(options: Measured = {}): FieldOf<'integer'> {
  return { type: 'integer', nullable: false, ...options };
}

/** An instant, ISO 8601 UTC with milliseconds and `Z`. */
export function timestamp(options: Described = {}): FieldOf<'timestamp'> {
  return { type: 'timestamp', nullable: false, ...options };
}
