import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { CompiledExchange } from './compile';
import { type GatewayFailure, RESPONSE_TYPES } from './response-types';

/** What goes back to the client. */
export interface Answer {
  readonly status: number;
  /** By name as sent; a list is sent as several headers. */
  readonly headers: Record<string, string | string[]>;
  readonly body: Buffer | string;
}

function typeFor(accept: string | undefined, types: readonly string[]): string | undefined {
  const accepted = (accept ?? '').split(',').map((part) => part.split(';')[0]?.trim().toLowerCase());
  return types.find((type) => accepted.includes(type)) ?? types.find((type) => type === 'application/json') ?? types[0];
}

/** The answer to a request that the gateway refuses: the API's gateway response of the type, else the class's, else AWS's. */
export function gatewayAnswer(exchange: CompiledExchange, failure: GatewayFailure): Answer {
  const kind = RESPONSE_TYPES[failure.type];
  const own = failure.options.status ?? kind?.status ?? 500;
  const { responses } = exchange.stage;
  const fallback = responses.get(own < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const custom = responses.get(failure.type) ?? fallback;
  const status = Number(custom?.record.statusCode ?? fallback?.record.statusCode ?? own);
  const { text, type, options } = failure;
  exchange.failure = { type, message: text, validation: options.validation };
  exchange.status = status;
  const headers: Answer['headers'] = { 'x-amzn-ErrorType': kind?.error ?? 'InternalServerErrorException' };
  const contentType = custom === undefined ? undefined : typeFor(exchange.header('accept'), [...custom.templates.keys()]);
  const template = contentType === undefined ? undefined : custom?.templates.get(contentType);
  headers['Content-Type'] = contentType ?? 'application/json';
  for (const [name, read] of custom?.headers ?? []) {
    const value = read(exchange);
    if (value !== undefined && value !== null) setHeader(headers, name, String(value));
  }
  const body = template === undefined ? JSON.stringify({ [options.member ?? 'message']: text }) : template.render(exchange, '');
  return { status, headers, body };
}

/** Sets a header over one of the same name in other letters. */
export function setHeader(headers: Answer['headers'], name: string, value: string | string[]): void {
  const lower = name.toLowerCase();
  for (const known of Object.keys(headers)) if (known !== name && known.toLowerCase() === lower) delete headers[known];
  headers[name] = value;
}

function compressed(exchange: CompiledExchange, answer: Answer): Buffer | undefined {
  const least = exchange.stage.api.minimumCompressionSize;
  if (least === undefined || Buffer.byteLength(answer.body) < least) return undefined;
  return /\bgzip\b/.test(exchange.header('accept-encoding') ?? '') ? gzipSync(answer.body) : undefined;
}

/** Sends an answer with the headers that API Gateway adds, compressed if the API says so and the client takes it. */
export function send(exchange: CompiledExchange, response: ServerResponse, answer: Answer): void {
  const { headers, status } = answer;
  const zipped = compressed(exchange, answer);
  if (zipped !== undefined) setHeader(headers, 'Content-Encoding', 'gzip');
  // Text stays text: Node sends it with the headers in one write.
  const body = zipped ?? answer.body;
  headers['x-amzn-RequestId'] = exchange.requestId;
  headers['x-amz-apigw-id'] = exchange.extendedRequestId;
  headers['X-Amzn-Trace-Id'] = exchange.traceId;
  exchange.status = status;
  exchange.responseLength = Buffer.byteLength(body);
  if (status !== 204 && status !== 304) headers['Content-Length'] = String(exchange.responseLength);
  response.writeHead(status, headers);
  if (exchange.method === 'HEAD') response.end();
  else response.end(body);
}
