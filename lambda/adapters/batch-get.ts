import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Item } from './conditional-put';
import { sendAll } from './unprocessed';

/** Most keys of one call (DynamoDB BatchGetItem). */
const MAX_KEYS = 100;
const ATTEMPTS = 5;

/** Items of a table by key, read consistently; keys without one are absent. Rejects when some stay unread. */
export async function batchGet(client: DynamoDBClient, table: string, keys: readonly Item[]): Promise<Item[]> {
  const found: Item[] = [];
  await sendAll({
    items: keys,
    batchSize: MAX_KEYS,
    attempts: ATTEMPTS,
    parallel: true,
    failure: (left) => `${left} items of ${table} could not be read`,
    async send(batch) {
      const command = new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [...batch], ConsistentRead: true } } });
      const { Responses, UnprocessedKeys } = await client.send(command);
      found.push(...(Responses?.[table] ?? []));
      return UnprocessedKeys?.[table]?.Keys ?? [];
    },
  });
  return found;
}
