import { generateKeyPairSync } from 'node:crypto';
import { type Algorithm, fits, type Jwk, parseKeySet } from '../../../core/tokens';

const rsa = { kty: 'RSA', kid: 'r', n: modulus(2048), e: 'AQAB' };
const ec = { kty: 'EC', kid: 'e', crv: 'P-256', x: 'x', y: 'y' };
const okp = { kty: 'OKP', kid: 'o', crv: 'Ed25519', x: 'x' };

/** A modulus of exactly so many bits. */
function modulus(bits: number): string {
  const bytes = Buffer.alloc(Math.ceil(bits / 8), 0xff);
  bytes[0] = 0xff >> (bytes.length * 8 - bits);
  return bytes.toString('base64url');
}

test.each<[Algorithm, Jwk, boolean]>([
  ['RS256', rsa, true],
  ['RS256', ec, false],
  ['RS256', okp, false],
  ['ES256', ec, true],
  ['ES256', { ...ec, crv: 'P-384' }, false],
  ['ES256', rsa, false],
  ['ES256', { ...okp, crv: 'P-256' }, false],
  ['EdDSA', okp, true],
  ['EdDSA', { ...okp, crv: 'Ed448' }, false],
  ['EdDSA', ec, false],
  ['EdDSA', { ...ec, crv: 'Ed25519' }, false],
])('%s with %j: %s', (algorithm, key, expected) => {
  expect(fits(key, algorithm)).toBe(expected);
});

test('a key that names its algorithm is for that one only', () => {
  expect(fits({ ...rsa, alg: 'RS256' }, 'RS256')).toBe(true);
  expect(fits({ ...rsa, alg: 'PS256' }, 'RS256')).toBe(false);
  expect(fits({ ...ec, alg: 'RS256' }, 'ES256')).toBe(false);
});

test.each<[number, boolean]>([
  [1024, false],
  [2041, false],
  [2047, false],
  [2048, true],
  [3072, true],
])('an RSA key of %i bits may verify: %s', (bits, expected) => {
  expect(fits({ ...rsa, n: modulus(bits) }, 'RS256')).toBe(expected);
});

test('bits are counted from the first that is set, as keys are published', () => {
  const { n } = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
  const padded = Buffer.concat([Buffer.alloc(8), Buffer.from(modulus(2040), 'base64url')]).toString('base64url');

  expect(fits({ ...rsa, ...(n === undefined ? {} : { n }) }, 'RS256')).toBe(true);
  expect(fits({ ...rsa, n: padded }, 'RS256')).toBe(false);
  expect(fits({ ...rsa, n: Buffer.alloc(256).toString('base64url') }, 'RS256')).toBe(false);
  expect(fits({ kty: 'RSA', kid: 'r' }, 'RS256')).toBe(false);
});

test('keys for signatures are read by their ids, others are left out', () => {
  const text = JSON.stringify({
    keys: [rsa, { ...ec, use: 'sig' }, { ...okp, use: 'enc' }, { kty: 'RSA', n: 'x' }],
    more: true,
  });

  expect([...(parseKeySet(text)?.keys() ?? [])]).toEqual(['r', 'e']);
});

test.each(['', 'null', '[]', '{}', '{"keys":{}}', '{"keys":[1]}', '{"keys":[],"keys":[]}', '{"keys":[{"kid":"x"}]}'])(
  'a document %j is malformed',
  (text) => {
    expect(parseKeySet(text)).toBeUndefined();
  },
);

test('an empty set is a set', () => {
  expect(parseKeySet('{"keys":[]}')?.size).toBe(0);
});
