import type * as Sdk from '@aws-sdk/client-api-gateway';
import type { Operations } from '../../../cloud';
import { AwsError } from '../../../errors';
import { refuseVtl } from '../gateway/mock';
import { defined } from '../patch';
import type { IntegrationRecord, IntegrationResponseRecord, MethodRecord, MethodResponseRecord } from '../records';
import { badRequest, conflict, notFound, type Store } from '../store';
import { functionOf } from '../uri';

const METHODS = ['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
const MIN_TIMEOUT_MS = 50;
const MAX_TIMEOUT_MS = 29_000;

function describeIntegration(record: IntegrationRecord): Sdk.Integration {
  const { responses, ...rest } = record;
  return { ...rest, integrationResponses: { ...responses } } as Sdk.Integration;
}

function describeMethod(record: MethodRecord): Sdk.Method {
  const { responses, integration, resourceId: _, ...rest } = record;
  return {
    ...rest,
    methodResponses: { ...responses } as Record<string, Sdk.MethodResponse>,
    ...(integration === undefined ? {} : { methodIntegration: describeIntegration(integration) }),
  };
}

function readMethod(store: Store, input: Sdk.PutMethodCommandInput): MethodRecord {
  const httpMethod = input.httpMethod ?? '';
  if (!METHODS.includes(httpMethod)) throw badRequest(`Invalid HTTP method specified: ${httpMethod}`);
  const type = input.authorizationType ?? '';
  if (type !== 'NONE' && type !== 'CUSTOM')
    throw badRequest(`The local AWS supports the authorization types NONE and CUSTOM; given ${type}`);
  if (input.authorizationScopes !== undefined && input.authorizationScopes.length > 0)
    throw badRequest('The local AWS does not support authorizationScopes (they belong to Cognito and JWT authorizers)');
  if (type === 'CUSTOM') store.authorizer(input.restApiId, input.authorizerId);
  if (input.requestValidatorId !== undefined) store.validator(input.restApiId, input.requestValidatorId);
  for (const name of Object.keys(input.requestParameters ?? {}))
    if (!/^method\.request\.(querystring|path|header|multivaluequerystring|multivalueheader)\.[^.]+/.test(name))
      throw badRequest(
        `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: ${name}]`,
      );
  for (const name of Object.values(input.requestModels ?? {}))
    if (name !== 'Empty' && name !== 'Error') store.model(input.restApiId, name);
  return defined({
    resourceId: input.resourceId ?? '',
    httpMethod,
    authorizationType: type,
    authorizerId: type === 'CUSTOM' ? input.authorizerId : undefined,
    apiKeyRequired: input.apiKeyRequired ?? false,
    operationName: input.operationName,
    requestValidatorId: input.requestValidatorId,
    requestParameters: input.requestParameters,
    requestModels: input.requestModels,
    responses: {},
  }) as MethodRecord;
}

function readIntegration(input: Sdk.PutIntegrationCommandInput): IntegrationRecord {
  const { type } = input;
  if (type !== 'AWS_PROXY' && type !== 'MOCK')
    throw badRequest(`The local AWS supports integrations of type AWS_PROXY (Lambda) and MOCK; given ${type}`);
  if (type === 'AWS_PROXY' && functionOf(input.uri) === undefined) throw badRequest('Invalid ARN specified in the request');
  if (type === 'AWS_PROXY' && input.integrationHttpMethod === undefined)
    throw badRequest('Enumeration value for HttpMethod must be non-empty');
  for (const name of ['contentHandling', 'connectionId', 'tlsConfig', 'requestParameters', 'responseTransferMode'] as const)
    if (input[name] !== undefined && (name !== 'responseTransferMode' || input[name] !== 'BUFFERED'))
      throw badRequest(`The local AWS does not support '${name}' of an integration`);
  const timeoutInMillis = input.timeoutInMillis ?? MAX_TIMEOUT_MS;
  if (timeoutInMillis < MIN_TIMEOUT_MS || timeoutInMillis > MAX_TIMEOUT_MS)
    throw badRequest(`Timeout should be between ${MIN_TIMEOUT_MS} ms and ${MAX_TIMEOUT_MS} ms`);
  return defined({
    type,
    httpMethod: input.integrationHttpMethod,
    uri: input.uri,
    credentials: input.credentials,
    timeoutInMillis,
    passthroughBehavior: input.passthroughBehavior ?? 'WHEN_NO_MATCH',
    requestTemplates: input.requestTemplates,
    responses: {},
  }) as IntegrationRecord;
}

/** What the operations share. */
function methodScope(store: Store) {
  interface Address {
    readonly restApiId?: string | undefined;
    readonly resourceId?: string | undefined;
    readonly httpMethod?: string | undefined;
  }
  const find = (input: Address): MethodRecord => store.method(input.restApiId, input.resourceId, input.httpMethod);
  const put = async (input: Address, record: MethodRecord): Promise<MethodRecord> => {
    await store.methods.put([input.restApiId ?? '', record.resourceId, record.httpMethod], record);
    return record;
  };
  const integrationOf = (input: Address): IntegrationRecord => {
    const { integration } = find(input);
    if (integration === undefined) throw new AwsError('NotFoundException', 'No integration defined for method', { status: 404 });
    return integration;
  };
  return { store, put, find, integrationOf };
}
type MethodScope = ReturnType<typeof methodScope>;

async function putMethod({ store, put }: MethodScope, input: Sdk.PutMethodCommandInput) {
  store.resource(input.restApiId, input.resourceId);
  if (store.methods.get([input.restApiId ?? '', input.resourceId ?? '', input.httpMethod ?? '']) !== undefined)
    throw conflict('Method already exists for this resource');
  return describeMethod(await put(input, readMethod(store, input)));
}

async function deleteMethod({ find, store }: MethodScope, input: Sdk.DeleteMethodCommandInput) {
  const record = find(input);
  await store.methods.remove([input.restApiId ?? '', record.resourceId, record.httpMethod]);
}

async function putMethodResponse({ find, put }: MethodScope, input: Sdk.PutMethodResponseCommandInput) {
  const record = find(input);
  const { statusCode = '', responseParameters, responseModels } = input;
  const response = defined({ statusCode, responseParameters, responseModels }) as MethodResponseRecord;
  await put(input, { ...record, responses: { ...record.responses, [statusCode]: response } });
  return response;
}

async function putIntegration({ put, find }: MethodScope, input: Sdk.PutIntegrationCommandInput) {
  const integration = readIntegration(input);
  refuseVtl(integration.requestTemplates);
  await put(input, { ...find(input), integration });
  return describeIntegration(integration);
}

async function putIntegrationResponse({ find, integrationOf, put }: MethodScope, input: Sdk.PutIntegrationResponseCommandInput) {
  const { statusCode = '', selectionPattern, responseParameters, responseTemplates } = input;
  refuseVtl(responseTemplates);
  if (input.contentHandling !== undefined) throw badRequest("The local AWS does not support 'contentHandling'");
  if (find(input).responses[statusCode] === undefined) throw notFound('Response status code');
  const response = defined({ statusCode, selectionPattern, responseParameters, responseTemplates });
  const integration = integrationOf(input);
  const responses = { ...integration.responses, [statusCode]: response as IntegrationResponseRecord };
  await put(input, { ...find(input), integration: { ...integration, responses } });
  return response;
}

/** Methods with their integrations and responses. */
export function methodOperations(store: Store): Operations {
  const scope = methodScope(store);
  const { find, integrationOf } = scope;
  return {
    PutMethod: (input: Sdk.PutMethodCommandInput) => putMethod(scope, input),
    GetMethod: (input: Sdk.GetMethodCommandInput) => describeMethod(find(input)),
    DeleteMethod: (input: Sdk.DeleteMethodCommandInput) => deleteMethod(scope, input),
    PutMethodResponse: (input: Sdk.PutMethodResponseCommandInput) => putMethodResponse(scope, input),
    PutIntegration: (input: Sdk.PutIntegrationCommandInput) => putIntegration(scope, input),
    GetIntegration: (input: Sdk.GetIntegrationCommandInput) => describeIntegration(integrationOf(input)),
    PutIntegrationResponse: (input: Sdk.PutIntegrationResponseCommandInput) => putIntegrationResponse(scope, input),
  };
}
