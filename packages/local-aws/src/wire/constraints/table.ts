/** What a shape of a service's model demands of a value; members, elements and values refer to other shapes by name. */
export interface ConstrainedShape {
  readonly type: 'structure' | 'list' | 'map' | 'string' | 'number' | 'blob';
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, string>>;
  readonly element?: string;
  readonly key?: string;
  readonly value?: string;
  /** Bounds of a length, or of a number. */
  readonly min?: number;
  readonly max?: number;
  /** As in the model: a regular expression of Java for the whole text. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** The value must not be shown. */
  readonly sensitive?: true;
}

/** Lengths, ranges, patterns and enums of the operations that a service supports here; shapes without any are left out. */
export interface ConstraintTable {
  readonly source: string;
  /** Name of the input shape of every supported operation; null if nothing is demanded of it. */
  readonly operations: Readonly<Record<string, string | null>>;
  readonly shapes: Readonly<Record<string, ConstrainedShape>>;
}
