import * as z from 'zod';
import { parseStrictJson } from '../strict-json';
import type { Algorithm } from './compact-token';

const jwkSchema = z.looseObject({
  kty: z.string(),
  kid: z.string().optional(),
  use: z.string().optional(),
  alg: z.string().optional(),
  crv: z.string().optional(),
  n: z.string().optional(),
});

/** A public key as published. */
export type Jwk = z.infer<typeof jwkSchema>;

const documentSchema = z.looseObject({ keys: z.array(jwkSchema) });

/** Keys for signatures, by key id. */
export type KeySet = ReadonlyMap<string, Jwk>;

const MIN_RSA_BITS = 2048;

/** Reads a JWKS document (RFC 7517); undefined when it is malformed or repeats a key id. Keys of other uses are left out. */
export function parseKeySet(text: string): KeySet | undefined {
  const json = parseStrictJson(text);
  const document = documentSchema.safeParse(json.ok ? json.value : undefined);
  if (!document.success) return undefined;
  const keys = new Map<string, Jwk>();
  for (const key of document.data.keys) {
    if (key.kid === undefined || (key.use !== undefined && key.use !== 'sig')) continue;
    if (keys.has(key.kid)) return undefined;
    keys.set(key.kid, key);
  }
  return keys;
}

/** True when a key may verify an algorithm: its type fits, RSA has 2048 bits or more, and `alg` agrees when present. */
export function fits(key: Jwk, algorithm: Algorithm): boolean {
  if (key.alg !== undefined && key.alg !== algorithm) return false;
  switch (algorithm) {
    case 'RS256':
      return key.kty === 'RSA' && bits(key.n) >= MIN_RSA_BITS;
    case 'ES256':
      return key.kty === 'EC' && key.crv === 'P-256';
    case 'EdDSA':
      return key.kty === 'OKP' && key.crv === 'Ed25519';
  }
}

function bits(modulus: string | undefined): number {
  const bytes = Buffer.from(modulus ?? '', 'base64url');
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? 0 : (bytes.length - first) * 8 - Math.clz32(bytes[first] ?? 0) + 24;
}
