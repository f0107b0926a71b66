import { QueryFailure } from './failure';

const PLAIN: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  double: 'DOUBLE',
  float: 'FLOAT',
  real: 'FLOAT',
  bigint: 'BIGINT',
  int: 'INTEGER',
  integer: 'INTEGER',
  smallint: 'SMALLINT',
  tinyint: 'TINYINT',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
  date: 'DATE',
  binary: 'BLOB',
};

/** Splits `a,b<c,d>` at its outer commas. */
function outerParts(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '<' || character === '(') depth += 1;
    if (character === '>' || character === ')') depth -= 1;
    if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)].map((part) => part.trim());
}

/** A Glue (Hive) type as DuckDB writes it. Throws for types that Athena knows and the local AWS does not. */
export function duckType(type: string): string {
  const text = type.trim().toLowerCase();
  const plain = PLAIN[text];
  if (plain !== undefined) return plain;
  const [, kind = '', inner = ''] = /^(\w+)[<(](.*)[>)]$/s.exec(text) ?? [];
  switch (kind) {
    case 'varchar':
    case 'char':
      return 'VARCHAR';
    case 'decimal':
      return `DECIMAL(${inner})`;
    case 'array':
      return `${duckType(inner)}[]`;
    case 'map':
      return `MAP(${outerParts(inner).map(duckType).join(', ')})`;
    case 'struct':
      return `STRUCT(${outerParts(inner).map(field).join(', ')})`;
    default:
      throw new QueryFailure(`HIVE_METASTORE_ERROR: the local AWS does not know the column type '${type}'`);
  }
}

function field(text: string): string {
  const cut = text.indexOf(':');
  return `${quoteName(text.slice(0, cut))} ${duckType(text.slice(cut + 1))}`;
}

/** An SQL identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An SQL string literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const SHOWN: Readonly<Record<string, { readonly type: string; readonly precision: number; readonly scale: number }>> = {
  VARCHAR: { type: 'varchar', precision: 2147483647, scale: 0 },
  DOUBLE: { type: 'double', precision: 17, scale: 0 },
  FLOAT: { type: 'float', precision: 17, scale: 0 },
  BIGINT: { type: 'bigint', precision: 19, scale: 0 },
  HUGEINT: { type: 'bigint', precision: 19, scale: 0 },
  INTEGER: { type: 'integer', precision: 10, scale: 0 },
  SMALLINT: { type: 'smallint', precision: 5, scale: 0 },
  TINYINT: { type: 'tinyint', precision: 3, scale: 0 },
  BOOLEAN: { type: 'boolean', precision: 0, scale: 0 },
  TIMESTAMP: { type: 'timestamp', precision: 3, scale: 0 },
  'TIMESTAMP WITH TIME ZONE': { type: 'timestamp with time zone', precision: 3, scale: 0 },
  DATE: { type: 'date', precision: 0, scale: 0 },
  BLOB: { type: 'varbinary', precision: 1073741824, scale: 0 },
};

/** A DuckDB type as GetQueryResults shows it. */
export function shownType(type: string): { readonly type: string; readonly precision: number; readonly scale: number } {
  const [, precision, scale] = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type) ?? [];
  if (precision !== undefined) return { type: 'decimal', precision: Number(precision), scale: Number(scale) };
  const nested = type.endsWith('[]') ? 'array' : type.startsWith('MAP') ? 'map' : type.startsWith('STRUCT') ? 'row' : 'unknown';
  return SHOWN[type] ?? { type: nested, precision: 0, scale: 0 };
}
