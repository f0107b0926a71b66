import type { ServiceFactory } from '../../cloud';
import { cognitoRights } from './authorization';
import { clientOperations } from './clients';
import { OidcRoute } from './oidc';
import { poolsOperations } from './pools';
import { cognitoResources } from './resources';
import { Store } from './store';

export { rotateSigningKeys } from './issuer';

/** Cognito user pools: a real OpenID Connect issuer for clients that act for themselves. */
export const cognitoIdp: ServiceFactory = (cloud) => {
  const store = new Store(cloud);
  return {
    name: 'cognito-idp',
    signingNames: ['cognito-idp'],
    sdk: '@aws-sdk/client-cognito-identity-provider',
    rights: cognitoRights,
    operations: { ...poolsOperations(store), ...clientOperations(store) },
    resources: cognitoResources(store.issuer),
    routes: [new OidcRoute(store)],
  };
};
