import { MAX_EVENTS } from '../../core/api';
import type { ApiClient } from './api-client';
import { exampleFiles, exampleRows, loadHistory, type Span } from './example-data';
import { Failure } from './failure';
import { invokeFunction } from './functions';
import { readChampion } from './ledger';
import type { Target } from './target';
import { waitForOutcome, waitForRun } from './waiting';

const DAY_MS = 86_400_000;
const FED_SOURCES = ['departures', 'weather'] as const;

/** Loads the history before an instant into the lake, and the last day of it through the stream, so that features are fresh. */
export async function loadExample(target: Target, client: ApiClient, span: Span): Promise<void> {
  await loadHistory(target, span);
  const lastDay = new Date(Date.parse(span.to) - DAY_MS).toISOString().slice(0, 10);
  const folder = exampleFiles({ from: lastDay, to: span.to }, 'jsonl');
  for (const source of FED_SOURCES) {
    const events: object[] = [];
    for await (const row of exampleRows<object>(folder, source)) events.push(row);
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
