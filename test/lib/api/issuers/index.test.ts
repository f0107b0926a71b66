import { type Platform, parsePlatform } from '../../../../core/definition';
import { company, withCompanies } from '../../../support/example-issuers';
import { platform } from '../../../support/example-platform';
import { StageTemplates, textOf } from '../../../support/stage-templates';

function application(of: Platform, packs = false) {
  const templates = new StageTemplates(of, { packs });
  const variables = (name: string): Record<string, string> => {
    const found = templates.template('dev', 'application').findResources('AWS::Lambda::Function', {
      Properties: { FunctionName: `slipway-dev-${name}` },
    });
    const [resource] = Object.values(found);
    const variablesOf = (resource?.Properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
    return Object.fromEntries(Object.entries(variablesOf.Variables ?? {}).map(([key, value]) => [key, textOf(value)]));
  };
  return { template: templates.template('dev', 'application'), variables };
}

test("the authorizer trusts every issuer by its own rules, and the contract names the first one's tokens", () => {
  const { variables } = application(withCompanies(platform, 'company'));

  expect(JSON.parse(variables('authorizer').ISSUERS ?? '')).toEqual([
    {
      name: 'people',
      issuer: '<Directory.ProviderURL>',
      jwksUri: '<Directory.ProviderURL>/.well-known/jwks.json',
      algorithms: ['RS256'],
      audiences: null,
      tokenUse: 'access',
      maxLifetimeSeconds: 3600,
    },
    {
      name: 'company',
      issuer: 'https://company.example.com',
      jwksUri: 'https://company.example.com/keys',
      algorithms: ['ES256'],
      audiences: ['predictions'],
      tokenUse: null,
      maxLifetimeSeconds: 3600,
    },
  ]);
  expect(variables('models').ISSUER).toBe('<Directory.ProviderURL>');
});

test('a platform whose issuers are all there already makes no user pool', () => {
  const consumers = platform.consumers.map((it) => ({ ...it, clientId: it.name }));
  const { template, variables } = application(parsePlatform({ ...platform, issuers: [company('company')], consumers }), true);

  for (const type of ['UserPool', 'UserPoolClient', 'UserPoolDomain', 'UserPoolResourceServer'])
    template.resourceCountIs(`AWS::Cognito::${type}`, 0);
  expect(Object.keys(template.toJSON().Outputs).filter((name) => !name.startsWith('Exports'))).not.toContain('UserPoolId');
  expect(variables('models').ISSUER).toBe('https://company.example.com');
});
