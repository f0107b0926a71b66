import * as z from 'zod';
import { double } from '../../aggregations/sql';
import { labelMembers } from '../../definition/label';

export const labelSchema = z.strictObject({
  ...labelMembers,
  /** The outcome is positive when the column is above this. */
  above: z.number(),
});
export type BinaryLabel = z.infer<typeof labelSchema>;

/** 1 or 0. */
export function labelSql({ above }: BinaryLabel, outcome: string): string {
  return `CASE WHEN ${outcome} > ${double(above)} THEN 1 ELSE 0 END`;
}

export function isPositive({ above }: BinaryLabel, outcome: number): boolean {
  return outcome > above;
}
