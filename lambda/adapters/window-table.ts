import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Model } from '../../core/definition';
import { emptyWindow, parseWindow, type WindowState } from '../../core/monitoring';
import { batchGet } from './batch-get';
import { ABSENT, type Item, putIf, unchanged } from './conditional-put';
import { sendAll } from './unprocessed';

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
const MAX_WRITE = 25;
const ATTEMPTS = 5;

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
    return putIf(this.client, this.tableName, Item, itemVersion === 0 ? ABSENT : unchanged({ itemVersion }));
  }

  async putPredictions(predictions: readonly WaitingPrediction[], expires: number): Promise<void> {
    await sendAll<WriteRequest>({
      items: predictions.map((prediction) => ({
        PutRequest: {
          Item: { ...predictionKey(prediction.id), document: { S: JSON.stringify(prediction) }, expires: { N: String(expires) } },
        },
      })),
      batchSize: MAX_WRITE,
      attempts: ATTEMPTS,
      parallel: true,
      failure: (left) => `${left} predictions could not be kept`,
      send: (batch) => this.write(batch),
    });
  }

  async predictions(ids: readonly string[]): Promise<ReadonlyMap<string, WaitingPrediction>> {
    const items = await batchGet(this.client, this.tableName, [...new Set(ids)].map(predictionKey));
    const predictions = items.map((item) => waitingPredictionSchema.parse(JSON.parse(item.document?.S ?? '{}')));
    return new Map(predictions.map((prediction) => [prediction.id, prediction]));
  }

  private async write(batch: readonly WriteRequest[]): Promise<WriteRequest[]> {
    const answer = await this.client.send(new BatchWriteItemCommand({ RequestItems: { [this.tableName]: [...batch] } }));
    return answer.UnprocessedItems?.[this.tableName] ?? [];
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
