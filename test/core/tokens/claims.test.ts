import { type ClaimRules, hasScopes, verifyClaims } from '../../../core/tokens';

const rules: ClaimRules = { issuer: 'i', audiences: ['api'], tokenUse: null, maxLifetimeSeconds: 100 };
const claims = { iss: 'i', sub: 's', aud: ['other', 'api'], iat: 0, exp: 100 };

test('a scope is granted by its exact name only', () => {
  expect(hasScopes(['predict'], ['predict'])).toBe(true);
  expect(hasScopes(['predict:readonly', 'predicts'], ['predict'])).toBe(false);
});

test('an audience may stand in a list', () => {
  expect(verifyClaims(claims, rules, 1000)).toMatchObject({ client_id: 's', scopes: [] });
  expect(() => verifyClaims({ ...claims, aud: 'apix' }, rules, 1000)).toThrow('invalid_claims: aud is accepted');
});

test('without audiences a token must name its client', () => {
  const byClient = { ...rules, audiences: null };

  expect(verifyClaims({ ...claims, client_id: 'app' }, byClient, 1000)).toMatchObject({ client_id: 'app' });
  for (const client_id of [undefined, '', 7, null])
    expect(() => verifyClaims({ ...claims, ...(client_id === undefined ? {} : { client_id }) }, byClient, 1000)).toThrow(
      'invalid_claims: client_id is present',
    );
});
