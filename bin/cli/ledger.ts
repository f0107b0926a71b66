import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { type Champion, championSchema } from '../../core/promotion';
import { type LedgerEntry, ledgerEntrySchema } from '../../core/retraining';
import type { Target } from './target';

async function documents(target: Target, model: string, prefix: string): Promise<unknown[]> {
  const pages = paginateQuery(
    { client: new DynamoDBClient(target.client) },
    {
      TableName: target.names.ledgerTable,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': { S: model }, ':prefix': { S: prefix } },
      ConsistentRead: true,
    },
  );
  const found: unknown[] = [];
  for await (const page of pages) for (const item of page.Items ?? []) found.push(JSON.parse(item.document?.S ?? 'null'));
  return found;
}

/** What happened to a model, oldest first. */
export async function readLedger(target: Target, model: string): Promise<LedgerEntry[]> {
  const entries = (await documents(target, model, 'event#')).map((document) => ledgerEntrySchema.parse(document));
  return entries.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : order(a) - order(b)));
}

/** Events of one instant in the order of cause and effect. */
const ORDER: readonly LedgerEntry['event'][] = [
  'baseline-deployed',
  'drift-detected',
  'alarm',
  'retrain-decided',
  'trained',
  'evaluated',
  'refused',
  'canary-started',
  'rolled-back',
  'promoted',
];

function order(entry: LedgerEntry): number {
  return ORDER.indexOf(entry.event);
}

/** Training runs of a model, oldest first. */
export async function readRuns(target: Target, model: string): Promise<Record<string, unknown>[]> {
  return (await documents(target, model, 'run#')) as Record<string, unknown>[];
}

/** What serves now; undefined before the first deployment. */
export async function readChampion(target: Target, model: string): Promise<Champion | undefined> {
  try {
    const { Parameter } = await new SSMClient(target.client).send(
      new GetParameterCommand({ Name: target.names.championParameter(model) }),
    );
    return championSchema.parse(JSON.parse(Parameter?.Value ?? ''));
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}
