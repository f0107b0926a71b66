import { eventsRequestSchema, readBody } from '../../core/api';
import { findSource, type Platform, type Source } from '../../core/definition';
import { once } from '../../core/once';
import type { EventStream } from '../adapters/event-stream';
import { type ApiAnswer, type ApiCall, ApiProblem, unavailable } from '../runtime/api';

export interface EventsDependencies {
  readonly platform: Platform;
  readonly stream: (source: string) => EventStream;
  readonly now: () => number;
}

/** `POST /v1/events/{source}`: all events or none are taken. */
export function makeEvents({ platform, stream, now }: EventsDependencies): (call: ApiCall) => Promise<ApiAnswer> {
  const schemaOf = once((source: Source) => eventsRequestSchema(source, now));
  return async (call) => {
    const name = call.parameters.source ?? '';
    const source = findSource(platform, name);
    if (source === undefined) throw new ApiProblem('not_found', `no source '${name}'`);
    const body = readBody(schemaOf(source), call.body, call.contentType);
    if (!body.ok) throw new ApiProblem(body.code, body.detail, body.violations);
    await stream(name)
      .put(body.value.events.map((data) => ({ partitionKey: String(data[source.partitionKey]), data })))
      .catch(unavailable('events cannot be taken'));
    return { status: 202, body: { accepted: body.value.events.length, request_id: call.requestId } };
  };
}
