import { DEFAULT_ISSUERS, type IssuerDefinition, issuerKind, issuerSchema } from '../../../core/issuers';

const people: IssuerDefinition = { name: 'people', kind: 'cognito' };
const company = {
  name: 'company',
  kind: 'oidc',
  issuer: 'https://login.example.com',
  jwksUri: 'https://login.example.com/keys',
  audiences: ['predictions'],
  algorithms: ['RS256'],
} as const;

test('without a word about issuers there is one user pool', () => {
  expect(DEFAULT_ISSUERS).toEqual([people]);
  expect(issuerSchema.parse(people)).toEqual(people);
});

test('an issuer that is there already says its address, its keys, whom its tokens are for and how they are signed', () => {
  const many = { ...company, audiences: ['a', 'b'], algorithms: ['RS256', 'ES256', 'EdDSA'] };

  expect(issuerSchema.parse(company)).toEqual(company);
  expect(issuerSchema.parse(many)).toEqual(many);
});

test.each<[string, object]>([
  ['another kind', { ...people, kind: 'saml' }],
  ['a user pool without a name', { kind: 'cognito' }],
  ['a user pool with an address', { ...people, issuer: company.issuer }],
  ['an address without TLS', { ...company, issuer: 'http://login.example.com' }],
  ['an address of a scheme that begins like TLS', { ...company, issuer: 'httpsx://login.example.com' }],
  ['an address of a scheme that ends like TLS', { ...company, issuer: 'xhttps://login.example.com' }],
  ['keys without TLS', { ...company, jwksUri: 'http://login.example.com/keys' }],
  ['keys of a scheme that begins like TLS', { ...company, jwksUri: 'httpsx://login.example.com/keys' }],
  ['keys of a scheme that ends like TLS', { ...company, jwksUri: 'xhttps://login.example.com/keys' }],
  ['no address of keys', { ...company, jwksUri: undefined }],
  ['no audience', { ...company, audiences: [] }],
  ['an empty audience', { ...company, audiences: [''] }],
  ['no algorithm', { ...company, algorithms: [] }],
  ['a signature by a shared secret', { ...company, algorithms: ['HS256'] }],
  ['an unknown member', { ...company, secret: 'x' }],
])('%s is refused', (_, given) => {
  expect(issuerSchema.safeParse(given).success).toBe(false);
});

test('a user pool makes its clients and is the only one; its address is known when it is deployed', () => {
  const kind = issuerKind(people);

  expect(kind.makesClients).toBe(true);
  expect(kind.onlyOne).toBe('a platform has one user pool');
  expect(kind.address(people)).toBeUndefined();
});

test("another's issuer makes none, is one of many, and its address is known", () => {
  const kind = issuerKind({ ...company, audiences: [...company.audiences], algorithms: [...company.algorithms] });

  expect(kind.makesClients).toBe(false);
  expect(kind.onlyOne).toBeUndefined();
  expect(kind.address(company)).toBe('https://login.example.com');
});
