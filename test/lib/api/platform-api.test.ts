import { ROUTES } from '../../../core/api';
import { examplePlatform, exampleTemplates } from '../../support/example-templates';

const templates = exampleTemplates();

function methodsOf(stage: string): Readonly<Record<string, unknown>>[] {
  return templates.propertiesOf(stage, 'application', 'AWS::ApiGateway::Method');
}

test.each(ROUTES)('$method $path is a method, open or behind the authorizer and a plan, as the contract says', (route) => {
  const method = methodsOf('prod').find(({ OperationName }) => OperationName === route.operation);

  expect(method).toMatchObject({
    HttpMethod: route.method,
    RequestValidatorId: '<ApiValidator>',
    ...(route.scope === null
      ? { AuthorizationType: 'NONE' }
      : { AuthorizationType: 'CUSTOM', AuthorizerId: '<ApiAuthorizer>', ApiKeyRequired: true }),
  });
});

test('only health and contract are open, and nothing but the contract is a method', () => {
  const methods = methodsOf('dev');
  const open = methods.filter(({ AuthorizationType }) => AuthorizationType !== 'CUSTOM');

  expect(open.map(({ OperationName }) => OperationName).toSorted()).toEqual(['health', 'openapi']);
  expect(methods.map(({ OperationName }) => OperationName).toSorted()).toEqual(
    ROUTES.map(({ operation }) => operation).toSorted(),
  );
});

test.each([
  ['predict', 'predict'],
  ['outcomes', 'outcomes'],
  ['events', 'events'],
  ['model', 'models'],
  ['health', 'models'],
  ['openapi', 'models'],
])('%s is answered by %s', (operation, name) => {
  const method = methodsOf('prod').find(({ OperationName }) => OperationName === operation);

  expect(method).toMatchObject({
    Integration: { Type: 'AWS_PROXY', Uri: expect.stringContaining(`/functions/<Functions${name}.Arn>/invocations`) },
  });
});

test('the gateway may call a function for its own routes only', () => {
  const calls = templates
    .propertiesOf('prod', 'application', 'AWS::Lambda::Permission')
    .filter(({ Principal }) => Principal === 'apigateway.amazonaws.com')
    .map(({ FunctionName, SourceArn }) => [FunctionName, String(SourceArn).replace(/^.*<Api>\//, '')]);

  expect(calls).toEqual([
    ['<Functionsauthorizer.Arn>', 'authorizers/<ApiAuthorizer>'],
    ['<Functionspredict.Arn>', '<ApiDeploymentStageapi>/POST/v1/models/*/predictions'],
    ['<Functionsmodels.Arn>', '<ApiDeploymentStageapi>/GET/v1/models/*'],
    ['<Functionsoutcomes.Arn>', '<ApiDeploymentStageapi>/POST/v1/outcomes'],
    ['<Functionsevents.Arn>', '<ApiDeploymentStageapi>/POST/v1/events/*'],
    ['<Functionsmodels.Arn>', '<ApiDeploymentStageapi>/GET/healthz'],
    ['<Functionsmodels.Arn>', '<ApiDeploymentStageapi>/GET/openapi.json'],
  ]);
});

test('the authorizer names the key of the caller, and its verdict on a token is remembered for five minutes', () => {
  expect(templates.properties('prod', 'application', 'Api')).toMatchObject({
    Name: 'slipway-prod-api',
    ApiKeySourceType: 'AUTHORIZER',
    EndpointConfiguration: { Types: ['REGIONAL'] },
  });
  expect(templates.properties('prod', 'application', 'ApiAuthorizer')).toMatchObject({
    Type: 'REQUEST',
    IdentitySource: 'method.request.header.Authorization',
    AuthorizerResultTtlInSeconds: 300,
  });
});

test('all consumers together are throttled as the stage says; bodies are never logged', () => {
  expect(templates.properties('prod', 'application', 'ApiDeploymentStageapi')).toMatchObject({
    StageName: 'api',
    TracingEnabled: true,
    MethodSettings: [
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        ThrottlingRateLimit: 2000,
        ThrottlingBurstLimit: 4000,
        DataTraceEnabled: false,
        LoggingLevel: 'ERROR',
        MetricsEnabled: true,
      },
    ],
  });
});

test('who asked what and how it ended is kept for audits', () => {
  const { AccessLogSetting } = templates.properties('prod', 'application', 'ApiDeploymentStageapi');
  const { DestinationArn, Format } = AccessLogSetting as { DestinationArn: string; Format: string };

  expect(DestinationArn).toBe('<ApiAccessLog.Arn>');
  expect(JSON.parse(Format)).toMatchObject({
    requestId: '$context.requestId',
    consumer: '$context.authorizer.consumer',
    path: '$context.path',
    status: '$context.status',
    sourceIp: '$context.identity.sourceIp',
  });
  expect(templates.properties('prod', 'application', 'ApiAccessLog')).toMatchObject({ RetentionInDays: 400 });
});

test('each consumer has its own plan and key, and the key is its client', () => {
  expect(examplePlatform.consumers.length).toBeGreaterThan(1);
  for (const { name, plan } of examplePlatform.consumers) {
    const id = name.replace('-', '');

    expect(templates.properties('prod', 'application', `ApiPlan${id}`)).toMatchObject({
      UsagePlanName: `slipway-prod-${name}`,
      Throttle: { RateLimit: plan.rate, BurstLimit: plan.burst },
      ...(plan.quota === undefined ? {} : { Quota: { Limit: plan.quota.limit, Period: plan.quota.period } }),
      ApiStages: [{ ApiId: '<Api>', Stage: '<ApiDeploymentStageapi>' }],
    });
    expect(templates.properties('prod', 'application', `ApiKey${id}`)).toMatchObject({ Value: `<DirectoryClient${id}>` });
    expect(templates.propertiesOf('prod', 'application', 'AWS::ApiGateway::UsagePlanKey')).toContainEqual({
      KeyId: `<ApiKey${id}>`,
      KeyType: 'API_KEY',
      UsagePlanId: `<ApiPlan${id}>`,
    });
  }
});

test('browsers of the origins that the stage names may ask, and of no other; without origins there is no preflight', () => {
  const preflights = methodsOf('prod').filter(({ HttpMethod }) => HttpMethod === 'OPTIONS');

  expect(preflights.length).toBeGreaterThan(0);
  for (const preflight of preflights)
    expect(preflight).toHaveProperty('Integration.IntegrationResponses.0.ResponseParameters', {
      'method.response.header.Access-Control-Allow-Origin': "'https://ops.example.com'",
      'method.response.header.Access-Control-Allow-Methods': "'GET,POST'",
      'method.response.header.Access-Control-Allow-Headers': "'authorization,content-type,x-request-id'",
      'method.response.header.Access-Control-Max-Age': "'3600'",
      'method.response.header.Vary': "'Origin'",
    });
  expect(methodsOf('dev').filter(({ HttpMethod }) => HttpMethod === 'OPTIONS')).toEqual([]);
});
