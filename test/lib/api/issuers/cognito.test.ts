import { Match, type Template } from 'aws-cdk-lib/assertions';
import { platform } from '../../../../platform';
import { withCompanies } from '../../../support/example-issuers';
import { StageTemplates } from '../../../support/stage-templates';

let dev: Template;
let prod: Template;
beforeAll(() => {
  const templates = new StageTemplates(withCompanies(platform, 'company'));
  dev = templates.template('dev', 'application');
  prod = templates.template('prod', 'application');
});

test('people cannot sign themselves up, have a second factor that is no SMS, and nobody recovers an account by mail', () => {
  prod.hasResourceProperties('AWS::Cognito::UserPool', {
    UserPoolName: 'slipway-prod-people',
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    MfaConfiguration: 'ON',
    EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    UserPoolTier: 'PLUS',
    AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] },
  });
});

test('in production the pool survives a deletion, in dev it goes', () => {
  prod.hasResource('AWS::Cognito::UserPool', {
    DeletionPolicy: 'Retain',
    Properties: { DeletionProtection: 'ACTIVE' },
  });
  dev.hasResource('AWS::Cognito::UserPool', { DeletionPolicy: 'Delete', Properties: { DeletionProtection: 'INACTIVE' } });
});

test("each of its consumers has a client of the consumer's name and scopes; another issuer's consumer has none", () => {
  const clients = Object.values(dev.findResources('AWS::Cognito::UserPoolClient')).map(({ Properties }) => Properties.ClientName);

  expect(clients.toSorted()).toEqual(['slipway-dev-mobile-app', 'slipway-dev-ops-dashboard']);
  dev.hasResourceProperties('AWS::Cognito::UserPoolClient', {
    ClientName: 'slipway-dev-mobile-app',
    AllowedOAuthFlows: ['client_credentials'],
    AllowedOAuthScopes: ['predict', 'models:read'].map((scope) => ({
      'Fn::Join': ['', [Match.anyValue(), `/${scope}`]],
    })),
    AccessTokenValidity: 60,
    TokenValidityUnits: { AccessToken: 'minutes' },
    EnableTokenRevocation: true,
    GenerateSecret: true,
  });
});
