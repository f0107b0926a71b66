import type * as z from 'zod';

/** An event of a source, as aggregations see it. */
export interface SourceEvent {
  readonly id: string;
  /** Event time, milliseconds since 1970. */
  readonly at: number;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What a tile keeps for one aggregation: plain data, so that it can be stored as JSON. */
export type AggregateState = Readonly<Record<string, number | string | undefined>>;

/** Names the parts of one measure in the SQL of a record: the tile of the event, and the tiles of the window before it. */
export type PartColumns = (suffix: string) => readonly string[];

/**
 * How events of one entity within a window become one value: for the stream (`observe`, `merge`, `finish`) and as SQL over the lake
 * (`parts`, `combine`), beside each other because they must mean the same.
 *
 * @typeParam D what a definition says, e.g. the column
 * @typeParam S state of some events; merging is associative and commutative
 */
export interface WindowedKind<D = unknown, S extends AggregateState = AggregateState> {
  readonly kind: string;
  readonly schema: z.ZodType<D>;
  /** Type of the value in artefacts, records and tables. */
  readonly type: 'integer' | 'number';
  /** Names what a tile keeps: features that differ only in their window have the same and share it. */
  key(definition: D): string;
  /** Columns of the source that are read. */
  columns(definition: D): readonly string[];
  /** State after one event; undefined when the event has nothing to say. */
  observe(definition: D, event: SourceEvent): S | undefined;
  /** State of the events of both, which have none in common. */
  merge(a: S, b: S): S;
  /** The feature's value; null when no event had one. */
  finish(state: S | undefined): number | null;
  /** Aggregate expressions, by suffix, over the events of some tiles; each skips nulls. */
  parts(definition: D): Readonly<Record<string, string>>;
  /** The value from the parts of the tiles of the window. */
  combine(part: PartColumns): string;
}

/** A value that is computed when a record is read, not stored with it. */
export interface ReadTimeKind<D = unknown> {
  readonly kind: string;
  readonly schema: z.ZodType<D>;
  readonly type: 'integer' | 'number';
  /** @param eventTime of the record, and `now`: milliseconds since 1970 */
  read(eventTime: number, now: number): number;
  /** The same over two columns of type timestamp. */
  sql(eventTime: string, now: string): string;
}
