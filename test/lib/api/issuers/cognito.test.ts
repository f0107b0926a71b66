import { exampleTemplates } from '../../../support/example-templates';

const templates = exampleTemplates();

test('people are let in by others, with a second factor and a long password', () => {
  expect(templates.properties('prod', 'application', 'Directory')).toMatchObject({
    UserPoolName: 'slipway-prod-people',
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    MfaConfiguration: 'ON',
    EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] },
    UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
    UserPoolTier: 'PLUS',
    Policies: {
      PasswordPolicy: {
        MinimumLength: 14,
        RequireLowercase: true,
        RequireNumbers: true,
        RequireSymbols: true,
        RequireUppercase: true,
      },
    },
  });
});

test('the directory of production cannot be deleted by accident, that of dev can', () => {
  expect(templates.properties('prod', 'application', 'Directory')).toMatchObject({ DeletionProtection: 'ACTIVE' });
  expect(templates.properties('dev', 'application', 'Directory').DeletionProtection).not.toBe('ACTIVE');
});

test('the address of the token service is unique to stage and account', () => {
  expect(templates.properties('prod', 'application', 'DirectoryDomain')).toMatchObject({
    Domain: 'slipway-prod-<AWS::AccountId>',
  });
});

test.each([
  ['mobile-app', ['predict', 'models:read']],
  ['ops-dashboard', ['predict', 'outcomes:write', 'events:write', 'models:read']],
])('the client of %s gets tokens for its own scopes, by its secret only, for an hour', (name, scopes) => {
  expect(templates.properties('prod', 'application', `DirectoryClient${name.replace('-', '')}`)).toMatchObject({
    ClientName: `slipway-prod-${name}`,
    GenerateSecret: true,
    AllowedOAuthFlows: ['client_credentials'],
    AllowedOAuthScopes: scopes.map((scope) => `<DirectoryApi>/${scope}`),
    AccessTokenValidity: 60,
    TokenValidityUnits: { AccessToken: 'minutes' },
    EnableTokenRevocation: true,
  });
});

test('the scopes of the API are those of the definitions', () => {
  expect(templates.properties('prod', 'application', 'DirectoryApi')).toMatchObject({
    Identifier: 'slipway',
    Scopes: ['predict', 'outcomes:write', 'events:write', 'models:read'].map((ScopeName) =>
      expect.objectContaining({ ScopeName }),
    ),
  });
});
