import * as z from 'zod';
import { type Duration, durationSchema } from '../definition/duration';
import { columnName } from '../definition/identifier';

/** Members that every definition of an aggregation may have. */
export const described = { description: z.string().max(255).optional() };

/** Members of an aggregation over a window. */
export const windowed = { window: durationSchema, ...described };

/** Members of an aggregation of one column over a window. Nulls of the column are skipped. */
export const ofColumn = { column: columnName, ...windowed };

interface Over<T> {
  /** Length of the window that ends at the entity's newest event. */
  over(window: Duration, description?: string): T;
}

/** Lets a definition be written as `mean('delay').over('1h')`. */
export function overWindow<T extends object>(build: (window: Duration) => T): Over<T> {
  return { over: (window, description) => ({ ...build(window), ...(description === undefined ? {} : { description }) }) };
}

/** A column's value of an event, when it is a finite number. */
export function numberIn(values: Readonly<Record<string, unknown>>, column: string): number | undefined {
  const value = values[column];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** State that counts values and keeps one number: a sum, or the extreme. */
export interface Accumulated {
  readonly [part: string]: number;
  /** Events that had a value. */
  readonly n: number;
  readonly value: number;
}
