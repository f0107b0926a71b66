import { ALGORITHMS, bearerToken, parseCompactToken } from '../../../core/tokens';

const header = { alg: 'RS256', kid: 'k' };
const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const token = (head: unknown, body: unknown = {}): string => `${part(head)}.${part(body)}.${part('signature')}`;

/** The failed assertion about a token; undefined when it is accepted. */
function refusal(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test('a token comes apart into what is claimed and what is signed', () => {
  const text = token(header, { sub: 's' });

  expect(parseCompactToken(text, ['RS256'])).toEqual({
    algorithm: 'RS256',
    kid: 'k',
    claims: { sub: 's' },
    signingInput: text.slice(0, text.lastIndexOf('.')),
    signature: Buffer.from('signature'),
  });
});

test.each(['Bearer a.b.c', 'bearer a.b.c', 'BEARER a.b.c'])('%s bears a token', (text) => {
  expect(bearerToken(text)).toBe('a.b.c');
});

test.each(['Basic Bearer a.b.c', ' Bearer a.b.c', 'Bearer a.b.c ', 'Bearer a.b.c d', 'Bearer', 'Bearer ', 'a.b.c'])(
  '%j bears none',
  (text) => {
    expect(refusal(() => bearerToken(text))).toBe('invalid_token: authorization header is Bearer and a token');
  },
);

test('a token has at most 8192 bytes', () => {
  // The signature's length leaves no rest that base64url cannot spell.
  const rest = `${part({ ...header, note: 'x' })}.${part({})}.`;
  const longest = rest + 'A'.repeat(8192 - rest.length);

  expect(refusal(() => parseCompactToken(longest, ALGORITHMS))).toBeUndefined();
  expect(refusal(() => parseCompactToken(`${longest}A`, ALGORITHMS))).toBe('invalid_token: token is at most 8 KB');
});

test.each(['JWT', 'jwt', 'at+jwt', 'AT+JWT'])('the type %s is one of a token', (typ) => {
  expect(refusal(() => parseCompactToken(token({ ...header, typ }), ALGORITHMS))).toBeUndefined();
});

test.each(['xjwt', 'jwtx', 'id+at+jwt', 'at+jwt+x', '', 7, ['JWT'], null])('the type %j is not', (typ) => {
  expect(refusal(() => parseCompactToken(token({ ...header, typ }), ALGORITHMS))).toBe('invalid_token: header.typ is JWT');
});

test.each(['', 7, null, ['k']])('a key id %j is none', (kid) => {
  expect(refusal(() => parseCompactToken(token({ alg: 'RS256', kid }), ALGORITHMS))).toBe('invalid_token: header.kid is present');
});

test.each([undefined, 'none', 'HS256', 'rs256', '', null])('an algorithm %j is never allowed', (alg) => {
  expect(refusal(() => parseCompactToken(token({ kid: 'k', alg }), ALGORITHMS))).toBe('invalid_token: header.alg is allowed');
});

test.each(['null', '[]', '"text"', '7', 'true'])('a header or payload %s is no object', (text) => {
  expect(refusal(() => parseCompactToken(token(text), ALGORITHMS))).toBe('invalid_token: header is an object');
  expect(refusal(() => parseCompactToken(token(header, text), ALGORITHMS))).toBe('invalid_token: payload is an object');
});

test('bytes that are no UTF-8 are refused', () => {
  const broken = Buffer.concat([Buffer.from('{"sub":"'), Buffer.from([0xff]), Buffer.from('"}')]).toString('base64url');

  expect(refusal(() => parseCompactToken(`${part(header)}.${broken}.${part('s')}`, ALGORITHMS))).toBe(
    'invalid_token: payload is UTF-8',
  );
});

test('the claims wait for the header: a refused header is told first', () => {
  expect(refusal(() => parseCompactToken(token({ ...header, crit: ['exp'] }, 'null'), ALGORITHMS))).toBe(
    'invalid_token: header has no crit',
  );
});
