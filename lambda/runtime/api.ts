import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import {
  findRoute,
  PROBLEM_MEDIA_TYPE,
  PROBLEMS,
  type ProblemCode,
  problemDetails,
  type Route,
  type Violation,
} from '../../core/api';
import type { Scope } from '../../core/definition';
import { hasScopes } from '../../core/tokens';
import type { Log } from './observability';

/** A request that has passed the authorizer and holds the scope of its route. */
export interface ApiCall {
  readonly route: Route;
  readonly requestId: string;
  /** Name of the consumer; empty on open routes. */
  readonly consumer: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: string;
  readonly contentType: string | undefined;
  /** Base address of the API as the caller used it. */
  readonly server: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: object;
}

/** A foreseen failure, answered as problem+json. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly violations: readonly Violation[] = [],
    /** Seconds after which a retry may help. */
    readonly retryAfter?: number,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${detail}`, options);
  }
}

const RETRY_SECONDS = 5;

/** For `catch`: a part of the platform failed, which may be well again at a retry. The cause is logged and not told. */
export function unavailable(detail: string): (cause: unknown) => never {
  return (cause) => {
    throw new ApiProblem('unavailable', detail, [], RETRY_SECONDS, { cause });
  };
}

export interface ApiOptions {
  /** Name of a scope in tokens. */
  readonly scopeName: (scope: Scope) => string;
  readonly corsOrigins: readonly string[];
  readonly log: Log;
  run(call: ApiCall): Promise<ApiAnswer>;
}

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;
const SECURITY_HEADERS = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;

export type ApiHandler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/** Wraps an operation: request id, scope, problem+json for every failure, security headers. */
export function apiHandler(options: ApiOptions): ApiHandler {
  return async (event) => {
    const requestId = requestIdOf(event);
    const headers = { ...SECURITY_HEADERS, 'x-request-id': requestId, ...corsHeaders(event, options.corsOrigins) };
    try {
      const { status, body } = await options.run(callOf(event, requestId, options.scopeName));
      return { statusCode: status, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : unexpected(error, requestId, options.log);
      if (problem.cause !== undefined) options.log.error(problem.detail, { requestId, error: asError(problem.cause) });
      return problemAnswer(problem, event.path, requestId, headers);
    }
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function unexpected(error: unknown, requestId: string, log: Log): ApiProblem {
  log.error('unexpected failure', { requestId, error: asError(error) });
  return new ApiProblem('internal', 'the failure was logged under the request id');
}

function problemAnswer(
  problem: ApiProblem,
  path: string,
  requestId: string,
  headers: Record<string, string>,
): APIGatewayProxyResult {
  const { code, detail, violations, retryAfter } = problem;
  const body = problemDetails(code, { detail, instance: path, requestId, ...(violations.length > 0 ? { violations } : {}) });
  return {
    statusCode: PROBLEMS[code].status,
    headers: {
      ...headers,
      'content-type': PROBLEM_MEDIA_TYPE,
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      ...(code === 'insufficient_scope' ? { 'www-authenticate': `Bearer error="insufficient_scope"` } : {}),
    },
    body: JSON.stringify(body),
  };
}

function callOf(event: APIGatewayProxyEvent, requestId: string, scopeName: (scope: Scope) => string): ApiCall {
  const route = findRoute(event.httpMethod, event.resource);
  if (route === undefined) throw new ApiProblem('not_found', `no route ${event.httpMethod} ${event.path}`);
  const context = event.requestContext.authorizer ?? {};
  const granted = String(context.scopes ?? '').split(' ');
  if (route.scope !== null && !hasScopes(granted, [scopeName(route.scope)]))
    throw new ApiProblem('insufficient_scope', `needs the scope ${scopeName(route.scope)}`);
  return {
    route,
    requestId,
    consumer: String(context.consumer ?? ''),
    parameters: Object.fromEntries(Object.entries(event.pathParameters ?? {}).map(([name, value]) => [name, value ?? ''])),
    body: event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : (event.body ?? ''),
    contentType: header(event, 'content-type'),
    server: serverOf(event),
  };
}

function serverOf(event: APIGatewayProxyEvent): string {
  const host = header(event, 'host') ?? event.requestContext.domainName ?? '';
  const scheme = header(event, 'x-forwarded-proto') ?? 'https';
  const prefix = header(event, 'x-forwarded-prefix');
  if (prefix !== undefined) return `${scheme}://${host}${prefix}`;
  const full = event.requestContext.path;
  const base = full.endsWith(event.path) ? full.slice(0, full.length - event.path.length) : '';
  return `${scheme}://${host}${base}`;
}

function header(event: APIGatewayProxyEvent, name: string): string | undefined {
  const found = Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return found?.[1];
}

function requestIdOf(event: APIGatewayProxyEvent): string {
  const given = header(event, 'x-request-id');
  return given !== undefined && REQUEST_ID.test(given) ? given : (event.requestContext.requestId ?? randomUUID());
}

function corsHeaders(event: APIGatewayProxyEvent, origins: readonly string[]): Record<string, string> {
  const origin = header(event, 'origin');
  return origin !== undefined && origins.includes(origin) ? { 'access-control-allow-origin': origin, vary: 'origin' } : {};
}
