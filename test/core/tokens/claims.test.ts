import type { JsonValue } from '../../../core/strict-json';
import { type ClaimRules, hasScopes, verifyClaims } from '../../../core/tokens';

const NOW = 1_700_000_000;
const rules: ClaimRules = { issuer: 'i', audiences: ['api'], tokenUse: null, maxLifetimeSeconds: 100 };
const claims = { iss: 'i', sub: 's', aud: ['other', 'api'], client_id: 'app', iat: NOW, exp: NOW + 100 };

/** The failed assertion about claims with some of them changed; undefined when they are accepted. */
function refusal(change: Readonly<Record<string, JsonValue>>, at = NOW, own: ClaimRules = rules): string | undefined {
  try {
    verifyClaims({ ...claims, ...change }, own, at * 1000);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test('a scope is granted by its exact name only', () => {
  expect(hasScopes(['predict'], ['predict'])).toBe(true);
  expect(hasScopes(['predict:readonly', 'predicts'], ['predict'])).toBe(false);
});

test('every scope that is needed must be granted, not one of them', () => {
  expect(hasScopes(['predict', 'models:read'], ['predict', 'models:read'])).toBe(true);
  expect(hasScopes(['predict'], ['predict', 'models:read'])).toBe(false);
  expect(hasScopes(['models:read'], ['predict', 'models:read'])).toBe(false);
});

test('an audience may stand alone or in a list', () => {
  expect(refusal({ aud: 'api' })).toBeUndefined();
  expect(refusal({ aud: ['x', 'api'] })).toBeUndefined();
});

test.each<JsonValue>(['apix', 'ap', ['x'], [], 7, null, [7, null]])('an audience %j is refused', (aud) => {
  expect(refusal({ aud })).toBe('invalid_claims: aud is accepted');
});

test('without audiences a token needs none', () => {
  expect(refusal({ aud: 'apix' }, NOW, { ...rules, audiences: null })).toBeUndefined();
});

test('the client is client_id, or azp where there is none', () => {
  const { client_id: _, ...without } = claims;

  expect(verifyClaims(claims, rules, NOW * 1000).client_id).toBe('app');
  expect(verifyClaims({ ...without, azp: 'party' }, rules, NOW * 1000).client_id).toBe('party');
  expect(verifyClaims({ ...claims, azp: 'party' }, rules, NOW * 1000).client_id).toBe('app');
});

test.each([rules, { ...rules, audiences: null }])(
  'a subject never stands for a client: a person may be named as one (audiences $audiences)',
  (own) => {
    const { client_id: _, ...without } = { ...claims, sub: 'app' };

    expect(() => verifyClaims(without, own, NOW * 1000)).toThrow('invalid_claims: client_id is present');
  },
);

test.each<JsonValue>(['', 7, ['app'], {}])('a client_id %j is refused', (client_id) => {
  expect(refusal({ client_id })).toBe('invalid_claims: client_id is present');
});

test.each<[string, Readonly<Record<string, JsonValue>>, string | undefined]>([
  ['a start that is now', { nbf: NOW }, undefined],
  ['a start within the skew of clocks', { nbf: NOW + 60 }, undefined],
  ['a start after it', { nbf: NOW + 61 }, 'invalid_claims: nbf has passed'],
  ['a start that is text', { nbf: String(NOW) }, 'invalid_claims: nbf has passed'],
  ['a start at the epoch', { nbf: 0 }, undefined],
  ['a negative start', { nbf: -1 }, 'invalid_claims: nbf has passed'],
  ['issue within the skew of clocks', { iat: NOW + 60 }, undefined],
  ['issue after it', { iat: NOW + 61, exp: NOW + 100 }, 'invalid_claims: iat is not in the future'],
  ['the longest lifetime', { exp: NOW + 100 }, undefined],
  ['one second more', { exp: NOW + 101 }, 'invalid_claims: lifetime is within the maximum'],
  ['an expiry at issue', { exp: NOW }, 'invalid_claims: lifetime is within the maximum'],
  ['an expiry before issue', { exp: NOW - 1 }, 'invalid_claims: lifetime is within the maximum'],
  ['an empty subject', { sub: '' }, 'invalid_claims: sub is present'],
  ['another issuer', { iss: 'j' }, 'invalid_claims: iss is the issuer'],
])('%s', (_, change, expected) => {
  expect(refusal(change)).toBe(expected);
});

test('a token is good up to its expiry, and not at it', () => {
  expect(refusal({}, NOW + 99)).toBeUndefined();
  expect(refusal({}, NOW + 100)).toBe('token_expired: exp is in the future');
});

test('scopes are the words of the claim, none when it is absent', () => {
  expect(verifyClaims({ ...claims, scope: ' a  b ' }, rules, NOW * 1000).scopes).toEqual(['a', 'b']);
  expect(verifyClaims(claims, rules, NOW * 1000).scopes).toEqual([]);
});
