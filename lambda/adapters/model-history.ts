import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { type Lease, type LedgerEntry, leaseSchema, ledgerEntrySchema, runSchema } from '../../core/retraining';
import { ABSENT, type Item, putIf, unchanged } from './conditional-put';

/** A training run and what it was for. */
export const modelRunSchema = runSchema.extend({
  execution: z.string(),
  reason: z.string(),
  /** Fencing token of the lease that the run was started under. */
  token: z.int(),
});
export type ModelRun = z.infer<typeof modelRunSchema>;

/** A challenger that is being rolled out. */
export const rolloutSchema = z.object({
  version: z.string(),
  modelPackageArn: z.string(),
  modelDataUrl: z.string(),
  digest: z.string(),
  endpointConfigName: z.string(),
  previousConfigName: z.string(),
  execution: z.string().optional(),
  startedAt: z.number(),
  metrics: z.record(z.string(), z.number()),
});
export type Rollout = z.infer<typeof rolloutSchema>;

/** What happened to models, and what is under way. */
export interface ModelHistory {
  /** Adds an entry once per `id`: a repeated delivery adds nothing. */
  append(entry: LedgerEntry, id: string): Promise<void>;
  lease(model: string): Promise<Lease | undefined>;
  /** Stores a lease if the stored one still is `before`; false when another holder was faster. */
  putLease(model: string, lease: Lease, before: Lease | undefined): Promise<boolean>;
  runs(model: string): Promise<ModelRun[]>;
  putRun(model: string, run: ModelRun): Promise<void>;
  rollout(model: string): Promise<Rollout | undefined>;
  putRollout(model: string, rollout: Rollout): Promise<void>;
  removeRollout(model: string): Promise<void>;
}

const LEASE = 'lease';
const ROLLOUT = 'rollout';

/** One partition per model: `event#<id>`, `run#<startedAt>`, `lease`, `rollout`. */
export class DynamoModelHistory implements ModelHistory {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async append(entry: LedgerEntry, id: string): Promise<void> {
    const document = JSON.stringify(ledgerEntrySchema.parse(entry));
    // The key is the id alone, so that a second delivery at another instant is the same entry.
    await putIf(this.client, this.tableName, { ...keyOf(entry.model, `event#${id}`), document: { S: document } }, ABSENT);
  }

  async lease(model: string): Promise<Lease | undefined> {
    const text = await this.document(model, LEASE);
    return text === undefined ? undefined : leaseSchema.parse(JSON.parse(text));
  }

  putLease(model: string, lease: Lease, before: Lease | undefined): Promise<boolean> {
    const Item = {
      ...documentItem(model, LEASE, lease),
      token: { N: String(lease.token) },
      expiresAt: { N: String(lease.expiresAt) },
    };
    const condition = before === undefined ? ABSENT : unchanged({ token: before.token, expiresAt: before.expiresAt });
    return putIf(this.client, this.tableName, Item, condition);
  }

  async runs(model: string): Promise<ModelRun[]> {
    const documents = await this.documents(model, 'run#');
    return documents.map((text) => modelRunSchema.parse(JSON.parse(text)));
  }

  async putRun(model: string, run: ModelRun): Promise<void> {
    const sk = `run#${new Date(run.startedAt).toISOString()}`;
    await this.client.send(new PutItemCommand({ TableName: this.tableName, Item: documentItem(model, sk, run) }));
  }

  async rollout(model: string): Promise<Rollout | undefined> {
    const text = await this.document(model, ROLLOUT);
    return text === undefined ? undefined : rolloutSchema.parse(JSON.parse(text));
  }

  async putRollout(model: string, rollout: Rollout): Promise<void> {
    await this.client.send(new PutItemCommand({ TableName: this.tableName, Item: documentItem(model, ROLLOUT, rollout) }));
  }

  async removeRollout(model: string): Promise<void> {
    await this.client.send(new DeleteItemCommand({ TableName: this.tableName, Key: keyOf(model, ROLLOUT) }));
  }

  private async document(model: string, sk: string): Promise<string | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.tableName, Key: keyOf(model, sk), ConsistentRead: true }),
    );
    return Item?.document?.S;
  }

  private async documents(model: string, prefix: string): Promise<string[]> {
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': { S: model }, ':prefix': { S: prefix } },
        ConsistentRead: true,
      },
    );
    const documents: string[] = [];
    for await (const page of pages)
      for (const item of page.Items ?? []) if (item.document?.S !== undefined) documents.push(item.document.S);
    return documents;
  }
}

function keyOf(model: string, sk: string): Item {
  return { pk: { S: model }, sk: { S: sk } };
}

function documentItem(model: string, sk: string, document: object): Item {
  return { ...keyOf(model, sk), document: { S: JSON.stringify(document) } };
}
