import type { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { batchGet } from '../../../lambda/adapters/batch-get';

const keyOf = (n: number) => ({ pk: { S: String(n) } });

test('every key is asked for once, 100 a call, and again when it was left', async () => {
  const asked: number[] = [];
  const left = new Set(['7']);
  const send = async ({ input }: BatchGetItemCommand) => {
    const keys = input.RequestItems?.t?.Keys ?? [];
    asked.push(keys.length);
    const unread = keys.filter(({ pk }) => left.delete(pk?.S ?? ''));
    const read = keys.filter((key) => !unread.includes(key));
    return { Responses: { t: read }, UnprocessedKeys: unread.length === 0 ? {} : { t: { Keys: unread } } };
  };

  const items = await batchGet(
    { send } as unknown as DynamoDBClient,
    't',
    Array.from({ length: 205 }, (_, n) => keyOf(n)),
  );

  expect(items).toHaveLength(205);
  expect(asked.toSorted((a, b) => b - a)).toEqual([100, 100, 5, 1]);
});

test('keys that stay unread are an error', async () => {
  const send = async ({ input }: BatchGetItemCommand) => ({ UnprocessedKeys: input.RequestItems });

  await expect(batchGet({ send } as unknown as DynamoDBClient, 't', [keyOf(1)])).rejects.toThrow(
    '1 items of t could not be read',
  );
});
