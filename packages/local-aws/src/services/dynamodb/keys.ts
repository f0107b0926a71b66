import { createHash } from 'node:crypto';
import { validationError } from '../../errors';
import { parseDecimal, sortableDecimal } from './decimal';
import type { ItemKey, KeyAttribute, KeyShape, TableRecord } from './records';
import { type Item, normalized, typeOf, type Value } from './values';

const MAX_PARTITION = 2048;
const MAX_SORT = 1024;
/** Longer parts would not fit into a storage key. */
const MAX_PLAIN_PARTITION = 300;
const MAX_STORED_SORT = 1300;

/** A key value as text with the same order; the first letter tells the types apart. */
export function keyPart(value: Value): string {
  if (value.S !== undefined) return `s${value.S}`;
  if (value.N !== undefined) return `n${sortableDecimal(parseDecimal(value.N))}`;
  return `b${Buffer.from(value.B ?? []).toString('latin1')}`;
}

/** A partition key as text; long ones by their hash, since nothing depends on their order. */
export function partitionPart(value: Value): string {
  const part = keyPart(value);
  return Buffer.byteLength(part) <= MAX_PLAIN_PARTITION ? part : `h${createHash('sha256').update(part).digest('hex')}`;
}

function sizeOf(value: Value): number {
  return value.S !== undefined ? Buffer.byteLength(value.S) : (value.B?.length ?? 1);
}

function checkSize(attribute: KeyAttribute, value: Value, limit: number, what: string): void {
  const size = sizeOf(value);
  if (size === 0)
    throw validationError(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${value.S === undefined ? 'binary' : 'string'} value. Key: ${attribute.name}`,
    );
  if (size > limit)
    throw validationError(
      `One or more parameter values were invalid: Size of ${what} has exceeded the maximum size limit of ${limit} bytes`,
    );
}

function itemKey(shape: KeyShape, partition: Value, sort: Value | undefined): ItemKey {
  checkSize(shape.partition, partition, MAX_PARTITION, 'hashkey');
  if (shape.sort === undefined || sort === undefined) return { partition: partitionPart(partition), sort: '' };
  checkSize(shape.sort, sort, MAX_SORT, 'rangekey');
  const part = keyPart(sort);
  if (Buffer.byteLength(part) > MAX_STORED_SORT)
    throw validationError(`The local AWS keeps binary sort keys of up to ${MAX_STORED_SORT / 2} bytes.`);
  return { partition: partitionPart(partition), sort: part };
}

export function keyAttributes(shape: KeyShape): KeyAttribute[] {
  return shape.sort === undefined ? [shape.partition] : [shape.partition, shape.sort];
}

/** The key of an item that is to be stored; index keys must have their types too. */
export function keyOfItem(table: TableRecord, item: Item): ItemKey {
  for (const { name, type } of keyAttributes(table)) {
    const value = item[name];
    if (value === undefined)
      throw validationError(`One or more parameter values were invalid: Missing the key ${name} in the item`);
    if (typeOf(value) !== type)
      throw validationError(
        `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`,
      );
  }
  checkIndexKeys(table, item);
  return itemKey(table, item[table.partition.name] ?? {}, table.sort && item[table.sort.name]);
}

export function checkIndexKeys(table: TableRecord, item: Item): void {
  for (const index of table.indexes) {
    for (const { name, type } of keyAttributes(index)) {
      const value = item[name];
      if (value !== undefined && typeOf(value) !== type)
        throw validationError(
          `One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${index.name}`,
        );
    }
  }
}

/** The key that a request names; it must have exactly the attributes of the table's key. */
export function keyOfRequest(table: TableRecord, given: Item | undefined): { key: ItemKey; attributes: Item } {
  const wanted = keyAttributes(table);
  const names = Object.keys(given ?? {});
  const fits = wanted.every(({ name, type }) => {
    const value = given?.[name];
    return value !== undefined && typeOf(value) === type;
  });
  if (!fits || names.length !== wanted.length) throw validationError('The provided key element does not match the schema');
  const attributes = Object.fromEntries(Object.entries(given ?? {}).map(([name, value]) => [name, normalized(value)]));
  return { key: itemKey(table, attributes[table.partition.name] ?? {}, table.sort && attributes[table.sort.name]), attributes };
}
