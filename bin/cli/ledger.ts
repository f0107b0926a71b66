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
  return inOrder(entries);
}

/** Oldest first; what happened at one instant (a clock that stands still) by run, the older run first, then cause before effect. */
export function inOrder(entries: readonly LedgerEntry[]): LedgerEntry[] {
  const began = new Map<string, string>();
  for (const { at, execution = '' } of entries) if (at < (began.get(execution) ?? '~')) began.set(execution, at);
  const start = ({ at, execution }: LedgerEntry): string => (execution === undefined ? at : (began.get(execution) ?? at));
  return entries.toSorted((a, b) => compare(a.at, b.at) || compare(start(a), start(b)) || order(a) - order(b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
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
