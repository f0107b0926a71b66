import { type JsonValue, parseStrictJson } from '../strict-json';
import { assertToken } from './token-error';

/** Signature algorithms that can be allowed; never HMAC, never none. */
export const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** A token taken apart; nothing in it is trusted yet. */
export interface CompactToken {
  readonly algorithm: Algorithm;
  readonly kid: string;
  readonly claims: Readonly<Record<string, JsonValue>>;
  /** The bytes that are signed. */
  readonly signingInput: string;
  readonly signature: Uint8Array;
}

const MAX_BYTES = 8192;
const FORM = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const BEARER = /^Bearer ([^\s]+)$/i;

/** The token of an `Authorization` header; the scheme is `Bearer` with one space. */
export function bearerToken(header: string | undefined): string {
  assertToken(header !== undefined && header !== '', 'missing_token', 'authorization header is present');
  const token = BEARER.exec(header)?.[1];
  assertToken(token !== undefined, 'invalid_token', 'authorization header is Bearer and a token');
  return token;
}

/**
 * Takes a JWS compact token (RFC 7515, 7519) apart: exactly three canonical base64url parts, strict JSON, an allowed algorithm, a key
 * id, no critical extension. Keys named in the header (`jwk`, `jku`, `x5u`) are ignored.
 *
 * @throws TokenError
 */
export function parseCompactToken(token: string, allowed: readonly Algorithm[]): CompactToken {
  assertToken(token.length <= MAX_BYTES, 'invalid_token', 'token is at most 8 KB');
  assertToken(FORM.test(token), 'invalid_token', 'token has three base64url parts');
  const [head = '', body = '', tail = ''] = token.split('.');
  const header = jsonObject(decode(head), 'header');
  const { alg, kid, typ } = header;
  assertToken(header.crit === undefined, 'invalid_token', 'header has no crit');
  const algorithm = allowed.find((it) => it === alg);
  assertToken(algorithm !== undefined, 'invalid_token', 'header.alg is allowed');
  assertToken(typeof kid === 'string' && kid !== '', 'invalid_token', 'header.kid is present');
  assertToken(typ === undefined || (typeof typ === 'string' && /^(at\+)?jwt$/i.test(typ)), 'invalid_token', 'header.typ is JWT');
  return {
    algorithm,
    kid,
    claims: jsonObject(decode(body), 'payload'),
    signingInput: `${head}.${body}`,
    signature: decode(tail),
  };
}

/** Decodes one part; other spellings of the same bytes are refused, since the token is a cache key. */
function decode(part: string): Uint8Array {
  const bytes = Buffer.from(part, 'base64url');
  assertToken(bytes.toString('base64url') === part, 'invalid_token', 'parts are canonical base64url');
  return bytes;
}

function jsonObject(bytes: Uint8Array, part: string): Record<string, JsonValue> {
  const text = Buffer.from(bytes).toString('utf8');
  assertToken(Buffer.from(text, 'utf8').equals(bytes), 'invalid_token', `${part} is UTF-8`);
  const parsed = parseStrictJson(text);
  assertToken(parsed.ok, 'invalid_token', `${part} is strict JSON`);
  const { value } = parsed;
  assertToken(typeof value === 'object' && value !== null && !Array.isArray(value), 'invalid_token', `${part} is an object`);
  return value;
}
