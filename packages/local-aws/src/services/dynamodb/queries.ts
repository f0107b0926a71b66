import { createHash } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-dynamodb';
import type { Operations } from '../../cloud';
import { validationError } from '../../errors';
import type { Key } from '../../storage/key';
import { type Capacity, readUnits } from './capacity';
import { Expressions } from './expressions';
import type { Condition } from './expressions/condition';
import type { KeyCondition } from './expressions/key-condition';
import type { ExpressionInput } from './expressions/placeholders';
import { type Projection, projection } from './expressions/projection';
import { keyAttributes, keyOfItem, keyPart, partitionPart } from './keys';
import type { IndexRecord, ItemKey, KeyShape, TableRecord } from './records';
import type { DynamoStore } from './store';
import { type Item, itemSize, normalizedItem, typeOf } from './values';

type QueryInput = ExpressionInput &
  Omit<Sdk.QueryCommandInput, 'ExpressionAttributeValues' | 'ExclusiveStartKey'> & { ExclusiveStartKey?: Item };
type ScanInput = ExpressionInput &
  Omit<Sdk.ScanCommandInput, 'ExpressionAttributeValues' | 'ExclusiveStartKey'> & { ExclusiveStartKey?: Item };

interface Bounds {
  readonly low: Key;
  readonly high: Key;
}

/** One page to read: where, in which direction, and what of it is kept. */
interface Read {
  readonly table: TableRecord;
  readonly index: IndexRecord | undefined;
  readonly bounds: Bounds;
  readonly reverse: boolean;
  readonly limit: number;
  readonly startKey: Item | undefined;
  readonly filter: Condition | undefined;
  readonly project: Projection | undefined;
  readonly inSegment: (key: ItemKey) => boolean;
}

interface Page {
  readonly items: Item[];
  readonly scanned: number;
  readonly bytes: number;
  readonly lastKey: Item | undefined;
}

const MAX_PAGE = 1024 * 1024;
/** Sorts after every part of a key. */
const LAST = '\uffff';
const HIGHEST = '\u{10ffff}';
const LEGACY = ['KeyConditions', 'QueryFilter', 'ScanFilter', 'AttributesToGet', 'ConditionalOperator'] as const;

function indexOf(table: TableRecord, name: string | undefined): IndexRecord | undefined {
  if (name === undefined) return undefined;
  const index = table.indexes.find((candidate) => candidate.name === name);
  if (index === undefined) throw validationError(`The table does not have the specified index: ${name}`);
  return index;
}

function bounds(prefix: string[], shape: KeyShape, condition: KeyCondition): Bounds {
  const { partition, sort } = condition;
  if (typeOf(partition) !== shape.partition.type || (sort !== undefined && typeOf(sort.value) !== shape.sort?.type))
    throw validationError('One or more parameter values were invalid: Condition parameter type does not match schema type');
  const base = [...prefix, partitionPart(partition)];
  if (sort === undefined) return { low: base, high: [...base, LAST] };
  const from = [...base, keyPart(sort.value)];
  const past = [...from, LAST];
  switch (sort.operator) {
    case '=':
      return { low: from, high: past };
    case '<':
      return { low: base, high: from };
    case '<=':
      return { low: base, high: past };
    case '>':
      return { low: past, high: [...base, LAST] };
    case '>=':
      return { low: from, high: [...base, LAST] };
    case 'between':
      return { low: from, high: [...base, keyPart(sort.high ?? sort.value), LAST] };
    case 'begins_with':
      if (sort.value.N !== undefined)
        throw validationError(
          'Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
        );
      return { low: from, high: [...base, keyPart(sort.value) + HIGHEST] };
    default:
      return sort.operator satisfies never;
  }
}

/** What an index lets see of an item. */
function visible(table: TableRecord, index: IndexRecord | undefined, item: Item): Item {
  if (index === undefined || index.projection === 'ALL') return item;
  const names = [...keyAttributes(table), ...keyAttributes(index)].map(({ name }) => name);
  return projection([...new Set([...names, ...index.included])].map((name) => [name]))(item);
}

function pageKey(read: Read, item: Item): Item {
  const shapes = read.index === undefined ? [read.table] : [read.table, read.index];
  return Object.fromEntries(shapes.flatMap(keyAttributes).map(({ name }) => [name, item[name] ?? {}]));
}

/** Reads one page: items in key order up to the limit or 1 MB, before the filter. */
function readPage(store: DynamoStore, read: Read): Page {
  const items: Item[] = [];
  let scanned = 0;
  let bytes = 0;
  let lastKey: Item | undefined;
  for (const { key, item } of candidates(store, read)) {
    if (!read.inSegment(key)) continue;
    const seen = visible(read.table, read.index, item);
    scanned += 1;
    bytes += itemSize(seen);
    if (read.filter?.(seen) !== false) items.push(read.project?.(seen) ?? seen);
    if (scanned < read.limit && bytes < MAX_PAGE) continue;
    lastKey = pageKey(read, item);
    break;
  }
  return { items, scanned, bytes, lastKey };
}

function* candidates(store: DynamoStore, read: Read): Iterable<{ key: ItemKey; item: Item }> {
  const { table, index } = read;
  const start = read.startKey === undefined ? undefined : startPlace(table, index, read.startKey);
  const low = start !== undefined && !read.reverse ? [...start.place, LAST] : read.bounds.low;
  const high = start !== undefined && read.reverse ? start.place : read.bounds.high;
  const range = read.reverse ? { start: high, end: low, reverse: true } : { start: low, end: high };
  if (index === undefined) {
    for (const { key, value } of store.items.entries(range)) {
      const [, partition = '', sort = ''] = (key as unknown[]).map(String);
      yield { key: { partition, sort }, item: value };
    }
    return;
  }
  for (const { value } of store.entries.entries(range)) {
    if (value.partition === start?.key.partition && value.sort === start.key.sort) continue;
    const item = store.get(table, value);
    if (item !== undefined) yield { key: value, item };
  }
}

/** Storage place of the item of a start key. */
function startPlace(table: TableRecord, index: IndexRecord | undefined, given: Item): { place: string[]; key: ItemKey } {
  const item = normalizedItem(given);
  const wanted = new Set([...keyAttributes(table), ...(index === undefined ? [] : keyAttributes(index))].map(({ name }) => name));
  if (Object.keys(item).length !== wanted.size || [...wanted].some((name) => item[name] === undefined))
    throw validationError('The provided starting key is invalid: The provided key element does not match the schema');
  const key = keyOfItem(table, item);
  if (index === undefined) return { place: [table.id, key.partition, key.sort], key };
  const sort = index.sort === undefined ? 's' : keyPart(item[index.sort.name] ?? {});
  const hash = createHash('sha256').update(`${key.partition}\n${key.sort}`).digest('base64url');
  return { place: [table.id, index.name, partitionPart(item[index.partition.name] ?? {}), sort, hash], key };
}

function limitOf(limit: number | undefined): number {
  if (limit === undefined) return Number.POSITIVE_INFINITY;
  if (limit >= 1) return limit;
  throw validationError(
    `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
  );
}

function refuseLegacy(input: object): void {
  const found = LEGACY.find((name) => (input as Record<string, unknown>)[name] !== undefined);
  if (found !== undefined)
    throw validationError(`The local AWS does not support the legacy parameter ${found}; use an expression.`);
}

/** What the operations share. */
function queryScope(store: DynamoStore, capacity: Capacity) {
  const answer = (read: Read, input: QueryInput | ScanInput) => {
    if (read.index !== undefined && input.ConsistentRead === true)
      throw validationError('Consistent reads are not supported on global secondary indexes');
    const { items, scanned, bytes, lastKey } = readPage(store, read);
    const units = readUnits(bytes, input.ConsistentRead === true ? 1 : 0.5);
    return {
      ...(input.Select === 'COUNT' ? {} : { Items: items }),
      Count: items.length,
      ScannedCount: scanned,
      ...(lastKey === undefined ? {} : { LastEvaluatedKey: lastKey }),
      ...capacity.count('Read', read.table.name, units, input.ReturnConsumedCapacity),
    };
  };
  const common = (input: QueryInput | ScanInput, expressions: Expressions) => ({
    filter: expressions.condition(input.FilterExpression, 'FilterExpression'),
    project: expressions.projection(input.ProjectionExpression),
    limit: limitOf(input.Limit),
    startKey: input.ExclusiveStartKey,
  });
  return { store, common, answer };
}
type QueryScope = ReturnType<typeof queryScope>;

function query({ store, common, answer }: QueryScope, input: QueryInput) {
  refuseLegacy(input);
  const table = store.table(input.TableName);
  const index = indexOf(table, input.IndexName);
  const shape: KeyShape = index ?? table;
  if (input.KeyConditionExpression === undefined)
    throw validationError('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  const expressions = new Expressions(input);
  const condition = expressions.keyCondition(input.KeyConditionExpression, shape.partition.name, shape.sort?.name);
  const parts = common(input, expressions);
  expressions.checkUsed();
  const prefix = index === undefined ? [table.id] : [table.id, index.name];
  const range = bounds(prefix, shape, condition);
  return answer(
    { table, index, bounds: range, reverse: input.ScanIndexForward === false, inSegment: () => true, ...parts },
    input,
  );
}

function scan({ store, common, answer }: QueryScope, input: ScanInput) {
  refuseLegacy(input);
  const table = store.table(input.TableName);
  const index = indexOf(table, input.IndexName);
  const expressions = new Expressions(input);
  const parts = common(input, expressions);
  expressions.checkUsed();
  const prefix = index === undefined ? [table.id] : [table.id, index.name];
  const [segment, total] = [input.Segment, input.TotalSegments];
  const inSegment =
    segment === undefined || total === undefined
      ? () => true
      : ({ partition }: ItemKey) => createHash('md5').update(partition).digest().readUInt32BE(0) % total === segment;
  const range = { low: prefix, high: [...prefix, LAST] };
  return answer({ table, index, bounds: range, reverse: false, inSegment, ...parts }, input);
}

/** Query and Scan. */
export function queryOperations(store: DynamoStore, capacity: Capacity): Operations {
  const scope = queryScope(store, capacity);
  return {
    Query: (input: QueryInput) => query(scope, input),
    Scan: (input: ScanInput) => scan(scope, input),
  };
}
