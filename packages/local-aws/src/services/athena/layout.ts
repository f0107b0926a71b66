import type * as Glue from '@aws-sdk/client-glue';
import { QueryFailure } from './failure';

export interface Column {
  readonly name: string;
  readonly type: string;
}

/** How a table's rows lie in S3. */
export interface TableLayout {
  readonly bucket: string;
  /** Prefix under which to list. */
  readonly prefix: string;
  readonly format: 'parquet' | 'json';
  readonly columns: readonly Column[];
  readonly partitionKeys: readonly Column[];
  /** Values of the partition columns of an object; undefined if the table does not reach it. */
  partitionOf(key: string): readonly string[] | undefined;
}

const PARQUET = /parquet/i;
const JSON_SERDE = /jsonserde|JsonSerDe/i;

function columnsOf(columns: readonly Glue.Column[] | undefined): Column[] {
  return (columns ?? []).map(({ Name = '', Type = 'string' }) => ({ name: Name.toLowerCase(), type: Type }));
}

function split(location: string): [string, string] {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(location) ?? [];
  if (bucket === undefined) throw new QueryFailure(`HIVE_METASTORE_ERROR: the location '${location}' is not in S3`);
  return [bucket, key === undefined || key === '' || key.endsWith('/') ? (key ?? '') : `${key}/`];
}

/** Reads a Glue table. `today` is the clock's day, the NOW of a projection's range. Throws for what the local AWS cannot read. */
export function layoutOf(table: Glue.Table, today: string): TableLayout {
  const name = `${table.DatabaseName}.${table.Name}`;
  const storage = table.StorageDescriptor ?? {};
  const parameters = table.Parameters ?? {};
  if (table.TableType === 'VIRTUAL_VIEW') throw new QueryFailure(`NOT_SUPPORTED: The local AWS has no views; given ${name}`);
  const [bucket, prefix] = split(storage.Location ?? '');
  const columns = columnsOf(storage.Columns);
  const partitionKeys = columnsOf(table.PartitionKeys);
  // Feature Store's Iceberg tables have no metadata here: every data file is current.
  if (parameters.table_type?.toUpperCase() === 'ICEBERG')
    return { bucket, prefix: `${prefix}data/`, format: 'parquet', columns, partitionKeys: [], partitionOf: () => [] };
  const serde = storage.SerdeInfo?.SerializationLibrary ?? '';
  const format = PARQUET.test(serde) ? 'parquet' : JSON_SERDE.test(serde) ? 'json' : undefined;
  if (format === undefined)
    throw new QueryFailure(`NOT_SUPPORTED: The local AWS reads Parquet and JSON tables; ${name} has '${serde}'`);
  const plain = { bucket, format, columns, partitionKeys } as const;
  if (partitionKeys.length === 0) return { ...plain, prefix, partitionOf: () => [] };
  // Without projection a table's rows are those of its catalogued partitions, and the local catalogue holds none.
  if (parameters['projection.enabled']?.toLowerCase() !== 'true') return { ...plain, prefix, partitionOf: () => undefined };
  return { ...plain, ...projected(parameters, bucket, prefix, partitionKeys, today) };
}

function projected(
  parameters: Readonly<Record<string, string>>,
  bucket: string,
  location: string,
  keys: readonly Column[],
  today: string,
): Pick<TableLayout, 'prefix' | 'partitionOf'> {
  const given = parameters['storage.location.template'];
  const [templateBucket, template] = split(
    given ?? `s3://${bucket}/${location}${keys.map(({ name }) => `${name}=\${${name}}/`).join('')}`,
  );
  if (templateBucket !== bucket)
    throw new QueryFailure(
      `NOT_SUPPORTED: storage.location.template leads to the bucket ${templateBucket}, the location to ${bucket}`,
    );
  const names = [...template.matchAll(/\$\{([^}]+)\}/g)].map(([, name = '']) => name.toLowerCase());
  const parts = template.split(/\$\{[^}]+\}/).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('([^/]+)')}`);
  const accepts = keys.map(({ name }) => projection(parameters, name, today));
  return {
    prefix: template.split('${')[0] ?? '',
    partitionOf: (key) => {
      const match = pattern.exec(key);
      if (match === null) return undefined;
      const values = keys.map(({ name }) => match[names.indexOf(name) + 1] ?? '');
      return values.every((value, index) => accepts[index]?.(value) === true) ? values : undefined;
    },
  };
}

/** Whether a value is among those that a column's projection offers. */
function projection(parameters: Readonly<Record<string, string>>, column: string, today: string): (value: string) => boolean {
  const of = (name: string): string | undefined => parameters[`projection.${column}.${name}`];
  const [low = '', high = ''] = (of('range') ?? '').split(',').map((end) => end.trim());
  switch (of('type')) {
    case 'enum': {
      const values = new Set((of('values') ?? '').split(',').map((value) => value.trim()));
      return (value) => values.has(value);
    }
    case 'integer':
      return (value) => /^-?\d+$/.test(value) && Number(value) >= Number(low) && Number(value) <= Number(high);
    case 'injected':
      return () => true;
    case 'date':
      if (of('format') !== 'yyyy-MM-dd' || [low, high].some((end) => !/^(\d{4}-\d\d-\d\d|NOW)$/.test(end)))
        throw new QueryFailure(
          `NOT_SUPPORTED: The local AWS projects days as yyyy-MM-dd within a range of days and NOW; ${column} has '${of('format')}', '${of('range')}'`,
        );
      return (value) => value >= (low === 'NOW' ? today : low) && value <= (high === 'NOW' ? today : high);
    default:
      throw new QueryFailure(`INVALID_TABLE_PROPERTY: projection.${column}.type is '${of('type')}'`);
  }
}
