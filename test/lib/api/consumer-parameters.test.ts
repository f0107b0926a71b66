import { exampleTemplates } from '../../support/example-templates';

const templates = exampleTemplates();

test('a parameter below one path tells which consumer a client of an issuer is, and the value of its key', () => {
  const parameters = templates.propertiesOf('prod', 'application', 'AWS::SSM::Parameter');

  expect(parameters.map(({ Name, Value }) => [Name, JSON.parse(String(Value))])).toEqual(
    [
      ['mobile-app', '<DirectoryClientmobileapp>'],
      ['ops-dashboard', '<DirectoryClientopsdashboard>'],
    ].map(([consumer, client]) => [`/slipway/prod/api/consumers/people/${client}`, { consumer, usageKey: client }]),
  );
});

test('the authorizer, and no other function, reads that path and nothing below another', () => {
  const roles = ['authorizer', 'predict', 'outcomes', 'events', 'models'].map((name) => `Functions${name}Role`);
  const readers = roles.filter((role) => 'ssm:GetParametersByPath' in templates.grants('prod', 'application', role));

  expect(readers).toEqual(['FunctionsauthorizerRole']);
  expect(templates.grants('prod', 'application', 'FunctionsauthorizerRole')).toHaveProperty(
    ['ssm:GetParametersByPath'],
    ['ssm:parameter/slipway/prod/api/consumers', 'ssm:parameter/slipway/prod/api/consumers/*'],
  );
});
