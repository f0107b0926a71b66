import type { TokenReason } from '../tokens';

/** Every failure that the API answers: HTTP status and title. The only table of codes. */
export const PROBLEMS = {
  invalid_json: { status: 400, title: 'The body is not acceptable JSON' },
  invalid_request: { status: 400, title: 'The request is malformed' },
  missing_token: { status: 401, title: 'A bearer token is needed' },
  invalid_token: { status: 401, title: 'The token is malformed' },
  invalid_claims: { status: 401, title: 'The token is not meant for this API' },
  token_expired: { status: 401, title: 'The token has expired' },
  invalid_signature: { status: 401, title: 'The token is not genuine' },
  insufficient_scope: { status: 403, title: 'The token lacks a scope' },
  forbidden: { status: 403, title: 'The caller may not do this' },
  not_found: { status: 404, title: 'There is no such resource' },
  method_not_allowed: { status: 405, title: 'The resource does not have this method' },
  idempotency_in_flight: { status: 409, title: 'A request with this Idempotency-Key is under way' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  schema_violation: { status: 422, title: 'The body does not fit the schema' },
  feature_missing: { status: 422, title: 'A required feature has no fresh value' },
  idempotency_mismatch: { status: 422, title: 'The Idempotency-Key was used with another body' },
  too_many_requests: { status: 429, title: 'The plan of the consumer is used up for the moment' },
  quota_exceeded: { status: 429, title: 'The quota of the consumer is used up' },
  internal: { status: 500, title: 'Something unexpected went wrong' },
  model_error: { status: 502, title: 'The model failed' },
  jwks_unavailable: { status: 503, title: 'Tokens cannot be verified for the moment' },
  model_not_ready: { status: 503, title: 'The model is not ready' },
  unavailable: { status: 503, title: 'A part of the platform is unavailable' },
  model_timeout: { status: 504, title: 'The model took too long' },
} as const satisfies Record<string, { status: number; title: string }> & Record<TokenReason, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One thing wrong with a body. */
export interface Violation {
  /** JSON pointer into the body; empty = the body itself. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** RFC 9457 body, plus `code`, `request_id` and, for 422, all `violations`. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail?: string;
  readonly instance?: string;
  readonly request_id?: string;
  readonly violations?: readonly Violation[];
}

export interface ProblemContext {
  readonly detail?: string;
  /** Path of the request. */
  readonly instance?: string;
  readonly requestId?: string;
  readonly violations?: readonly Violation[];
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export function problemDetails(
  code: ProblemCode,
  { detail, instance, requestId, violations }: ProblemContext = {},
): ProblemDetails {
  return {
    type: `urn:slipway:problem:${code}`,
    title: PROBLEMS[code].title,
    status: PROBLEMS[code].status,
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(instance === undefined ? {} : { instance }),
    ...(requestId === undefined ? {} : { request_id: requestId }),
    ...(violations === undefined ? {} : { violations }),
  };
}
