import * as z from 'zod';
import type { ReadTimeKind } from './aggregation-kind';
import { described } from './windowed';

const schema = z.strictObject({ kind: z.literal('age'), ...described });

/** Seconds from the group's newest record to the moment of reading. */
export const ageKind = {
  kind: 'age',
  schema,
  type: 'number',
  read: (eventTime, now) => (now - eventTime) / 1000,
  sql: (eventTime, now) => `to_unixtime(${now}) - to_unixtime(${eventTime})`,
} as const satisfies ReadTimeKind<z.infer<typeof schema>>;

/** Seconds from the group's newest record to the moment of reading; computed when read, not stored. */
export function age(description?: string) {
  return { kind: 'age' as const, ...(description === undefined ? {} : { description }) };
}
