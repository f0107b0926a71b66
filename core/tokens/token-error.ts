/** Why a caller is turned away; a closed list, safe to log and to answer. */
export const TOKEN_REASONS = [
  'missing_token',
  'invalid_token',
  'invalid_claims',
  'token_expired',
  'invalid_signature',
  'insufficient_scope',
  'forbidden',
  'jwks_unavailable',
] as const;
export type TokenReason = (typeof TOKEN_REASONS)[number];

/** A failed assertion about a token. Neither reason nor assertion ever holds data of the token. */
export class TokenError extends Error {
  override readonly name = 'TokenError';

  constructor(
    readonly reason: TokenReason,
    /** What was asserted, e.g. `header.alg is allowed`. */
    readonly failedAssertion: string,
  ) {
    super(`${reason}: ${failedAssertion}`);
  }
}

/** Asserts something about a token. */
export function assertToken(condition: boolean, reason: TokenReason, assertion: string): asserts condition {
  if (!condition) throw new TokenError(reason, assertion);
}
