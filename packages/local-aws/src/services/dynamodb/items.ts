import type * as Sdk from '@aws-sdk/client-dynamodb';
import type { Cloud, Operations } from '../../cloud';
import { validationError } from '../../errors';
import { type Capacity, readUnits, writeUnits } from './capacity';
import type { Expiry } from './expiry';
import { Expressions } from './expressions';
import type { ExpressionInput } from './expressions/placeholders';
import { keyOfRequest } from './keys';
import type { DynamoStore } from './store';
import { type Item, itemSize } from './values';
import {
  type KeyInput,
  type PreparedWrite,
  type PutInput,
  perform,
  prepareDelete,
  preparePut,
  prepareUpdate,
  type UpdateInput,
} from './writes';

type ReturnValues = Sdk.ReturnValue | undefined;
type Returns = { readonly ReturnValues?: ReturnValues; readonly ReturnConsumedCapacity?: Sdk.ReturnConsumedCapacity };

export interface ItemParts {
  readonly cloud: Cloud;
  readonly store: DynamoStore;
  readonly capacity: Capacity;
  readonly expiry: Expiry;
}

function only(item: Item | undefined, names: ReadonlySet<string>): Item | undefined {
  return item && Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}

function returned(wish: ReturnValues, write: PreparedWrite, before: Item | undefined, after: Item | undefined): Item | undefined {
  const names = write.updated ?? new Set();
  switch (wish ?? 'NONE') {
    case 'ALL_OLD':
      return before;
    case 'ALL_NEW':
      return after;
    case 'UPDATED_OLD':
      return only(before, names);
    case 'UPDATED_NEW':
      return only(after, names);
    default:
      return undefined;
  }
}

function checkReturns(wish: ReturnValues, allowed: readonly string[]): void {
  if (wish !== undefined && !allowed.includes(wish)) throw validationError(`ReturnValues can only be ${allowed.join(' or ')}`);
}

/** PutItem, GetItem, UpdateItem, DeleteItem. */
export function itemOperations({ cloud, store, capacity, expiry }: ItemParts): Operations {
  const run = async (write: PreparedWrite, input: Returns) => {
    const { before, after } = await cloud.storage.transaction(() => perform(store, write));
    expiry.noticed(write.table, after);
    const Attributes = returned(input.ReturnValues, write, before, after);
    const consumed = capacity.count('Write', write.table.name, writeUnits(before, after), input.ReturnConsumedCapacity);
    return { ...(Attributes === undefined || Object.keys(Attributes).length === 0 ? {} : { Attributes }), ...consumed };
  };
  return {
    PutItem: (input: PutInput & Returns) => {
      checkReturns(input.ReturnValues, ['ALL_OLD', 'NONE']);
      return run(preparePut(store, input), input);
    },
    DeleteItem: (input: KeyInput & Returns) => {
      checkReturns(input.ReturnValues, ['ALL_OLD', 'NONE']);
      return run(prepareDelete(store, input), input);
    },
    UpdateItem: (input: UpdateInput & Returns) => run(prepareUpdate(store, input), input),
    GetItem: (input: KeyInput & ExpressionInput & Sdk.GetItemCommandInput) => {
      const table = store.table(input.TableName);
      if (input.AttributesToGet !== undefined)
        throw validationError('The local AWS does not support the legacy parameter AttributesToGet; use an expression.');
      const { key } = keyOfRequest(table, input.Key);
      const expressions = new Expressions(input);
      const project = expressions.projection(input.ProjectionExpression);
      expressions.checkUsed();
      const item = store.get(table, key);
      const units = readUnits(item === undefined ? 0 : itemSize(item), input.ConsistentRead === true ? 1 : 0.5);
      const consumed = capacity.count('Read', table.name, units, input.ReturnConsumedCapacity);
      return { ...(item === undefined ? {} : { Item: project?.(item) ?? item }), ...consumed };
    },
  };
}
