import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { LocalCloud } from '../../../src/server';

export const TableName = 'tiles';
export const key = (pk: string, sk: number | string) => ({ pk: { S: pk }, sk: { N: String(sk) } });

const CREATE = new CreateTableCommand({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'N' },
    { AttributeName: 'city', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-city',
      KeySchema: [
        { AttributeName: 'city', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
});

/** A table with a sort key and a global index, in a local AWS of its own. */
export class TilesTable {
  private readonly stateDir = mkdtempSync(join(tmpdir(), 'dynamodb-'));
  private running: { readonly cloud: LocalCloud; readonly client: DynamoDBClient } | undefined;

  async create(): Promise<void> {
    await this.open();
    await this.client.send(CREATE);
  }

  async open(): Promise<void> {
    const cloud = await LocalCloud.start({ stateDir: this.stateDir, startAt: Date.UTC(2030, 0, 1) });
    const credentials = await cloud.identities.root();
    const client = new DynamoDBClient({ region: cloud.region, endpoint: cloud.endpoint, credentials, maxAttempts: 1 });
    this.running = { cloud, client };
  }

  async close(): Promise<void> {
    this.client.destroy();
    await this.cloud.stop();
  }

  async remove(): Promise<void> {
    await this.close();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  get cloud(): LocalCloud {
    return this.now.cloud;
  }

  get client(): DynamoDBClient {
    return this.now.client;
  }

  async get(pk: string, sk: number) {
    return (await this.client.send(new GetItemCommand({ TableName, Key: key(pk, sk), ConsistentRead: true }))).Item;
  }

  put(pk: string, sk: number | string, item: object = {}) {
    return this.client.send(new PutItemCommand({ TableName, Item: { ...key(pk, sk), ...item } }));
  }

  update(pk: string, sk: number, UpdateExpression: string, changes: Partial<UpdateItemCommandInput> = {}) {
    return this.client.send(new UpdateItemCommand({ TableName, Key: key(pk, sk), UpdateExpression, ...changes }));
  }

  query(KeyConditionExpression: string, values: object, changes: Partial<QueryCommandInput> = {}) {
    const ExpressionAttributeValues = values as never;
    return this.client.send(new QueryCommand({ TableName, KeyConditionExpression, ExpressionAttributeValues, ...changes }));
  }

  private get now() {
    if (this.running === undefined) throw new Error('the table is not open');
    return this.running;
  }
}
