import { type ClaimRules, type VerifiedClaims, verifyClaims } from './claims';
import { ALGORITHMS, type Algorithm, bearerToken, type CompactToken, parseCompactToken } from './compact-token';
import type { KeyCache } from './key-cache';
import { fits, type Jwk } from './key-set';
import { assertToken, TokenError, type TokenReason } from './token-error';

/** Checks a signature with a public key; false for a wrong one, rejects for a key that cannot be read. */
export interface SignatureVerifier {
  verify(algorithm: Algorithm, key: Jwk, signingInput: string, signature: Uint8Array): Promise<boolean>;
}

export interface TrustedIssuer extends ClaimRules {
  readonly jwksUri: string;
  readonly algorithms: readonly Algorithm[];
}

export type TokenVerdict =
  | { readonly ok: true; readonly claims: VerifiedClaims }
  | { readonly ok: false; readonly reason: TokenReason; readonly failedAssertion: string };

export interface TokenVerifierOptions {
  readonly issuers: readonly TrustedIssuer[];
  readonly keys: KeyCache;
  readonly signatures: SignatureVerifier;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Verifies bearer tokens of configured issuers: form, issuer, signature, claims, in this order. */
export class TokenVerifier {
  constructor(private readonly options: TokenVerifierOptions) {}

  /** Verdict on an `Authorization` header. */
  async verifyHeader(header: string | undefined): Promise<TokenVerdict> {
    try {
      return { ok: true, claims: await this.claims(bearerToken(header)) };
    } catch (error) {
      if (error instanceof TokenError) return { ok: false, reason: error.reason, failedAssertion: error.failedAssertion };
      throw error;
    }
  }

  private async claims(token: string): Promise<VerifiedClaims> {
    const parsed = parseCompactToken(token, ALGORITHMS);
    const issuer = this.options.issuers.find((it) => it.issuer === parsed.claims.iss);
    assertToken(issuer !== undefined, 'invalid_claims', 'iss is configured');
    assertToken(issuer.algorithms.includes(parsed.algorithm), 'invalid_token', 'header.alg is allowed');
    await this.verifySignature(issuer, parsed);
    return verifyClaims(parsed.claims, issuer, this.options.now());
  }

  private async verifySignature(issuer: TrustedIssuer, token: CompactToken): Promise<void> {
    const key = await this.options.keys.key(issuer.jwksUri, token.kid);
    assertToken(fits(key, token.algorithm), 'invalid_signature', 'key fits header.alg');
    const genuine = await this.options.signatures
      .verify(token.algorithm, key, token.signingInput, token.signature)
      .catch(() => false);
    assertToken(genuine, 'invalid_signature', 'signature is genuine');
  }
}
