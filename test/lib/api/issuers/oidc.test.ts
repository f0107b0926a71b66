import type { Consumer } from '../../../../core/definition';
import { names } from '../../../../core/naming';
import { OidcIssuer } from '../../../../lib/api/issuers/oidc';
import { exampleModel, examplePlatform } from '../../../support/example-templates';

const { stage } = exampleModel('prod');
const issuer = new OidcIssuer({
  stage,
  names: names('prod'),
  definition: {
    name: 'company',
    kind: 'oidc',
    issuer: 'https://login.example.com/oauth2',
    jwksUri: 'https://login.example.com/oauth2/keys',
    audiences: ['https://predictions.example.com'],
    algorithms: ['ES256'],
  },
});

function consumerWith(clientId: string | undefined, name = 'app'): Consumer {
  const [first] = examplePlatform.consumers;
  if (first === undefined) throw new Error('the example has no consumer');
  return { ...first, name, ...(clientId === undefined ? {} : { clientId }) };
}

test('its rules are what the definition says, and tokens live no longer than the stage allows', () => {
  expect(issuer.url).toBe('https://login.example.com/oauth2');
  expect(issuer.rules).toEqual({
    name: 'company',
    issuer: 'https://login.example.com/oauth2',
    jwksUri: 'https://login.example.com/oauth2/keys',
    algorithms: ['ES256'],
    audiences: ['https://predictions.example.com'],
    tokenUse: null,
    maxLifetimeSeconds: 3600,
  });
});

test('a consumer is the client that it names', () => {
  expect(issuer.client(consumerWith('client-1')).id).toBe('client-1');
});

test('keys are those of a stage and as long as API Gateway wants them', () => {
  const short = issuer.client(consumerWith('client-1', 'a'));
  const long = issuer.client(consumerWith('client-1', 'a-consumer-with-a-long-name'));

  expect(short.usageKey).toBe('slipway-prod-a------');
  expect(short.usageKey).toHaveLength(20);
  expect(long.usageKey).toBe('slipway-prod-a-consumer-with-a-long-name');
});

test('a consumer without a client is refused by name', () => {
  expect(() => issuer.client(consumerWith(undefined))).toThrow('consumer app names no client at issuer company');
});
