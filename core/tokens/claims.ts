import type { JsonValue } from '../strict-json';
import { assertToken } from './token-error';

/** What an issuer's tokens must say. No field has a default: each is a decision. */
export interface ClaimRules {
  readonly issuer: string;
  /**
   * Accepted `aud` values; null when the issuer's access tokens carry `client_id` instead, as those of user pools do. Whether a client is a
   * consumer of the API is for the caller to ask, by issuer and client.
   */
  readonly audiences: readonly string[] | null;
  /** Value of `token_use`; null when the issuer has no such claim. */
  readonly tokenUse: 'access' | null;
  readonly maxLifetimeSeconds: number;
}

/** Claims that were checked; nothing else of the token goes on. Null prototype. */
export interface VerifiedClaims {
  readonly iss: string;
  readonly sub: string;
  readonly client_id: string;
  readonly scopes: readonly string[];
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
}

const CLOCK_SKEW_SECONDS = 60;

/**
 * Checks claims against the rules of their issuer.
 *
 * @param nowMs milliseconds since 1970
 * @throws TokenError
 */
export function verifyClaims(claims: Readonly<Record<string, JsonValue>>, rules: ClaimRules, nowMs: number): VerifiedClaims {
  const { iss, sub, iat, exp, nbf } = claims;
  const now = nowMs / 1000;
  assertToken(iss === rules.issuer, 'invalid_claims', 'iss is the issuer');
  assertToken(typeof sub === 'string' && sub !== '', 'invalid_claims', 'sub is present');
  assertToken(isInstant(iat), 'invalid_claims', 'iat is an integer');
  assertToken(isInstant(exp), 'invalid_claims', 'exp is an integer');
  assertToken(nbf === undefined || (isInstant(nbf) && nbf <= now + CLOCK_SKEW_SECONDS), 'invalid_claims', 'nbf has passed');
  assertToken(iat <= now + CLOCK_SKEW_SECONDS, 'invalid_claims', 'iat is not in the future');
  assertToken(exp > iat && exp - iat <= rules.maxLifetimeSeconds, 'invalid_claims', 'lifetime is within the maximum');
  assertToken(rules.tokenUse === null || claims.token_use === rules.tokenUse, 'invalid_claims', 'token_use is as configured');
  const clientId = verifyRecipient(claims, rules);
  assertToken(now < exp, 'token_expired', 'exp is in the future');
  return Object.assign(Object.create(null), {
    iss: rules.issuer,
    sub,
    client_id: clientId,
    scopes: scopesOf(claims.scope),
    iat,
    exp,
  });
}

/** True when every needed scope is granted; exact names, so `predict:readonly` does not grant `predict`. */
export function hasScopes(granted: readonly string[], needed: readonly string[]): boolean {
  return needed.every((scope) => granted.includes(scope));
}

function verifyRecipient(claims: Readonly<Record<string, JsonValue>>, rules: ClaimRules): string {
  if (rules.audiences !== null) {
    const given = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
    assertToken(
      given.some((aud) => typeof aud === 'string' && rules.audiences?.includes(aud) === true),
      'invalid_claims',
      'aud is accepted',
    );
  }
  // Never the subject in its place: a person's name at the issuer may equal a client's id.
  const clientId = claims.client_id ?? claims.azp;
  assertToken(typeof clientId === 'string' && clientId !== '', 'invalid_claims', 'client_id is present');
  return clientId;
}

function scopesOf(scope: JsonValue | undefined): string[] {
  assertToken(scope === undefined || typeof scope === 'string', 'invalid_claims', 'scope is a string');
  return (scope ?? '').split(' ').filter((it) => it !== '');
}

function isInstant(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
