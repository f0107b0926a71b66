import { ANY, actionsOn, arnOf, type Input, type Rights } from '../../iam/rights';

/** Rights of Cognito's user pool operations. Source: Service Authorization Reference, "Amazon Cognito User Pools". */
export const cognitoRights: Rights = actionsOn('cognito-idp', [
  [
    `DescribeUserPool UpdateUserPool SetUserPoolMfaConfig GetUserPoolMfaConfig DeleteUserPool CreateResourceServer
     DescribeResourceServer ListResourceServers UpdateResourceServer DeleteResourceServer CreateUserPoolDomain DeleteUserPoolDomain
     AdminCreateUser AdminGetUser ListUsers AdminDeleteUser CreateUserPoolClient DescribeUserPoolClient ListUserPoolClients
     UpdateUserPoolClient DeleteUserPoolClient`,
    ({ UserPoolId }: Input, scope) => arnOf('cognito-idp', scope, `userpool/${UserPoolId ?? ''}`),
  ],
  ['CreateUserPool ListUserPools DescribeUserPoolDomain', ANY],
]);
