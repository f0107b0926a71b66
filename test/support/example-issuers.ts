import { type IssuerOf, type Platform, parsePlatform } from '../../core/definition';

/** An issuer that is there already. */
export function company(name: string): IssuerOf<'oidc'> {
  return {
    name,
    kind: 'oidc',
    issuer: `https://${name}.example.com`,
    jwksUri: `https://${name}.example.com/keys`,
    audiences: ['predictions'],
    algorithms: ['ES256'],
  };
}

/** The platform with other issuers: its first consumer is client `app` of the first of them, a second one of the second, and so on. */
export function withCompanies(platform: Platform, ...issuers: readonly string[]): Platform {
  const [first, ...rest] = platform.consumers;
  return parsePlatform({
    ...platform,
    issuers: [...platform.issuers, ...issuers.map(company)],
    consumers: [first, ...rest, ...issuers.map((issuer) => ({ ...first, name: `app-of-${issuer}`, issuer, clientId: 'app' }))],
  });
}
