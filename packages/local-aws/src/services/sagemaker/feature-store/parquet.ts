import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import { columnsOf } from './catalog';
import type { Values } from './online';
import type { Feature } from './records';

/** A record as it was at one time; times are epoch ms of the clock. */
export interface OfflineRow {
  readonly values: Values;
  readonly written: number;
  readonly invoked: number;
  readonly deleted: boolean;
}

type Element = Omit<SchemaElement, 'name'>;

const ELEMENTS: Readonly<Record<string, Element>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  double: { type: 'DOUBLE' },
  bigint: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
  timestamp: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MILLIS' } },
};

function parse(text: string | null | undefined, type: Feature['type']): unknown {
  if (text === null || text === undefined) return null;
  if (type === 'String') return text;
  return type === 'Integral' ? BigInt(text) : Number(text);
}

/**
 * A Parquet file of an offline store, made piece by piece (a row group each), so that requests are answered in between. Features
 * that were added later than a row are null in it. Numbers are written plain: a dictionary of them costs much and saves nothing.
 */
export class OfflineFile {
  private readonly bytes = new ByteWriter();
  private readonly writer: ParquetWriter;

  constructor(private readonly features: readonly Feature[]) {
    const columns = columnsOf(features);
    const elements = columns.map(({ name, type }): SchemaElement => ({ ...ELEMENTS[type], name, repetition_type: 'OPTIONAL' }));
    const schema: SchemaElement[] = [{ name: 'table', num_children: columns.length }, ...elements];
    this.writer = new ParquetWriter({ writer: this.bytes, schema, codec: 'SNAPPY' });
  }

  add(rows: readonly OfflineRow[]): void {
    const data: unknown[][] = [
      ...this.features.map(({ type }, index) => rows.map(({ values }) => parse(values[index], type))),
      rows.map(({ written }) => new Date(written)),
      rows.map(({ invoked }) => new Date(invoked)),
      rows.map(({ deleted }) => deleted),
    ];
    const columnData = columnsOf(this.features).map(
      ({ name, type }, index): ColumnSource => ({
        name,
        data: data[index] ?? [],
        ...(type === 'double' || type === 'bigint' ? { encoding: 'PLAIN' } : {}),
      }),
    );
    void this.writer.write({ columnData, rowGroupSize: rows.length });
  }

  end(): Buffer {
    void this.writer.finish();
    return Buffer.from(this.bytes.getBuffer());
  }
}
