import { ANY, actionsOn, type Input, type Right, type Rights } from '../../iam/rights';
import type { DynamoStore } from './store';
import type { Value } from './values';

type Key = Readonly<Record<string, Value>>;

/** Rights of DynamoDB's operations. Source: Service Authorization Reference, "Amazon DynamoDB". */
export function dynamoRights(store: DynamoStore): Rights {
  const arn = (reference: string | undefined): string =>
    reference?.startsWith('arn:') === true ? reference : store.arn(reference ?? '');

  /** `dynamodb:LeadingKeys`: the partition keys that a request touches. */
  const on = (action: string, reference: string | undefined, keys: readonly (Key | undefined)[]): Right => {
    const name = arn(reference).slice(store.arn('').length);
    const partition = store.tables.get(name)?.partition.name;
    const leading =
      partition === undefined ? [] : keys.flatMap((key) => Object.values(key?.[partition] ?? {}).map((value) => String(value)));
    return {
      action: `dynamodb:${action}`,
      resource: arn(reference),
      ...(leading.length === 0 ? {} : { context: { 'dynamodb:LeadingKeys': leading } }),
    };
  };
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
      ((input.TransactItems ?? []) as Input[]).flatMap(({ Put, Update, Delete, ConditionCheck }) => [
        ...(Put === undefined ? [] : [on('PutItem', Put.TableName, [Put.Item])]),
        ...(Update === undefined ? [] : [on('UpdateItem', Update.TableName, [Update.Key])]),
        ...(Delete === undefined ? [] : [on('DeleteItem', Delete.TableName, [Delete.Key])]),
        ...(ConditionCheck === undefined ? [] : [on('ConditionCheckItem', ConditionCheck.TableName, [ConditionCheck.Key])]),
      ]),
  };
}
