import { JwtVerifier } from 'aws-jwt-verify';
import type { Jwk as VerifierJwk } from 'aws-jwt-verify/jwk';
import type { Algorithm, Jwk, SignatureVerifier } from '../../core/tokens';

/** Times are checked by our own, stricter rules (core/tokens); aws-jwt-verify judges the signature only. */
const NEVER_EXPIRES_SECONDS = 1e10;

/** Signatures by aws-jwt-verify, behind our own parser and key cache. */
export const jwtVerifySignatures: SignatureVerifier = {
  async verify(algorithm: Algorithm, key: Jwk, signingInput: string, signature: Uint8Array): Promise<boolean> {
    const issuer = issuerOf(signingInput);
    const verifier = JwtVerifier.create({
      issuer,
      jwksUri: `${issuer}/.well-known/jwks.json`,
      audience: null,
      graceSeconds: NEVER_EXPIRES_SECONDS,
    });
    verifier.cacheJwks({ keys: [{ use: 'sig', alg: algorithm, ...key } as VerifierJwk] });
    try {
      verifier.verifySync(`${signingInput}.${Buffer.from(signature).toString('base64url')}`);
      return true;
    } catch {
      return false;
    }
  },
};

function issuerOf(signingInput: string): string {
  const claims: unknown = JSON.parse(Buffer.from(signingInput.split('.')[1] ?? '', 'base64url').toString('utf8'));
  return typeof claims === 'object' && claims !== null && 'iss' in claims ? String(claims.iss) : '';
}
