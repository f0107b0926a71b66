import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { KeyCache, type SignatureVerifier, TokenVerifier, type TrustedIssuer } from '../../../core/tokens';

const NOW = 1_700_000_000;
const issuer: TrustedIssuer = {
  issuer: 'https://issuer.example',
  jwksUri: 'https://issuer.example/jwks.json',
  algorithms: ['RS256'],
  audiences: null,
  tokenUse: 'access',
  maxLifetimeSeconds: 3600,
};
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

function publicKey({ kty, n, e }: Record<string, unknown>): KeyObject {
  return createPublicKey({ key: { kty: String(kty), n: String(n), e: String(e) }, format: 'jwk' });
}

const signatures: SignatureVerifier = {
  verify: async (_, key, input, signature) => verify('sha256', Buffer.from(input), publicKey(key), signature),
};

function jwk(key: KeyObject, kid: string) {
  return { ...key.export({ format: 'jwk' }), kid, use: 'sig' };
}

const document = JSON.stringify({ keys: [jwk(rsa.publicKey, 'good'), jwk(weak.publicKey, 'weak'), jwk(ec.publicKey, 'ec')] });

const claims = {
  iss: issuer.issuer,
  sub: 'app',
  client_id: 'app',
  token_use: 'access',
  scope: 'slipway/predict',
  iat: NOW - 10,
  exp: NOW + 600,
};
const header = { alg: 'RS256', kid: 'good', typ: 'JWT' };

function part(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

function token(head: unknown = header, body: unknown = claims, key: KeyObject = rsa.privateKey): string {
  const input = `${part(head)}.${part(body)}`;
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}

function verifier(fetch = async () => document): TokenVerifier {
  const now = () => NOW * 1000;
  return new TokenVerifier({ issuers: [issuer], keys: new KeyCache({ fetch, now }), signatures, now });
}

async function verdictOn(text: string | undefined) {
  const verdict = await verifier().verifyHeader(text);
  return verdict.ok ? verdict : `${verdict.reason}: ${verdict.failedAssertion}`;
}

test('a genuine token gives its claims and nothing else', async () => {
  const verdict = await verifier().verifyHeader(`Bearer ${token(header, { ...claims, role: 'admin', __secret: 1 })}`);

  expect(verdict).toEqual({
    ok: true,
    claims: { iss: issuer.issuer, sub: 'app', client_id: 'app', scopes: ['slipway/predict'], iat: NOW - 10, exp: NOW + 600 },
  });
  expect(verdict.ok && Object.getPrototypeOf(verdict.claims)).toBeNull();
});

test.each([
  [undefined, 'missing_token: authorization header is present'],
  ['', 'missing_token: authorization header is present'],
  ['Basic abc', 'invalid_token: authorization header is Bearer and a token'],
  [`Bearer  ${token()}`, 'invalid_token: authorization header is Bearer and a token'],
  [`Bearer ${token()}=`, 'invalid_token: token has three base64url parts'],
  [`Bearer ${token()}.x`, 'invalid_token: token has three base64url parts'],
  [`Bearer ${'a'.repeat(8193)}`, 'invalid_token: token is at most 8 KB'],
])('header %.30s is refused', async (text, expected) => {
  expect(await verdictOn(text)).toBe(expected);
});

test('another spelling of the same signature is refused', async () => {
  const good = token();
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const next = alphabet[alphabet.indexOf(good.at(-1) ?? '') + 1] ?? 'B';
  const twin = good.slice(0, -1) + next;

  expect(Buffer.from(twin.split('.')[2] ?? '', 'base64url')).toEqual(Buffer.from(good.split('.')[2] ?? '', 'base64url'));
  expect(await verdictOn(`Bearer ${twin}`)).toBe('invalid_token: parts are canonical base64url');
});

test.each<[string, unknown, string]>([
  ['no algorithm', { ...header, alg: 'none' }, 'invalid_token: header.alg is allowed'],
  ['HMAC', { ...header, alg: 'HS256' }, 'invalid_token: header.alg is allowed'],
  ['an algorithm that this issuer does not use', { ...header, alg: 'ES256', kid: 'ec' }, 'invalid_token: header.alg is allowed'],
  ['no key id', { alg: 'RS256' }, 'invalid_token: header.kid is present'],
  ['a critical extension', { ...header, crit: [] }, 'invalid_token: header has no crit'],
  ['another type', { ...header, typ: 'id' }, 'invalid_token: header.typ is JWT'],
  ['a repeated key', '{"alg":"RS256","alg":"none","kid":"good"}', 'invalid_token: header is strict JSON'],
  ['an unknown key id', { ...header, kid: 'other' }, 'invalid_signature: header.kid names a key of the issuer'],
  ['a weak key', { ...header, kid: 'weak' }, 'invalid_signature: key fits header.alg'],
  ['a key of another type', { ...header, kid: 'ec' }, 'invalid_signature: key fits header.alg'],
])('a header with %s is refused', async (_, head, expected) => {
  expect(await verdictOn(`Bearer ${token(head)}`)).toBe(expected);
});

test.each<[string, object | string, string]>([
  ['a foreign issuer', { ...claims, iss: 'https://evil.example' }, 'invalid_claims: iss is configured'],
  ['no subject', { ...claims, sub: undefined }, 'invalid_claims: sub is present'],
  ['no expiry', { ...claims, exp: undefined }, 'invalid_claims: exp is an integer'],
  ['an infinite expiry', JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e400'), 'invalid_token: payload is strict JSON'],
  ['an expiry that is text', { ...claims, exp: String(NOW + 9) }, 'invalid_claims: exp is an integer'],
  ['an unsafe expiry', { ...claims, exp: 2 ** 53 }, 'invalid_claims: exp is an integer'],
  ['an expiry that has come', { ...claims, exp: NOW }, 'token_expired: exp is in the future'],
  ['issue in the future', { ...claims, iat: NOW + 61 }, 'invalid_claims: iat is not in the future'],
  ['a start in the future', { ...claims, nbf: NOW + 61 }, 'invalid_claims: nbf has passed'],
  ['too long a life', { ...claims, exp: NOW - 10 + 3601 }, 'invalid_claims: lifetime is within the maximum'],
  ['another use', { ...claims, token_use: 'id' }, 'invalid_claims: token_use is as configured'],
  ['no client', { ...claims, client_id: undefined }, 'invalid_claims: client_id is present'],
  ['scopes in a list', { ...claims, scope: ['slipway/predict'] }, 'invalid_claims: scope is a string'],
])('a payload with %s is refused', async (_, body, expected) => {
  expect(await verdictOn(`Bearer ${token(header, body)}`)).toBe(expected);
});

test('a forged signature is refused', async () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });

  expect(await verdictOn(`Bearer ${token(header, claims, other.privateKey)}`)).toBe('invalid_signature: signature is genuine');
});

test('a key that cannot be read proves nothing', async () => {
  const unreadable: SignatureVerifier = { verify: () => Promise.reject(new Error('unsupported key')) };
  const now = () => NOW * 1000;
  const keys = new KeyCache({ fetch: async () => document, now });
  const it = new TokenVerifier({ issuers: [issuer], keys, signatures: unreadable, now });

  expect(await it.verifyHeader(`Bearer ${token()}`)).toEqual({
    ok: false,
    reason: 'invalid_signature',
    failedAssertion: 'signature is genuine',
  });
});

test('what is no fault of the token is no verdict on it', async () => {
  const broken: SignatureVerifier = {
    verify: () => {
      throw new TypeError('a fault of the platform');
    },
  };
  const now = () => NOW * 1000;
  const keys = new KeyCache({ fetch: async () => document, now });
  const it = new TokenVerifier({ issuers: [issuer], keys, signatures: broken, now });

  await expect(it.verifyHeader(`Bearer ${token()}`)).rejects.toThrow('a fault of the platform');
});

test('without keys nobody is let in, and the reason says so', async () => {
  const verdict = await verifier(() => Promise.reject(new Error('down'))).verifyHeader(`Bearer ${token()}`);

  expect(verdict).toEqual({ ok: false, reason: 'jwks_unavailable', failedAssertion: 'the issuer answers with a key set' });
});

describe('with two issuers', () => {
  const other: TrustedIssuer = {
    ...issuer,
    issuer: 'https://other.example',
    jwksUri: 'https://other.example/jwks.json',
    algorithms: ['ES256', 'EdDSA'],
    audiences: ['api'],
    tokenUse: null,
  };
  const ed = generateKeyPairSync('ed25519');
  const keys: Readonly<Record<string, string>> = {
    [issuer.jwksUri]: document,
    [other.jwksUri]: JSON.stringify({ keys: [jwk(ec.publicKey, 'ec'), jwk(ed.publicKey, 'ed'), jwk(weak.publicKey, 'good')] }),
  };
  const published: Readonly<Record<string, KeyObject>> = { 'P-256': ec.publicKey, Ed25519: ed.publicKey };
  const byCurve: SignatureVerifier = {
    verify: async (algorithm, key, input, signature) => {
      if (algorithm === 'RS256') return signatures.verify(algorithm, key, input, signature);
      const known = published[String(key.crv)];
      if (known === undefined) return false;
      const hash = algorithm === 'EdDSA' ? null : 'sha256';
      return verify(hash, Buffer.from(input), { key: known, dsaEncoding: 'ieee-p1363' }, signature);
    },
  };
  const now = () => NOW * 1000;
  const cache = new KeyCache({ fetch: async (uri) => keys[uri] ?? '', now });
  const both = new TokenVerifier({ issuers: [issuer, other], keys: cache, signatures: byCurve, now });
  const theirs = { ...claims, iss: other.issuer, aud: 'api' };

  /** The issuer and client that a token is taken for, or why it is refused. */
  async function takenFor(head: object, body: object, key: KeyObject): Promise<string> {
    const input = `${part(head)}.${part(body)}`;
    const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
    const signature = sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    const verdict = await both.verifyHeader(`Bearer ${input}.${signature}`);
    return verdict.ok ? `${verdict.claims.client_id} of ${verdict.claims.iss}` : `${verdict.reason}: ${verdict.failedAssertion}`;
  }

  test('the same client id is told apart by its issuer', async () => {
    expect(await takenFor(header, claims, rsa.privateKey)).toBe('app of https://issuer.example');
    expect(await takenFor({ alg: 'ES256', kid: 'ec' }, theirs, ec.privateKey)).toBe('app of https://other.example');
    expect(await takenFor({ alg: 'EdDSA', kid: 'ed' }, theirs, ed.privateKey)).toBe('app of https://other.example');
  });

  test("an issuer's keys sign for nobody else", async () => {
    expect(await takenFor({ alg: 'ES256', kid: 'ec' }, claims, ec.privateKey)).toBe('invalid_token: header.alg is allowed');
    expect(await takenFor(header, theirs, rsa.privateKey)).toBe('invalid_token: header.alg is allowed');
    expect(await takenFor({ alg: 'ES256', kid: 'ed' }, theirs, ec.privateKey)).toBe('invalid_signature: key fits header.alg');
  });

  test("each issuer's own rules hold for its tokens", async () => {
    expect(await takenFor({ alg: 'ES256', kid: 'ec' }, { ...theirs, aud: 'else' }, ec.privateKey)).toBe(
      'invalid_claims: aud is accepted',
    );
    expect(await takenFor(header, { ...claims, token_use: 'id', aud: 'api' }, rsa.privateKey)).toBe(
      'invalid_claims: token_use is as configured',
    );
  });
});
