import { MAX_EVENTS } from '../../core/api';
import { apiClient, consumerWith } from './consumers';
import { Failure } from './failure';
import { invokeFunction } from './functions';
import { readChampion } from './ledger';
import { loadHistory, recordedFiles, recordedRows, type Span } from './recorded-events';
import type { Target } from './target';
import { waitForOutcome, waitForRun } from './waiting';

const DAY_MS = 86_400_000;

/** Loads the history before an instant into the lake, and the last day of it through the stream, so that features are fresh. */
export async function loadRecorded(target: Target, span: Span): Promise<void> {
  await loadHistory(target, span);
  const lastDay = new Date(Date.parse(span.to) - DAY_MS).toISOString().slice(0, 10);
  const folder = recordedFiles(target, { from: lastDay, to: span.to }, 'jsonl');
  const client = await apiClient(target, consumerWith(target, 'events:write').name);
  for (const source of new Set(target.platform.featureGroups.map((group) => group.source))) {
    const events: object[] = [];
    for await (const row of recordedRows<object>(folder, source)) events.push(row);
    for (let start = 0; start < events.length; start += MAX_EVENTS)
      await client.send('POST', `/v1/events/${source}`, { events: events.slice(start, start + MAX_EVENTS) });
  }
}

/** Trains the first model and waits until it serves; nothing when a trained champion is there. Throws Failure when it was not promoted. */
export async function trainFirst(target: Target, model: string): Promise<void> {
  const champion = await readChampion(target, model);
  if (champion !== undefined && champion.version !== '0') return;
  const decision = (await invokeFunction(target, 'retrain', { model, trigger: 'initial', id: `initial-${model}` })) as {
    reason: string;
    execution?: string;
  };
  if (decision.execution === undefined) throw new Failure(`the first training was refused: ${decision.reason}`);
  const status = await waitForRun(target, decision.execution);
  const outcome = await waitForOutcome(target, model, decision.execution);
  if (outcome !== 'promoted')
    throw new Failure(`the first training ended ${status}, ${outcome}`, 1, `npx slipway models show ${model} tells why.`);
}
