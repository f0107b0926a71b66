import * as z from 'zod';

/**
 * Recorded events of a platform's sources, to start with and to replay. The loader writes, for a span of days, one file per source with
 * its events in the order of their event time.
 */
export const historySchema = z.strictObject({
  /** Python program, relative to the repository: `--from DAY --to DAY --out FOLDER --format jsonl|lake`. */
  loader: z.string().regex(/^[A-Za-z0-9_./-]+\.py$/, 'must be the path of a Python file'),
  /** First day that is recorded. */
  from: z.iso.date(),
  /** Where a new simulated clock begins: what happened before is history that trains the first models. */
  startAt: z.iso.datetime({ precision: 3, error: 'must be an instant such as 2013-01-01T10:00:00.000Z' }),
  /** Day after the last that is recorded. */
  until: z.iso.date(),
});
export type History = z.infer<typeof historySchema>;

export function defineHistory(history: History): History {
  return history;
}
