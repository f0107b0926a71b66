import type * as Sdk from '@aws-sdk/client-dynamodb';
import type { Operations } from '../../cloud';
import { validationError } from '../../errors';
import { readUnits, writeUnits } from './capacity';
import { Expressions } from './expressions';
import type { ExpressionInput } from './expressions/placeholders';
import type { ItemParts } from './items';
import { keyOfRequest } from './keys';
import { type Item, itemSize } from './values';
import { type PreparedWrite, perform, prepareDelete, preparePut } from './writes';

interface WriteRequest {
  readonly PutRequest?: { readonly Item?: Item };
  readonly DeleteRequest?: { readonly Key?: Item };
}
interface BatchWriteInput {
  readonly RequestItems?: Readonly<Record<string, readonly WriteRequest[]>>;
  readonly ReturnConsumedCapacity?: Sdk.ReturnConsumedCapacity;
}
interface BatchGetInput {
  readonly RequestItems?: Readonly<
    Record<string, ExpressionInput & { Keys?: readonly Item[]; ProjectionExpression?: string; ConsistentRead?: boolean }>
  >;
  readonly ReturnConsumedCapacity?: Sdk.ReturnConsumedCapacity;
}

const MAX_WRITES = 25;
const MAX_READS = 100;
const DUPLICATES = 'Provided list of item keys contains duplicates';

function checkCount(count: number, limit: number, name: string): void {
  if (count < 1)
    throw validationError(
      `1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    );
  if (count > limit) throw validationError(`Too many items requested for the ${name} call`);
}

function placeOf(write: PreparedWrite): string {
  return JSON.stringify([write.table.id, write.key.partition, write.key.sort]);
}

/** BatchWriteItem and BatchGetItem: nothing is ever left unprocessed here. */
export function batchOperations({ cloud, store, capacity, expiry }: ItemParts): Operations {
  return {
    BatchWriteItem: async (input: BatchWriteInput) => {
      const requests = Object.entries(input.RequestItems ?? {}).flatMap(([TableName, list]) =>
        list.map((request) => ({ TableName, request })),
      );
      checkCount(requests.length, MAX_WRITES, 'BatchWriteItem');
      const writes = requests.map(({ TableName, request }) => {
        if (request.PutRequest !== undefined) return preparePut(store, { TableName, ...request.PutRequest });
        return prepareDelete(store, { TableName, ...request.DeleteRequest });
      });
      if (new Set(writes.map(placeOf)).size !== writes.length) throw validationError(DUPLICATES);
      const done = await cloud.storage.transaction(() => writes.map((write) => ({ write, ...perform(store, write) })));
      const units = new Map<string, number>();
      for (const { write, before, after } of done) {
        expiry.noticed(write.table, after);
        units.set(write.table.name, (units.get(write.table.name) ?? 0) + writeUnits(before, after));
      }
      return { UnprocessedItems: {}, ...capacity.countAll('Write', units, input.ReturnConsumedCapacity) };
    },
    BatchGetItem: (input: BatchGetInput) => {
      const requests = Object.entries(input.RequestItems ?? {});
      const count = requests.reduce((sum, [, { Keys }]) => sum + (Keys?.length ?? 0), 0);
      checkCount(count, MAX_READS, 'BatchGetItem');
      const units = new Map<string, number>();
      const Responses = Object.fromEntries(
        requests.map(([name, request]) => {
          const table = store.table(name);
          const expressions = new Expressions(request);
          const project = expressions.projection(request.ProjectionExpression);
          expressions.checkUsed();
          const keys = (request.Keys ?? []).map((key) => keyOfRequest(table, key).key);
          if (new Set(keys.map((key) => JSON.stringify(key))).size !== keys.length) throw validationError(DUPLICATES);
          const items = keys.map((key) => store.get(table, key)).filter((item) => item !== undefined);
          const factor = request.ConsistentRead === true ? 1 : 0.5;
          units.set(
            table.name,
            items.reduce((sum, item) => sum + readUnits(itemSize(item), factor), (keys.length - items.length) * factor),
          );
          return [name, items.map((item) => project?.(item) ?? item)];
        }),
      );
      return { Responses, UnprocessedKeys: {}, ...capacity.countAll('Read', units, input.ReturnConsumedCapacity) };
    },
  };
}
