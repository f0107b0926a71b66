import { type ClaimRules, hasScopes, verifyClaims } from '../../../core/tokens';

const rules: ClaimRules = { issuer: 'i', audiences: ['api'], clientIds: null, tokenUse: null, maxLifetimeSeconds: 100 };
const claims = { iss: 'i', sub: 's', aud: ['other', 'api'], iat: 0, exp: 100 };

test('a scope is granted by its exact name only', () => {
  expect(hasScopes(['predict'], ['predict'])).toBe(true);
  expect(hasScopes(['predict:readonly', 'predicts'], ['predict'])).toBe(false);
});

test('an audience may stand in a list', () => {
  expect(verifyClaims(claims, rules, 1000)).toMatchObject({ client_id: 's', scopes: [] });
  expect(() => verifyClaims({ ...claims, aud: 'apix' }, rules, 1000)).toThrow('invalid_claims: aud is accepted');
});

test('rules that name no recipient accept nobody', () => {
  expect(() => verifyClaims(claims, { ...rules, audiences: null }, 1000)).toThrow('rules name audiences or clients');
});
