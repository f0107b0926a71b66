import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Model } from '../../core/definition';
import { emptyWindow, parseWindow, type WindowState } from '../../core/monitoring';

/** A prediction that waits for its outcome. */
export const waitingPredictionSchema = z.object({
  id: z.string(),
  version: z.string(),
  /** Of the model's task. */
  prediction: z.unknown(),
  /** Position of the outcome that was joined, `<shard>/<sequence>`; empty = none yet. */
  joinedBy: z.string(),
});
export type WaitingPrediction = z.infer<typeof waitingPredictionSchema>;

/** A window with the version of its item, which grows with each write. */
export interface StoredWindow {
  readonly state: WindowState;
  readonly itemVersion: number;
  readonly published: boolean;
}

export interface WindowTable {
  window(model: Model, version: string, start: number): Promise<StoredWindow>;
  /** Windows of a model that began at or after an instant. */
  windowsSince(model: Model, start: number): Promise<StoredWindow[]>;
  /** Stores a window; false when another writer was faster. */
  putWindow(window: StoredWindow): Promise<boolean>;
  putPredictions(predictions: readonly WaitingPrediction[], expires: number): Promise<void>;
  predictions(ids: readonly string[]): Promise<ReadonlyMap<string, WaitingPrediction>>;
}

const DAY_SECONDS = 86_400;
const KEEP_SECONDS = 90 * DAY_SECONDS;
const MAX_GET = 100;
const MAX_WRITE = 25;
const ATTEMPTS = 5;

type Item = Record<string, AttributeValue>;

/** `window#<model>` / `<start>#<version>` and `prediction#<id>` / `-` in the monitoring table. */
export class DynamoWindowTable implements WindowTable {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async window(model: Model, version: string, start: number): Promise<StoredWindow> {
    const Key = windowKey(model.name, version, start);
    const { Item } = await this.client.send(new GetItemCommand({ TableName: this.tableName, Key, ConsistentRead: true }));
    return Item === undefined
      ? { state: emptyWindow(model, version, start), itemVersion: 0, published: false }
      : readWindow(model, Item);
  }

  async windowsSince(model: Model, start: number): Promise<StoredWindow[]> {
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.tableName,
        KeyConditionExpression: 'pk = :pk AND sk >= :from',
        ExpressionAttributeValues: { ':pk': { S: `window#${model.name}` }, ':from': { S: new Date(start).toISOString() } },
        ConsistentRead: true,
      },
    );
    const windows: StoredWindow[] = [];
    for await (const page of pages) windows.push(...(page.Items ?? []).map((item) => readWindow(model, item)));
    return windows;
  }

  async putWindow({ state, itemVersion, published }: StoredWindow): Promise<boolean> {
    const Item = {
      ...windowKey(state.model, state.version, state.start),
      document: { S: JSON.stringify(state) },
      itemVersion: { N: String(itemVersion + 1) },
      published: { BOOL: published },
      expires: { N: String(Math.ceil(state.start / 1000) + KEEP_SECONDS) },
    };
    const condition =
      itemVersion === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'itemVersion = :before', ExpressionAttributeValues: { ':before': { N: String(itemVersion) } } };
    try {
      await this.client.send(new PutItemCommand({ TableName: this.tableName, Item, ...condition }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async putPredictions(predictions: readonly WaitingPrediction[], expires: number): Promise<void> {
    const writes = predictions.map((prediction) => ({
      PutRequest: {
        Item: { ...predictionKey(prediction.id), document: { S: JSON.stringify(prediction) }, expires: { N: String(expires) } },
      },
    }));
    const batches: WriteRequest[][] = [];
    for (let start = 0; start < writes.length; start += MAX_WRITE) batches.push(writes.slice(start, start + MAX_WRITE));
    await Promise.all(batches.map((batch) => this.write(batch)));
  }

  async predictions(ids: readonly string[]): Promise<ReadonlyMap<string, WaitingPrediction>> {
    const unique = [...new Set(ids)];
    const found = new Map<string, WaitingPrediction>();
    for (let start = 0; start < unique.length; start += MAX_GET) {
      for (const item of await this.read(unique.slice(start, start + MAX_GET).map(predictionKey))) {
        const prediction = waitingPredictionSchema.parse(JSON.parse(item.document?.S ?? '{}'));
        found.set(prediction.id, prediction);
      }
    }
    return found;
  }

  private async write(batch: WriteRequest[]): Promise<void> {
    let waiting = batch;
    for (let attempt = 0; attempt < ATTEMPTS && waiting.length > 0; attempt += 1) {
      const answer = await this.client.send(new BatchWriteItemCommand({ RequestItems: { [this.tableName]: waiting } }));
      waiting = answer.UnprocessedItems?.[this.tableName] ?? [];
    }
    if (waiting.length > 0) throw new Error(`${waiting.length} predictions could not be kept`);
  }

  private async read(keys: Item[]): Promise<Item[]> {
    const items: Item[] = [];
    let waiting: Item[] = keys;
    for (let attempt = 0; attempt < ATTEMPTS && waiting.length > 0; attempt += 1) {
      const answer = await this.client.send(
        new BatchGetItemCommand({ RequestItems: { [this.tableName]: { Keys: waiting, ConsistentRead: true } } }),
      );
      items.push(...(answer.Responses?.[this.tableName] ?? []));
      waiting = (answer.UnprocessedKeys?.[this.tableName]?.Keys ?? []) as Item[];
    }
    if (waiting.length > 0) throw new Error(`${waiting.length} predictions could not be read`);
    return items;
  }
}

function windowKey(model: string, version: string, start: number): Item {
  return { pk: { S: `window#${model}` }, sk: { S: `${new Date(start).toISOString()}#${version}` } };
}

function predictionKey(id: string): Item {
  return { pk: { S: `prediction#${id}` }, sk: { S: '-' } };
}

function readWindow(model: Model, item: Item): StoredWindow {
  return {
    state: parseWindow(model, JSON.parse(item.document?.S ?? '{}')),
    itemVersion: Number(item.itemVersion?.N),
    published: item.published?.BOOL === true,
  };
}
