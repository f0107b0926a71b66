import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../../cloud';
import { patchBetween } from '../patch';
import { gone, patch } from './support';

/** Patchable properties of an authorizer by the path that CloudFormation's handler patches. */
const AUTHORIZER_PATHS: Readonly<Record<string, string>> = {
  Name: '/name',
  Type: '/type',
  AuthorizerUri: '/authorizerUri',
  AuthorizerCredentials: '/authorizerCredentials',
  IdentitySource: '/identitySource',
  IdentityValidationExpression: '/identityValidationExpression',
};

export const authorizer: ResourceType = {
  type: 'AWS::ApiGateway::Authorizer',
  enforced: [...Object.keys(AUTHORIZER_PATHS), 'AuthorizerResultTtlInSeconds', 'RestApiId'],
  stored: { AuthType: 'a label for imports and exports, without effect in AWS too' },
  async create(properties, context) {
    const { id } = await context.call<{ id: string }>('apigateway', 'CreateAuthorizer', {
      restApiId: properties.RestApiId,
      name: properties.Name,
      type: properties.Type,
      authorizerUri: properties.AuthorizerUri,
      authorizerCredentials: properties.AuthorizerCredentials,
      identitySource: properties.IdentitySource,
      identityValidationExpression: properties.IdentityValidationExpression,
      authorizerResultTtlInSeconds: properties.AuthorizerResultTtlInSeconds,
    });
    return { id, attributes: { AuthorizerId: id } };
  },
  async update(id, properties, previous, context) {
    const ttl = (value: ResourceProperties): number => value.AuthorizerResultTtlInSeconds ?? 300;
    await patch(context, 'UpdateAuthorizer', { restApiId: properties.RestApiId, authorizerId: id }, [
      ...Object.entries(AUTHORIZER_PATHS).flatMap(([name, path]) => patchBetween(path, previous[name], properties[name])),
      ...patchBetween('/authorizerResultTtlInSeconds', ttl(previous), ttl(properties)),
    ]);
    return { id, attributes: { AuthorizerId: id } };
  },
  delete: (id, { RestApiId: restApiId }, context) =>
    gone(context.call('apigateway', 'DeleteAuthorizer', { restApiId, authorizerId: id })),
};

async function putResponse(properties: ResourceProperties, context: ResourceContext): Promise<ResourceOutcome> {
  await context.call('apigateway', 'PutGatewayResponse', {
    restApiId: properties.RestApiId,
    responseType: properties.ResponseType,
    statusCode: properties.StatusCode,
    responseParameters: properties.ResponseParameters,
    responseTemplates: properties.ResponseTemplates,
  });
  const id = `${properties.RestApiId}|${properties.ResponseType}`;
  return { id, attributes: { Id: id } };
}

export const gatewayResponse: ResourceType = {
  type: 'AWS::ApiGateway::GatewayResponse',
  enforced: ['ResponseParameters', 'ResponseTemplates', 'ResponseType', 'RestApiId', 'StatusCode'],
  stored: {},
  create: putResponse,
  update: (_id, properties, _previous, context) => putResponse(properties, context),
  delete: (_id, { RestApiId: restApiId, ResponseType: responseType }, context) =>
    gone(context.call('apigateway', 'DeleteGatewayResponse', { restApiId, responseType })),
};

export const account: ResourceType = {
  type: 'AWS::ApiGateway::Account',
  enforced: ['CloudWatchRoleArn'],
  stored: {},
  async create({ CloudWatchRoleArn: role }, context) {
    await patch(context, 'UpdateAccount', {}, patchBetween('/cloudwatchRoleArn', undefined, role));
    const id = context.generateName(64);
    return { id, attributes: { Id: id } };
  },
  async update(id, { CloudWatchRoleArn: role }, previous, context) {
    await patch(context, 'UpdateAccount', {}, patchBetween('/cloudwatchRoleArn', previous.CloudWatchRoleArn, role));
    return { id, attributes: { Id: id } };
  },
  // The account keeps its role, as in AWS: it is one setting for all APIs of the region.
  delete: () => Promise.resolve(),
};
