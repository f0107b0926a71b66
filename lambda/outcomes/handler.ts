import { outcomesRequestSchema, parsePredictionId, readBody } from '../../core/api';
import { findConsumer, type Platform } from '../../core/definition';
import type { OutcomeEntry } from '../../core/serving';
import type { EventStream } from '../adapters/event-stream';
import { type ApiAnswer, type ApiCall, ApiProblem, unavailable } from '../runtime/api';

export interface OutcomesDependencies {
  readonly platform: Platform;
  readonly log: EventStream;
  readonly now: () => number;
}

/** `POST /v1/outcomes`: what happened goes where the predictions went, in the same partition. */
export function makeOutcomes({ platform, log, now }: OutcomesDependencies): (call: ApiCall) => Promise<ApiAnswer> {
  const schema = outcomesRequestSchema(now);
  return async (call) => {
    const body = readBody(schema, call.body, call.contentType);
    if (!body.ok) throw new ApiProblem(body.code, body.detail, body.violations);
    const models = findConsumer(platform, call.consumer)?.models ?? [];
    const entries = body.value.outcomes.map((outcome): OutcomeEntry => {
      const model = parsePredictionId(outcome.prediction_id)?.model ?? '';
      return {
        type: 'outcome',
        prediction_id: outcome.prediction_id,
        model,
        consumer: call.consumer,
        request_id: call.requestId,
        occurred_at: outcome.occurred_at,
        actual: outcome.value,
      };
    });
    const foreign = entries.find(({ model }) => !models.includes(model));
    if (foreign !== undefined) throw new ApiProblem('not_found', `no prediction '${foreign.prediction_id}'`);
    await log
      .put(entries.map((data) => ({ partitionKey: data.prediction_id, data })))
      .catch(unavailable('outcomes cannot be taken'));
    return { status: 202, body: { accepted: entries.length, request_id: call.requestId } };
  };
}
