import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../../cloud';
import { patchBetween } from '../patch';
import { gone, patch, TAGS_STORED, tagMap, text } from './support';

interface Api {
  readonly id: string;
  readonly rootResourceId: string;
}

function apiOutcome({ id, rootResourceId }: Api): ResourceOutcome {
  return { id, attributes: { RestApiId: id, RootResourceId: rootResourceId } };
}

const restApi: ResourceType = {
  type: 'AWS::ApiGateway::RestApi',
  enforced: [
    'Name',
    'Description',
    'ApiKeySourceType',
    'BinaryMediaTypes',
    'MinimumCompressionSize',
    'DisableExecuteApiEndpoint',
  ],
  stored: {
    EndpointConfiguration: 'every endpoint is the one loopback port',
    Policy: 'resource policies are evaluated when IAM evaluation comes to the local AWS',
    SecurityPolicy: 'no TLS on loopback',
    EndpointAccessMode: 'no TLS on loopback',
    Tags: TAGS_STORED,
  },
  async create(properties, context) {
    const api = await context.call<Api>('apigateway', 'CreateRestApi', {
      name: properties.Name ?? context.generateName(128),
      description: properties.Description,
      apiKeySource: properties.ApiKeySourceType,
      binaryMediaTypes: properties.BinaryMediaTypes,
      minimumCompressionSize: properties.MinimumCompressionSize,
      disableExecuteApiEndpoint: properties.DisableExecuteApiEndpoint,
      endpointConfiguration: { types: properties.EndpointConfiguration?.Types ?? ['EDGE'] },
      policy: text(properties.Policy),
      tags: tagMap(context),
    });
    return apiOutcome(api);
  },
  async update(id, properties, previous, context) {
    const types = (value: ResourceProperties): string[] => (value.BinaryMediaTypes ?? []) as string[];
    const escaped = (type: string): string => `/binaryMediaTypes/${type.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    await patch(context, 'UpdateRestApi', { restApiId: id }, [
      ...(properties.Name === undefined ? [] : patchBetween('/name', previous.Name, properties.Name)),
      ...patchBetween('/description', previous.Description, properties.Description),
      ...patchBetween('/apiKeySource', previous.ApiKeySourceType ?? 'HEADER', properties.ApiKeySourceType ?? 'HEADER'),
      ...patchBetween('/minimumCompressionSize', previous.MinimumCompressionSize, properties.MinimumCompressionSize),
      ...patchBetween(
        '/disableExecuteApiEndpoint',
        previous.DisableExecuteApiEndpoint ?? false,
        properties.DisableExecuteApiEndpoint ?? false,
      ),
      ...patchBetween('/policy', text(previous.Policy), text(properties.Policy)),
      ...types(previous).flatMap((type) =>
        types(properties).includes(type) ? [] : [{ op: 'remove' as const, path: escaped(type) }],
      ),
      ...types(properties).flatMap((type) =>
        types(previous).includes(type) ? [] : [{ op: 'add' as const, path: escaped(type) }],
      ),
    ]);
    return apiOutcome(await context.call<Api>('apigateway', 'GetRestApi', { restApiId: id }));
  },
  delete: (id, _properties, context) => gone(context.call('apigateway', 'DeleteRestApi', { restApiId: id })),
};

const resource: ResourceType = {
  type: 'AWS::ApiGateway::Resource',
  enforced: ['ParentId', 'PathPart', 'RestApiId'],
  stored: {},
  async create({ RestApiId: restApiId, ParentId: parentId, PathPart: pathPart }, context) {
    const { id } = await context.call<{ id: string }>('apigateway', 'CreateResource', { restApiId, parentId, pathPart });
    return { id, attributes: { ResourceId: id } };
  },
  delete: (id, { RestApiId: restApiId }, context) =>
    gone(context.call('apigateway', 'DeleteResource', { restApiId, resourceId: id })),
};

async function putMethod(properties: ResourceProperties, context: ResourceContext): Promise<ResourceOutcome> {
  const { RestApiId: restApiId, ResourceId: resourceId, HttpMethod: httpMethod, Integration: integration } = properties;
  const address = { restApiId, resourceId, httpMethod };
  await context.call('apigateway', 'PutMethod', {
    ...address,
    authorizationType: properties.AuthorizationType ?? 'NONE',
    authorizerId: properties.AuthorizerId,
    apiKeyRequired: properties.ApiKeyRequired,
    operationName: properties.OperationName,
    requestValidatorId: properties.RequestValidatorId,
    requestParameters: properties.RequestParameters,
    requestModels: properties.RequestModels,
  });
  for (const response of properties.MethodResponses ?? [])
    await context.call('apigateway', 'PutMethodResponse', {
      ...address,
      statusCode: response.StatusCode,
      responseParameters: response.ResponseParameters,
      responseModels: response.ResponseModels,
    });
  if (integration !== undefined) await putIntegration(address, integration, context);
  return { id: `${restApiId}|${resourceId}|${httpMethod}` };
}

async function putIntegration(address: object, integration: ResourceProperties, context: ResourceContext): Promise<void> {
  await context.call('apigateway', 'PutIntegration', {
    ...address,
    type: integration.Type,
    integrationHttpMethod: integration.IntegrationHttpMethod,
    uri: integration.Uri,
    credentials: integration.Credentials,
    timeoutInMillis: integration.TimeoutInMillis,
    passthroughBehavior: integration.PassthroughBehavior,
    requestTemplates: integration.RequestTemplates,
    requestParameters: integration.RequestParameters,
    contentHandling: integration.ContentHandling,
    connectionId: integration.ConnectionId,
    responseTransferMode: integration.ResponseTransferMode,
  });
  for (const response of integration.IntegrationResponses ?? [])
    await context.call('apigateway', 'PutIntegrationResponse', {
      ...address,
      statusCode: response.StatusCode,
      selectionPattern: response.SelectionPattern,
      responseParameters: response.ResponseParameters,
      responseTemplates: response.ResponseTemplates,
      contentHandling: response.ContentHandling,
    });
}

function dropMethod(properties: ResourceProperties, context: ResourceContext): Promise<void> {
  const { RestApiId: restApiId, ResourceId: resourceId, HttpMethod: httpMethod } = properties;
  return gone(context.call('apigateway', 'DeleteMethod', { restApiId, resourceId, httpMethod }));
}

const method: ResourceType = {
  type: 'AWS::ApiGateway::Method',
  enforced: [
    'ApiKeyRequired',
    'AuthorizationType',
    'AuthorizerId',
    'HttpMethod',
    'Integration',
    'MethodResponses',
    'OperationName',
    'RequestModels',
    'RequestParameters',
    'RequestValidatorId',
    'ResourceId',
    'RestApiId',
  ],
  stored: {},
  create: putMethod,
  // Nobody sees the method between the two calls: stages show deployments, which are copies.
  async update(_id, properties, previous, context) {
    await dropMethod(previous, context);
    return putMethod(properties, context);
  },
  delete: (_id, properties, context) => dropMethod(properties, context),
};

const model: ResourceType = {
  type: 'AWS::ApiGateway::Model',
  enforced: ['ContentType', 'Name', 'RestApiId', 'Schema', 'Description'],
  stored: {},
  async create(properties, context) {
    const name: string = properties.Name ?? context.generateName(128).replace(/[^a-zA-Z0-9]/g, '');
    await context.call('apigateway', 'CreateModel', {
      restApiId: properties.RestApiId,
      name,
      contentType: properties.ContentType ?? 'application/json',
      description: properties.Description,
      schema: text(properties.Schema) ?? '{}',
    });
    return { id: name };
  },
  async update(id, properties, previous, context) {
    await patch(context, 'UpdateModel', { restApiId: properties.RestApiId, modelName: id }, [
      ...patchBetween('/schema', text(previous.Schema), text(properties.Schema) ?? '{}'),
      ...patchBetween('/description', previous.Description, properties.Description),
    ]);
    return { id };
  },
  delete: (id, { RestApiId: restApiId }, context) =>
    gone(context.call('apigateway', 'DeleteModel', { restApiId, modelName: id })),
};

const validator: ResourceType = {
  type: 'AWS::ApiGateway::RequestValidator',
  enforced: ['Name', 'RestApiId', 'ValidateRequestBody', 'ValidateRequestParameters'],
  stored: {},
  async create(properties, context) {
    const { id } = await context.call<{ id: string }>('apigateway', 'CreateRequestValidator', {
      restApiId: properties.RestApiId,
      name: properties.Name ?? context.generateName(128),
      validateRequestBody: properties.ValidateRequestBody,
      validateRequestParameters: properties.ValidateRequestParameters,
    });
    return { id, attributes: { RequestValidatorId: id } };
  },
  async update(id, properties, previous, context) {
    await patch(context, 'UpdateRequestValidator', { restApiId: properties.RestApiId, requestValidatorId: id }, [
      ...patchBetween('/validateRequestBody', previous.ValidateRequestBody ?? false, properties.ValidateRequestBody ?? false),
      ...patchBetween(
        '/validateRequestParameters',
        previous.ValidateRequestParameters ?? false,
        properties.ValidateRequestParameters ?? false,
      ),
    ]);
    return { id, attributes: { RequestValidatorId: id } };
  },
  delete: (id, { RestApiId: restApiId }, context) =>
    gone(context.call('apigateway', 'DeleteRequestValidator', { restApiId, requestValidatorId: id })),
};

/** Types that describe an API: what a deployment copies. */
export const apiResources: readonly ResourceType[] = [restApi, resource, method, model, validator];
