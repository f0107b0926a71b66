import { ANY, actionsOn, type Input, type Right, type Rights } from '../../iam/rights';
import type { DynamoStore } from './store';
import type { Value } from './values';

type Key = Readonly<Record<string, Value>>;

/** `dynamodb:LeadingKeys`: the partition keys that a request touches. */
function rightOn(store: DynamoStore, action: string, table: string, keys: readonly (Key | undefined)[]): Right {
  const name = table.slice(store.arn('').length);
  const partition = store.tables.get(name)?.partition.name;
  const leading =
    partition === undefined ? [] : keys.flatMap((key) => Object.values(key?.[partition] ?? {}).map((value) => String(value)));
  return {
    action: `dynamodb:${action}`,
    resource: table,
    ...(leading.length === 0 ? {} : { context: { 'dynamodb:LeadingKeys': leading } }),
  };
}

/** Writes of a transaction, each with its action. */
function transactWrites(items: readonly Input[]): [string, Input, Key | undefined][] {
  return items.flatMap(({ Put, Update, Delete, ConditionCheck }) => [
    ...(Put === undefined ? [] : [['PutItem', Put, Put.Item] as [string, Input, Key]]),
    ...(Update === undefined ? [] : [['UpdateItem', Update, Update.Key] as [string, Input, Key]]),
    ...(Delete === undefined ? [] : [['DeleteItem', Delete, Delete.Key] as [string, Input, Key]]),
    ...(ConditionCheck === undefined ? [] : [['ConditionCheckItem', ConditionCheck, ConditionCheck.Key] as [string, Input, Key]]),
  ]);
}

/** Rights of DynamoDB's operations. Source: Service Authorization Reference, "Amazon DynamoDB". */
export function dynamoRights(store: DynamoStore): Rights {
  const arn = (reference: string | undefined): string =>
    reference?.startsWith('arn:') === true ? reference : store.arn(reference ?? '');

  const on = (action: string, reference: string | undefined, keys: readonly (Key | undefined)[]) =>
    rightOn(store, action, arn(reference), keys);
  const queried = (operation: string) => (input: Input) => {
    const right = on(operation, input.TableName, []);
    return [input.IndexName === undefined ? right : { ...right, resource: `${right.resource}/index/${input.IndexName}` }];
  };

  return {
    ...actionsOn('dynamodb', [
      [
        `CreateTable DescribeTable UpdateTable DeleteTable UpdateTimeToLive DescribeTimeToLive UpdateContinuousBackups
         DescribeContinuousBackups`,
        ({ TableName }: Input) => arn(TableName),
      ],
      ['TagResource UntagResource ListTagsOfResource', ({ ResourceArn }: Input) => ResourceArn],
      ['ListTables', ANY],
    ]),
    PutItem: (input) => [on('PutItem', input.TableName, [input.Item])],
    DeleteItem: (input) => [on('DeleteItem', input.TableName, [input.Key])],
    UpdateItem: (input) => [on('UpdateItem', input.TableName, [input.Key])],
    GetItem: (input) => [on('GetItem', input.TableName, [input.Key])],
    Query: queried('Query'),
    Scan: queried('Scan'),
    BatchGetItem: (input) =>
      Object.entries((input.RequestItems ?? {}) as Record<string, { Keys?: Key[] }>).map(([table, { Keys }]) =>
        on('BatchGetItem', table, Keys ?? []),
      ),
    BatchWriteItem: (input) =>
      Object.entries((input.RequestItems ?? {}) as Record<string, Input[]>).map(([table, requests]) =>
        on(
          'BatchWriteItem',
          table,
          requests.map((request) => request.PutRequest?.Item ?? request.DeleteRequest?.Key),
        ),
      ),
    TransactGetItems: (input) =>
      ((input.TransactItems ?? []) as Input[]).map(({ Get }) => on('GetItem', Get?.TableName, [Get?.Key])),
    TransactWriteItems: (input) =>
      transactWrites((input.TransactItems ?? []) as Input[]).map(([action, item, key]) => on(action, item.TableName, [key])),
  };
}
