import * as z from 'zod';
import { type Duration, durationSchema } from './duration';
import { type Field, type FieldOf, fieldSchema } from './field';
import { columnName, sentence } from './identifier';

/** A kind of event: its own stream, its own lake table, its own schema. */
export const sourceSchema = z.strictObject({
  name: columnName,
  owner: z.string().min(1),
  description: sentence,
  schema: z.record(columnName, fieldSchema),
  eventId: columnName,
  eventTime: columnName,
  partitionKey: columnName,
  personal: z.array(columnName),
  retention: durationSchema,
});

export type Source = z.infer<typeof sourceSchema>;

/** A source whose columns are known to the compiler. */
export type TypedSource<S extends Record<string, Field>> = Omit<Source, 'schema'> & { readonly schema: S };

export type ColumnOf<S extends Record<string, Field>, F extends Field = Field> = {
  [K in keyof S & string]: S[K] extends F ? K : never;
}[keyof S & string];
export type NumericColumn<S extends Record<string, Field>> = ColumnOf<S, FieldOf<'number'> | FieldOf<'integer'>>;
export type TimeColumn<S extends Record<string, Field>> = ColumnOf<S, FieldOf<'timestamp'>>;

export interface SourceInput<S extends Record<string, Field>> {
  readonly name: string;
  readonly owner: string;
  readonly description: string;
  readonly schema: S;
  /** Column whose value is unique per event; a second event with the same id is a duplicate. */
  readonly eventId: NoInfer<ColumnOf<S>>;
  /** When the thing happened; windows and training sets use it, never the time of arrival. */
  readonly eventTime: NoInfer<TimeColumn<S>>;
  /** Column that keeps order on the stream. */
  readonly partitionKey: NoInfer<ColumnOf<S>>;
  /** Columns that hold personal data. @default [] */
  readonly personal?: NoInfer<ColumnOf<S>>[];
  /** How long the lake keeps events. @default '730d' */
  readonly retention?: Duration;
}

export function defineSource<const S extends Record<string, Field>>(input: SourceInput<S>): TypedSource<S> {
  return { personal: [], retention: '730d', ...input };
}
