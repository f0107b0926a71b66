import { createHash } from 'node:crypto';
import type { Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';
import { keyPart, partitionPart } from './keys';
import type { IndexRecord, ItemKey, TableRecord } from './records';
import type { Item, Value } from './values';

/** Keeps item keys longer than every bound that is made of a partition and a sort part. */
const TAIL = '';

/** Tables, their items, and what is derived from items: index entries and expiry times, all written in one transaction. */
export class DynamoStore {
  readonly tables: Table<TableRecord>;
  /** By [table, partition, sort, '']. */
  readonly items: Table<Item>;
  /** By [table, index, partition, sort, hash of the item's key]; the value is the item's key. */
  readonly entries: Table<ItemKey>;
  /** By [table, epoch second, partition, sort]. */
  readonly expiries: Table<true>;

  constructor(private readonly cloud: Cloud) {
    this.tables = cloud.storage.table('dynamodb/tables');
    this.items = cloud.storage.table('dynamodb/items');
    this.entries = cloud.storage.table('dynamodb/index-entries');
    this.expiries = cloud.storage.table('dynamodb/expiries');
  }

  arn(name: string): string {
    return `arn:aws:dynamodb:${this.cloud.region}:${this.cloud.account}:table/${name}`;
  }

  /** Finds a table by name or ARN. */
  table(reference: string | undefined, text = 'Requested resource not found'): TableRecord {
    const name = (reference ?? '').replace(/^arn:aws:dynamodb:[^:]*:[^:]*:table\//, '');
    const record = this.tables.get(name);
    if (record === undefined) throw new AwsError('ResourceNotFoundException', text);
    return record;
  }

  get(table: TableRecord, key: ItemKey): Item | undefined {
    return this.items.get([table.id, key.partition, key.sort, TAIL]);
  }

  /** Puts the item in the place of `before`, or removes it; only within a transaction. */
  replace(table: TableRecord, key: ItemKey, before: Item | undefined, after: Item | undefined): void {
    const place = [table.id, key.partition, key.sort, TAIL];
    if (after !== undefined) void this.items.put(place, after);
    else if (before !== undefined) void this.items.remove(place);
    for (const index of table.indexes) {
      const [old, next] = [entryKey(table, index, key, before), entryKey(table, index, key, after)];
      if (old !== undefined && (next === undefined || old.join('\n') !== next.join('\n'))) void this.entries.remove(old);
      if (next !== undefined) void this.entries.put(next, key);
    }
    if (table.ttlAttribute === undefined) return;
    const [old, next] = [expiryOf(before, table.ttlAttribute), expiryOf(after, table.ttlAttribute)];
    if (old !== undefined && old !== next) void this.expiries.remove([table.id, old, key.partition, key.sort]);
    if (next !== undefined) void this.expiries.put([table.id, next, key.partition, key.sort], true);
  }
}

/** Epoch second at which an item expires. */
export function expiryOf(item: Item | undefined, attribute: string): number | undefined {
  const text = item?.[attribute]?.N;
  const second = text === undefined ? Number.NaN : Math.floor(Number(text));
  return Number.isSafeInteger(second) && second > 0 ? second : undefined;
}

function entryKey(table: TableRecord, index: IndexRecord, key: ItemKey, item: Item | undefined): string[] | undefined {
  const partition = item?.[index.partition.name];
  const sort: Value | undefined = index.sort === undefined ? { S: '' } : item?.[index.sort.name];
  if (partition === undefined || sort === undefined) return undefined;
  const hash = createHash('sha256').update(`${key.partition}\n${key.sort}`).digest('base64url');
  return [table.id, index.name, partitionPart(partition), keyPart(sort), hash];
}
