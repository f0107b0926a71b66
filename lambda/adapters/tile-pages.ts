import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Tile } from '../../core/windows';

/** Tiles of one entity for one span of time: as many tiles as the group's largest window holds. */
export interface TilePage {
  /** `<group>#<entity>`. */
  readonly key: string;
  readonly page: number;
  readonly tiles: readonly Tile[];
  /** Grows by one with each write; 0 = not stored yet. */
  readonly version: number;
  /** Seconds since 1970 after which the page is of no use. */
  readonly expires: number;
}

export interface TilePages {
  /** Stored pages among those asked for. */
  get(keys: readonly Pick<TilePage, 'key' | 'page'>[]): Promise<TilePage[]>;
  /** Writes pages whose version is still the stored one. False when another writer was faster; then nothing of that batch is written. */
  put(pages: readonly TilePage[]): Promise<boolean>;
}

const MAX_GET = 100;
const MAX_PUT = 100;
const ATTEMPTS = 5;

/** Pages in the tile table: one item each. */
export class DynamoTilePages implements TilePages {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async get(keys: readonly Pick<TilePage, 'key' | 'page'>[]): Promise<TilePage[]> {
    const batches: Record<string, AttributeValue>[][] = [];
    for (let start = 0; start < keys.length; start += MAX_GET)
      batches.push(keys.slice(start, start + MAX_GET).map(({ key, page }) => ({ pk: { S: key }, sk: { N: String(page) } })));
    return (await Promise.all(batches.map((batch) => this.getBatch(batch)))).flat();
  }

  async put(pages: readonly TilePage[]): Promise<boolean> {
    for (let start = 0; start < pages.length; start += MAX_PUT) {
      if (!(await this.putBatch(pages.slice(start, start + MAX_PUT)))) return false;
    }
    return true;
  }

  private async getBatch(batch: Record<string, AttributeValue>[]): Promise<TilePage[]> {
    const pages: TilePage[] = [];
    let keys = batch;
    for (let attempt = 0; attempt < ATTEMPTS && keys.length > 0; attempt += 1) {
      const answer = await this.client.send(
        new BatchGetItemCommand({ RequestItems: { [this.tableName]: { Keys: keys, ConsistentRead: true } } }),
      );
      pages.push(...(answer.Responses?.[this.tableName] ?? []).map(readPage));
      keys = (answer.UnprocessedKeys?.[this.tableName]?.Keys ?? []) as Record<string, AttributeValue>[];
    }
    if (keys.length > 0) throw new Error(`${keys.length} tile pages could not be read`);
    return pages;
  }

  private async putBatch(pages: readonly TilePage[]): Promise<boolean> {
    const TransactItems = pages.map((page) => ({
      Put: {
        TableName: this.tableName,
        Item: writePage(page),
        ...(page.version === 1
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'version = :before',
              ExpressionAttributeValues: { ':before': { N: String(page.version - 1) } },
            }),
      },
    }));
    try {
      await this.client.send(new TransactWriteItemsCommand({ TransactItems }));
      return true;
    } catch (error) {
      if (error instanceof TransactionCanceledException) return false;
      throw error;
    }
  }
}

function readPage(item: Record<string, AttributeValue>): TilePage {
  return {
    key: item.pk?.S ?? '',
    page: Number(item.sk?.N),
    tiles: JSON.parse(item.tiles?.S ?? '[]') as Tile[],
    version: Number(item.version?.N),
    expires: Number(item.expires?.N),
  };
}

function writePage(page: TilePage): Record<string, AttributeValue> {
  return {
    pk: { S: page.key },
    sk: { N: String(page.page) },
    tiles: { S: JSON.stringify(page.tiles) },
    version: { N: String(page.version) },
    expires: { N: String(page.expires) },
  };
}
