import { exampleTemplates } from '../../support/example-templates';
import { type Allowed, allowed, ownLogsAndTraces } from '../../support/grants';

const templates = exampleTemplates();
const FUNCTIONS = ['authorizer', 'predict', 'outcomes', 'events', 'models'];

/** Put records on streams, which the key of the lake encrypts. */
function putOn(...streams: readonly string[]): Allowed[] {
  return [
    [['kinesis:PutRecords'], streams.map((stream) => `kinesis:stream/slipway-dev-${stream}`)],
    [['kms:GenerateDataKey'], ['<KeysLakeArn>']],
  ];
}

const GRANTS: Readonly<Record<string, readonly Allowed[]>> = {
  authorizer: [
    [['ssm:GetParametersByPath'], ['ssm:parameter/slipway/dev/api/consumers', 'ssm:parameter/slipway/dev/api/consumers/*']],
  ],
  predict: [
    ...putOn('inference'),
    [['sagemaker:BatchGetRecord'], ['sagemaker:feature-group/slipway-dev-*']],
    [['kms:Decrypt'], ['<KeysFeaturesArn>']],
    [['sagemaker:InvokeEndpoint'], ['sagemaker:endpoint/slipway-dev-*']],
  ],
  outcomes: putOn('inference'),
  events: putOn('arrivals', 'departures', 'weather'),
  models: [
    [['sagemaker:DescribeEndpoint'], ['sagemaker:endpoint/slipway-dev-*']],
    [['ssm:GetParameter'], ['ssm:parameter/slipway/dev/*/champion']],
  ],
};

test.each(FUNCTIONS)('%s may do what its routes need and nothing else', (name) => {
  expect(templates.grants('dev', 'application', `Functions${name}Role`)).toEqual(
    allowed(...ownLogsAndTraces(`Functions${name}`), ...(GRANTS[name] ?? [])),
  );
});

test.each(FUNCTIONS)('%s answers within ten seconds, with the concurrency that the stage reserves', (name) => {
  const answer = { Timeout: 10, MemorySize: 1024 };

  expect(templates.properties('prod', 'application', `Functions${name}`)).toMatchObject({
    ...answer,
    FunctionName: `slipway-prod-${name}`,
    ReservedConcurrentExecutions: 150,
  });
  expect(templates.properties('dev', 'application', `Functions${name}`)).toMatchObject(answer);
  expect(templates.properties('dev', 'application', `Functions${name}`)).not.toHaveProperty('ReservedConcurrentExecutions');
});

test('the authorizer knows the rules of the issuers', () => {
  const { Environment } = templates.properties('prod', 'application', 'Functionsauthorizer');

  expect(JSON.parse((Environment as { Variables: { ISSUERS: string } }).Variables.ISSUERS)).toEqual([
    {
      name: 'people',
      issuer: '<Directory.ProviderURL>',
      jwksUri: '<Directory.ProviderURL>/.well-known/jwks.json',
      algorithms: ['RS256'],
      audiences: null,
      tokenUse: 'access',
      maxLifetimeSeconds: 3600,
    },
  ]);
});

test('the contract names the issuer of the platform', () => {
  expect(templates.properties('prod', 'application', 'Functionsmodels')).toMatchObject({
    Environment: { Variables: { ISSUER: '<Directory.ProviderURL>', PLATFORM_VERSION: '1' } },
  });
});
