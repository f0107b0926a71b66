import type { Consumer, Stage } from '../../../../core/definition';
import { names } from '../../../../core/naming';
import { OidcIssuer } from '../../../../lib/api/issuers/oidc';
import { platform } from '../../../../platform';
import { company } from '../../../support/example-issuers';

const [stage] = platform.stages as [Stage];
const [consumer] = platform.consumers as [Consumer];
const issuer = new OidcIssuer({ definition: company('company'), stage, names: names('dev') });

test('its rules are what the definition says, and a token lives no longer than the stage allows', () => {
  expect(issuer.url).toBe('https://company.example.com');
  expect(issuer.rules).toEqual({
    name: 'company',
    issuer: 'https://company.example.com',
    jwksUri: 'https://company.example.com/keys',
    algorithms: ['ES256'],
    audiences: ['predictions'],
    tokenUse: null,
    maxLifetimeSeconds: stage.tokenLifetimeMinutes * 60,
  });
});

test('a client has the id that its consumer names, and a key that is its own', () => {
  expect(issuer.client({ ...consumer, clientId: 'app' })).toEqual({ id: 'app', usageKey: 'slipway-dev-mobile-app' });
  expect(issuer.client({ ...consumer, name: 'partner', clientId: 'app' }).usageKey).toBe('slipway-dev-partner-');
});

test('a key is as long as API Gateway asks, whatever the name', () => {
  expect(issuer.client({ ...consumer, name: 'a', clientId: 'app' }).usageKey).toHaveLength(20);
  expect(issuer.client({ ...consumer, name: 'a'.repeat(32), clientId: 'app' }).usageKey.length).toBeLessThanOrEqual(128);
});

test('a consumer that names no client is none of its', () => {
  expect(() => issuer.client(consumer)).toThrow('consumer mobile-app names no client at issuer company');
});
