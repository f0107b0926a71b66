import {
  type Consumer,
  DEFAULT_ISSUERS,
  type IssuerDefinition,
  issuerOf,
  type Platform,
  parsePlatform,
} from '../../../core/definition';
import { platform } from '../../support/example-platform';

const company: IssuerDefinition = {
  name: 'company',
  kind: 'oidc',
  issuer: 'https://login.example.com',
  jwksUri: 'https://login.example.com/keys',
  audiences: ['predictions'],
  algorithms: ['RS256'],
};

const [first, second] = platform.consumers as [Consumer, Consumer];
const app: Consumer = { ...first, issuer: 'company', clientId: 'app' };

function withIssuers(issuers: readonly object[], consumers: readonly object[] = platform.consumers): Platform {
  return parsePlatform({ ...platform, issuers, consumers });
}

test('a platform that names no issuer has a user pool, of which its consumers are clients', () => {
  const { issuers: _, ...rest } = platform;
  const parsed = parsePlatform(rest);

  expect(parsed.issuers).toEqual(DEFAULT_ISSUERS);
  expect(issuerOf(parsed, first)).toEqual({ name: 'people', kind: 'cognito' });
});

test('a consumer is a client of the issuer that it names', () => {
  const parsed = withIssuers([...DEFAULT_ISSUERS, company], [app, second]);

  expect(parsed.consumers.map((consumer) => issuerOf(parsed, consumer).name)).toEqual(['company', 'people']);
});

test('the same client id at two issuers is two clients', () => {
  const partner = { ...company, name: 'partner', issuer: 'https://login.example.org' };

  expect(withIssuers([company, partner], [app, { ...second, issuer: 'partner', clientId: 'app' }]).consumers).toHaveLength(2);
});

test.each<[string, readonly object[], readonly object[], string]>([
  [
    'an issuer that does not exist',
    [company],
    [{ ...app, issuer: 'compani' }],
    "consumers.mobile-app.issuer: unknown issuer 'compani', allowed: company",
  ],
  [
    'no client of an issuer that is there already',
    [company],
    [{ ...first, issuer: 'company' }],
    "consumers.mobile-app.clientId: must name the client of 'company'",
  ],
  [
    'a client of a pool that makes them',
    DEFAULT_ISSUERS,
    [{ ...first, clientId: 'app' }],
    "consumers.mobile-app.clientId: must be left out: the deployment makes the clients of 'people'",
  ],
  [
    'a client of another consumer',
    [company],
    [app, { ...second, clientId: 'app' }],
    "consumers.ops-dashboard.clientId: is the client of 'mobile-app' already, at 'company'",
  ],
  [
    'a second user pool',
    [...DEFAULT_ISSUERS, { name: 'staff', kind: 'cognito' }],
    platform.consumers,
    'issuers.staff.kind: must not be cognito: a platform has one user pool',
  ],
  [
    'two issuers of one address',
    [...DEFAULT_ISSUERS, company, { ...company, name: 'twin' }],
    platform.consumers,
    "issuers.twin.issuer: is the address of 'company' already",
  ],
  [
    'an issuer that is named as a pointer',
    [{ ...company, name: 'champion' }],
    [{ ...app, issuer: 'champion' }],
    "issuers.champion.name: must not be one of champion, freeze: models' parameters are named so",
  ],
  [
    'a client that is named as a pointer',
    [company],
    [{ ...app, clientId: 'freeze' }],
    "consumers.mobile-app.clientId: must not be one of champion, freeze: models' parameters are named so",
  ],
  [
    'keys that are not fetched by TLS',
    [{ ...company, jwksUri: 'http://login.example.com/keys' }],
    [app],
    'issuers.company.jwksUri: ',
  ],
  ['no issuer at all', [], [], 'issuers: '],
])('%s is refused', (_, issuers, consumers, expected) => {
  expect(() => withIssuers(issuers, consumers)).toThrow(expected);
});
