import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/** What must hold of the stored item for a write to happen. */
export interface PutCondition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
}

/** Nothing is stored under the key yet. */
export const ABSENT: PutCondition = { ConditionExpression: 'attribute_not_exists(pk)' };

/**
 * The stored item is the one that was read: attributes still have these values.
 *
 * @param before numbers by attribute name
 */
export function unchanged(before: Readonly<Record<string, number>>): PutCondition {
  const names = Object.keys(before);
  return {
    ConditionExpression: names.map((name) => `#${name} = :${name}`).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(before).map(([name, value]) => [`:${name}`, { N: String(value) }]),
    ),
  };
}

/** Writes an item if its condition holds; false when it does not, which is what a faster writer or an earlier delivery leaves. */
export async function putIf(client: DynamoDBClient, TableName: string, Item: Item, condition: PutCondition): Promise<boolean> {
  try {
    await client.send(new PutItemCommand({ TableName, Item, ...condition }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
