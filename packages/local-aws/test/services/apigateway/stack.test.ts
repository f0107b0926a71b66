import {
  APIGatewayClient,
  GetApiKeyCommand,
  GetRestApisCommand,
  GetStageCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway';
import { GetWebACLForResourceCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import type { LocalCloud } from '../../../src/server';
import { StackBench } from '../../support/stack-bench';

const VISIBILITY = { CloudWatchMetricsEnabled: true, MetricName: 'acl', SampledRequestsEnabled: false };
let cloud: LocalCloud;
let stacks: StackBench;
let gateway: APIGatewayClient;
let waf: WAFV2Client;

beforeAll(async () => {
  stacks = await StackBench.start();
  cloud = stacks.bench.cloud;
  gateway = await stacks.bench.client(APIGatewayClient);
  waf = await stacks.bench.client(WAFV2Client);
});

afterAll(() => stacks.stop());

interface Options {
  readonly deployment: string;
  readonly rate: number;
  readonly title: string;
  readonly quota?: object;
  readonly origin: string;
}

const RestApiId = { Ref: 'Api' };
const type = (Type: string, Properties: object, more: object = {}): object => ({ Type, Properties, ...more });

function mock(origin: string): object {
  const header = 'method.response.header.Access-Control-Allow-Origin';
  return type('AWS::ApiGateway::Method', {
    RestApiId,
    ResourceId: { Ref: 'Pets' },
    HttpMethod: 'OPTIONS',
    AuthorizationType: 'NONE',
    Integration: {
      Type: 'MOCK',
      RequestTemplates: { 'application/json': '{ statusCode: 200 }' },
      IntegrationResponses: [{ StatusCode: '204', ResponseParameters: { [header]: `'${origin}'` } }],
    },
    MethodResponses: [{ StatusCode: '204', ResponseParameters: { [header]: true } }],
  });
}

function template({ deployment, rate, title, quota, origin }: Options): object {
  const DependsOn = ['Preflight', 'Unauthorized'];
  const stageArn = { 'Fn::Join': ['', ['arn:aws:apigateway:eu-west-1::/restapis/', RestApiId, '/stages/', { Ref: 'Stage' }]] };
  const Resources = {
    Api: type('AWS::ApiGateway::RestApi', {
      Name: 'pets',
      ApiKeySourceType: 'AUTHORIZER',
      EndpointConfiguration: { Types: ['REGIONAL'] },
    }),
    Pets: type('AWS::ApiGateway::Resource', {
      RestApiId,
      ParentId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
      PathPart: 'pets',
    }),
    Preflight: mock(origin),
    Unauthorized: type('AWS::ApiGateway::GatewayResponse', {
      RestApiId,
      ResponseType: 'MISSING_AUTHENTICATION_TOKEN',
      StatusCode: '404',
      ResponseTemplates: { 'application/json': `{"title":"${title}"}` },
    }),
    [deployment]: type('AWS::ApiGateway::Deployment', { RestApiId }, { DependsOn }),
    Stage: type('AWS::ApiGateway::Stage', {
      RestApiId,
      StageName: 'v1',
      DeploymentId: { Ref: deployment },
      MethodSettings: [
        { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: rate, ThrottlingBurstLimit: 5, MetricsEnabled: true },
      ],
    }),
    Plan: type('AWS::ApiGateway::UsagePlan', {
      UsagePlanName: 'gold',
      ApiStages: [
        { ApiId: RestApiId, Stage: { Ref: 'Stage' }, Throttle: { '/pets/OPTIONS': { RateLimit: rate, BurstLimit: 1 } } },
      ],
      Throttle: { RateLimit: rate, BurstLimit: 2 },
      ...(quota === undefined ? {} : { Quota: quota }),
    }),
    Key: type('AWS::ApiGateway::ApiKey', { Enabled: true, Value: 'a-key-of-twenty-characters' }),
    PlanKey: type('AWS::ApiGateway::UsagePlanKey', { KeyId: { Ref: 'Key' }, KeyType: 'API_KEY', UsagePlanId: { Ref: 'Plan' } }),
    Acl: type('AWS::WAFv2::WebACL', { Scope: 'REGIONAL', DefaultAction: { Allow: {} }, VisibilityConfig: VISIBILITY, Rules: [] }),
    AclStage: type('AWS::WAFv2::WebACLAssociation', { ResourceArn: stageArn, WebACLArn: { 'Fn::GetAtt': ['Acl', 'Arn'] } }),
    Pool: type('AWS::Cognito::UserPool', { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } }),
    Server: type('AWS::Cognito::UserPoolResourceServer', {
      UserPoolId: { Ref: 'Pool' },
      Identifier: 'pets',
      Name: 'pets',
      Scopes: [{ ScopeName: 'read', ScopeDescription: 'read' }],
    }),
    Client: type('AWS::Cognito::UserPoolClient', {
      UserPoolId: { Ref: 'Pool' },
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: [{ 'Fn::Join': ['/', [{ Ref: 'Server' }, 'read']] }],
    }),
  };
  const value = (Value: object): object => ({ Value });
  const Outputs = {
    Api: value(RestApiId),
    Key: value({ Ref: 'Key' }),
    Issuer: value({ 'Fn::GetAtt': ['Pool', 'ProviderURL'] }),
    Client: value({ Ref: 'Client' }),
    Secret: value({ 'Fn::GetAtt': ['Client', 'ClientSecret'] }),
  };
  return { Resources, Outputs };
}

test('a stack of an API, its plan, firewall and token issuer is created, updated in place and deleted', async () => {
  const first = { deployment: 'One', rate: 100, title: 'first', origin: 'https://a', quota: { Limit: 10, Period: 'DAY' } };
  expect(await stacks.deployOrReasons('pets', template(first))).toBe('CREATE_COMPLETE');
  const output = await stacks.outputs('pets');
  const url = `${cloud.endpoint}/restapis/${output.Api}/v1/_user_request_`;
  const arn = `arn:aws:apigateway:eu-west-1::/restapis/${output.Api}/stages/v1`;

  expect((await fetch(`${url}/pets`, { method: 'OPTIONS' })).headers.get('access-control-allow-origin')).toBe('https://a');
  const unknown = await fetch(`${url}/none`);
  expect([unknown.status, await unknown.json()]).toEqual([404, { title: 'first' }]);
  expect((await waf.send(new GetWebACLForResourceCommand({ ResourceArn: arn }))).WebACL?.Name).toMatch(/^pets-Acl-/);
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: output.Client ?? '',
    client_secret: output.Secret ?? '',
  });
  const discovery = (await (await fetch(`${output.Issuer}/.well-known/openid-configuration`)).json()) as {
    token_endpoint: string;
  };
  expect((await fetch(discovery.token_endpoint, { method: 'POST', body: form })).status).toBe(200);

  const second = { deployment: 'Two', rate: 50, title: 'second', origin: 'https://b' };
  expect(await stacks.deployOrReasons('pets', template(second))).toBe('UPDATE_COMPLETE');

  expect((await fetch(`${url}/pets`, { method: 'OPTIONS' })).headers.get('access-control-allow-origin')).toBe('https://b');
  expect(await (await fetch(`${url}/none`)).json()).toEqual({ title: 'second' });
  const stage = await gateway.send(new GetStageCommand({ restApiId: output.Api, stageName: 'v1' }));
  expect(stage.methodSettings).toMatchObject({
    '*/*': { throttlingRateLimit: 50, throttlingBurstLimit: 5, metricsEnabled: true },
  });
  const [plan] = (await gateway.send(new GetUsagePlansCommand({}))).items ?? [];
  expect(plan).toMatchObject({
    throttle: { rateLimit: 50, burstLimit: 2 },
    apiStages: [{ apiId: output.Api, stage: 'v1', throttle: { '/pets/OPTIONS': { rateLimit: 50, burstLimit: 1 } } }],
  });
  expect(plan?.quota).toBeUndefined();
  expect((await gateway.send(new GetApiKeyCommand({ apiKey: output.Key, includeValue: true }))).value).toBe(
    'a-key-of-twenty-characters',
  );

  expect(await stacks.delete('pets')).toBe('GONE');
  expect((await gateway.send(new GetRestApisCommand({}))).items ?? []).toEqual([]);
});
