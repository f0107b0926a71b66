import { type ColumnSource, parquetWriteBuffer, type SchemaElement } from 'hyparquet-writer';
import type { ConversionColumn } from './openx';

type Element = Omit<SchemaElement, 'name'>;

/** Timestamps without a zone, as Hive means them: readers give naive UTC times. */
const TIMESTAMP: Element = { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MILLIS' } };
const INTEGER: Element = { type: 'INT32' };
const ELEMENTS: Readonly<Record<string, Element>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  double: { type: 'DOUBLE' },
  float: { type: 'FLOAT' },
  bigint: { type: 'INT64' },
  int: INTEGER,
  integer: INTEGER,
  smallint: INTEGER,
  tinyint: INTEGER,
  boolean: { type: 'BOOLEAN' },
  timestamp: TIMESTAMP,
  date: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
};

/** Glue types that can be written. */
export function isWritable(type: string): boolean {
  return ELEMENTS[type] !== undefined;
}

/** Rows as a Parquet file. */
export function parquetOf(
  columns: readonly ConversionColumn[],
  rows: readonly (readonly unknown[])[],
  codec: 'SNAPPY' | 'UNCOMPRESSED',
): Buffer {
  const elements = columns.map(({ name, type }): SchemaElement => {
    const element = ELEMENTS[type];
    if (element === undefined) throw new Error(`no Parquet type for ${type}`);
    return { ...element, name, repetition_type: 'OPTIONAL' };
  });
  const columnData = columns.map(({ name }, index): ColumnSource => ({ name, data: rows.map((row) => row[index]) }));
  const schema: SchemaElement[] = [{ name: 'hive_schema', num_children: columns.length }, ...elements];
  return Buffer.from(parquetWriteBuffer({ columnData, schema, codec, rowGroupSize: 100_000 }));
}
