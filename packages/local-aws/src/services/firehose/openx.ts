import type * as Sdk from '@aws-sdk/client-firehose';

/** A value that does not fit its column. */
export class UnfitValue extends Error {}

export interface ConversionColumn {
  readonly name: string;
  /** Glue type, lower case. */
  readonly type: string;
}

type Value = string | number | bigint | boolean | null;

const LONGEST = { bigint: 63n, int: 31n, integer: 31n, smallint: 15n, tinyint: 7n } as const;
const MS_DAY = 86_400_000;

function integer(value: unknown, type: keyof typeof LONGEST): bigint {
  const text = typeof value === 'number' && Number.isInteger(value) ? BigInt(value).toString() : String(value);
  if (!/^[+-]?\d+$/.test(text)) throw new UnfitValue(`'${text}' is not of type ${type}`);
  const number = BigInt(text);
  const limit = 1n << LONGEST[type];
  if (number >= limit || number < -limit) throw new UnfitValue(`${text} is out of the range of ${type}`);
  return number;
}

function double(value: unknown): number {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (Number.isNaN(number) && value !== 'NaN') throw new UnfitValue(`'${String(value)}' is not a number`);
  return number;
}

/** Epoch ms of what the OpenX SerDe takes for a timestamp: epoch ms, ISO 8601, or `yyyy-MM-dd HH:mm:ss[.f..]` (UTC). */
export function timestamp(value: unknown): bigint {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  // With a fraction it is seconds (OpenX).
  if (typeof value === 'number') return BigInt(Math.round(value * 1000));
  const text = String(value);
  if (/^-?\d+$/.test(text)) return BigInt(text);
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?\s*(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  const [, day, time = '', fraction = '', zone = 'Z'] = match ?? [];
  const seconds = time.length === 5 ? `${time}:00` : time;
  const instant = Date.parse(`${day}T${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`);
  if (day === undefined || Number.isNaN(instant)) throw new UnfitValue(`'${text}' is not a timestamp`);
  return BigInt(instant);
}

function days(value: unknown): number {
  const instant = /^\d{4}-\d\d-\d\d$/.test(String(value)) ? Date.parse(`${String(value)}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(instant)) throw new UnfitValue(`'${String(value)}' is not a date`);
  return instant / MS_DAY;
}

/** A JSON value as a value of a column. */
function cellOf(value: unknown, type: string): Value {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : JSON.stringify(value);
    case 'double':
    case 'float':
      return double(value);
    case 'bigint':
      return integer(value, type);
    case 'int':
    case 'integer':
    case 'smallint':
    case 'tinyint':
      return Number(integer(value, type));
    case 'timestamp':
      return timestamp(value);
    case 'date':
      return days(value);
    case 'boolean':
      if (/^(true|false)$/i.test(String(value))) return String(value).toLowerCase() === 'true';
      throw new UnfitValue(`'${String(value)}' is not a boolean`);
    default:
      throw new UnfitValue(`the local AWS does not convert to the type ${type}`);
  }
}

/** The JSON object of a record as a row of the columns. Throws UnfitValue. */
export function rowOf(text: string, columns: readonly ConversionColumn[], options: Sdk.OpenXJsonSerDe): Value[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UnfitValue(`the record is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new UnfitValue('the record is not a JSON object');
  const members = new Map<string, unknown>();
  const mapped = new Map(
    Object.entries(options.ColumnToJsonKeyMappings ?? {}).map(([column, key]) => [key, column.toLowerCase()]),
  );
  for (const [key, value] of Object.entries(parsed)) {
    const plain = options.ConvertDotsInJsonKeysToUnderscores === true ? key.replaceAll('.', '_') : key;
    members.set(mapped.get(key) ?? (options.CaseInsensitive === false ? plain : plain.toLowerCase()), value);
  }
  return columns.map(({ name, type }) => {
    try {
      return cellOf(members.get(name), type);
    } catch (error) {
      if (error instanceof UnfitValue) throw new UnfitValue(`column ${name}: ${error.message}`);
      throw error;
    }
  });
}
