import {
  type AttributeValue,
  type DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { PageKey, Tile, TilePage } from '../../core/windows';
import { batchGet } from './batch-get';
import { ABSENT, unchanged } from './conditional-put';

export interface TilePages {
  /** Stored pages among those asked for. */
  get(keys: readonly PageKey[]): Promise<TilePage[]>;
  /** Writes pages whose version is still the stored one. False when another writer was faster; then nothing of that batch is written. */
  put(pages: readonly TilePage[]): Promise<boolean>;
}

const MAX_PUT = 100;

/** Pages in the tile table: one item each. */
export class DynamoTilePages implements TilePages {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async get(keys: readonly PageKey[]): Promise<TilePage[]> {
    const wanted = keys.map(({ key, page }) => ({ pk: { S: key }, sk: { N: String(page) } }));
    return (await batchGet(this.client, this.tableName, wanted)).map(readPage);
  }

  async put(pages: readonly TilePage[]): Promise<boolean> {
    for (let start = 0; start < pages.length; start += MAX_PUT) {
      if (!(await this.putBatch(pages.slice(start, start + MAX_PUT)))) return false;
    }
    return true;
  }

  private async putBatch(pages: readonly TilePage[]): Promise<boolean> {
    const TransactItems = pages.map((page) => ({
      Put: {
        TableName: this.tableName,
        Item: writePage(page),
        ...(page.version === 1 ? ABSENT : unchanged({ version: page.version - 1 })),
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
