import { validationError } from '../../errors';
import { compareDecimals, formatDecimal, parseDecimal } from './decimal';

/** An attribute value: exactly one member is set. */
export interface Value {
  readonly S?: string;
  readonly N?: string;
  readonly B?: Uint8Array;
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly Uint8Array[];
  readonly L?: readonly Value[];
  readonly M?: Readonly<Record<string, Value>>;
}

export type Item = Readonly<Record<string, Value>>;
export type ValueType = keyof Value;

const TYPES: readonly ValueType[] = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'];
const MAX_DEPTH = 32;

export function typeOf(value: Value): ValueType {
  for (const type of TYPES) if (value[type] !== undefined) return type;
  throw validationError('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
}

function normalNumber(text: string): string {
  return formatDecimal(parseDecimal(text));
}

function checkedSet<T>(items: readonly T[], name: string, keyOf: (item: T) => string): readonly T[] {
  if (items.length === 0) throw validationError(`One or more parameter values were invalid: An ${name} set  may not be empty`);
  if (new Set(items.map(keyOf)).size !== items.length)
    throw validationError(
      `One or more parameter values were invalid: Input collection [${items.map(keyOf).join(', ')}] contains duplicates.`,
    );
  return items;
}

export const bytesKey = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Checks a value and brings its numbers into AWS's form. */
export function normalized(value: Value, depth = 0): Value {
  const type = typeOf(value);
  if (TYPES.some((other) => other !== type && value[other] !== undefined))
    throw validationError(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  if (depth > MAX_DEPTH) throw validationError('Nesting Levels have exceeded supported limits');
  switch (type) {
    case 'N':
      return { N: normalNumber(value.N ?? '') };
    case 'SS':
      return { SS: checkedSet(value.SS ?? [], 'string', (text) => text) };
    case 'NS':
      return { NS: checkedSet((value.NS ?? []).map(normalNumber), 'number', (text) => text) };
    case 'BS':
      return { BS: checkedSet(value.BS ?? [], 'binary', bytesKey) };
    case 'L':
      return { L: (value.L ?? []).map((element) => normalized(element, depth + 1)) };
    case 'M':
      return { M: normalizedItem(value.M ?? {}, depth + 1) };
    case 'NULL':
      return { NULL: true };
    default:
      return value;
  }
}

export function normalizedItem(item: Item, depth = 0): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, normalized(value, depth)]));
}

function numberSize(text: string): number {
  return Math.ceil(parseDecimal(text).digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

function valueSize(value: Value): number {
  const sum = <T>(items: readonly T[], sizeOf: (item: T) => number): number =>
    items.reduce((total, item) => total + sizeOf(item), 0);
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberSize(value.N);
  if (value.B !== undefined) return value.B.length;
  if (value.SS !== undefined) return sum(value.SS, (text) => Buffer.byteLength(text));
  if (value.NS !== undefined) return sum(value.NS, numberSize);
  if (value.BS !== undefined) return sum(value.BS, (bytes) => bytes.length);
  if (value.L !== undefined) return 3 + sum(value.L, (element) => 1 + valueSize(element));
  if (value.M !== undefined) return 3 + itemSize(value.M) + Object.keys(value.M).length;
  return 1;
}

/** Size of an item in bytes as DynamoDB counts it: names and values. */
export function itemSize(item: Item): number {
  let size = 0;
  for (const [name, value] of Object.entries(item)) size += Buffer.byteLength(name) + valueSize(value);
  return size;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const known = new Set(a);
  return a.length === b.length && b.every((item) => known.has(item));
}

export function equal(a: Value, b: Value): boolean {
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  switch (type) {
    case 'S':
    case 'BOOL':
    case 'NULL':
      return a[type] === b[type];
    case 'N':
    case 'B':
      return compare(a, b) === 0;
    case 'SS':
    case 'NS':
      return sameSet(a[type] ?? [], b[type] ?? []);
    case 'BS':
      return sameSet((a.BS ?? []).map(bytesKey), (b.BS ?? []).map(bytesKey));
    case 'L': {
      const other = b.L ?? [];
      return a.L?.length === other.length && a.L.every((element, index) => equal(element, other[index] ?? {}));
    }
    case 'M': {
      const left = a.M ?? {};
      const right = b.M ?? {};
      const names = Object.keys(left);
      return names.length === Object.keys(right).length && names.every((name) => both(left[name], right[name], equal));
    }
    default:
      return type satisfies never;
  }
}

function both(a: Value | undefined, b: Value | undefined, test: (a: Value, b: Value) => boolean): boolean {
  return a !== undefined && b !== undefined && test(a, b);
}

/** Order of two numbers, strings or binaries; undefined for others and for values of two types. */
export function compare(a: Value, b: Value): number | undefined {
  if (a.N !== undefined && b.N !== undefined) return compareDecimals(parseDecimal(a.N), parseDecimal(b.N));
  if (a.S !== undefined && b.S !== undefined) return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
  if (a.B !== undefined && b.B !== undefined) return Buffer.compare(a.B, b.B);
  return undefined;
}
