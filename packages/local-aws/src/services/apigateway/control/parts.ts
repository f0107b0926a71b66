import type * as Sdk from '@aws-sdk/client-api-gateway';
import type { Operations } from '../../../cloud';
import { RESPONSE_TYPES } from '../gateway/response-types';
import { compileModel } from '../gateway/validate';
import { applyPatch, defined } from '../patch';
import type { AuthorizerRecord, GatewayResponseRecord, ModelRecord, ValidatorRecord } from '../records';
import { badRequest, conflict, newId, type Store } from '../store';
import { functionOf } from '../uri';
import { page } from './paging';

const MAX_AUTHORIZERS = 10;
const MAX_TTL_S = 3600;

function modelOperations(store: Store): Operations {
  return {
    CreateModel: async (input: Sdk.CreateModelCommandInput) => {
      const { id: api } = store.api(input.restApiId);
      const { name = '', contentType = '', description } = input;
      if (!/^[a-zA-Z0-9]+$/.test(name)) throw badRequest(`Model name must be alphanumeric: ${name}`);
      if (store.models.get([api, name]) !== undefined) throw conflict(`Model name already exists for this REST API`);
      const record = defined({ id: newId(6), name, contentType, description, schema: input.schema ?? '{}' }) as ModelRecord;
      compileModel(record);
      await store.models.put([api, name], record);
      return record;
    },
    GetModel: (input: Sdk.GetModelCommandInput) => store.model(input.restApiId, input.modelName),
    GetModels: (input: Sdk.GetModelsCommandInput) =>
      page(
        [...store.models.under([store.api(input.restApiId).id])].map(({ value }) => value),
        input,
      ),
    UpdateModel: async (input: Sdk.UpdateModelCommandInput) => {
      const fields = { '/schema': 'text', '/description': 'text' } as const;
      const record = applyPatch(store.model(input.restApiId, input.modelName), input.patchOperations, fields);
      compileModel(record);
      await store.models.put([input.restApiId ?? '', record.name], record);
      return record;
    },
    DeleteModel: (input: Sdk.DeleteModelCommandInput) =>
      store.models.remove([input.restApiId ?? '', store.model(input.restApiId, input.modelName).name]),
  };
}

function validatorOperations(store: Store): Operations {
  const fields = { '/name': 'text', '/validateRequestBody': 'boolean', '/validateRequestParameters': 'boolean' } as const;
  return {
    CreateRequestValidator: async (input: Sdk.CreateRequestValidatorCommandInput) => {
      const record: ValidatorRecord = {
        id: newId(6),
        name: input.name ?? newId(6),
        validateRequestBody: input.validateRequestBody ?? false,
        validateRequestParameters: input.validateRequestParameters ?? false,
      };
      await store.validators.put([store.api(input.restApiId).id, record.id], record);
      return record;
    },
    GetRequestValidator: (input: Sdk.GetRequestValidatorCommandInput) =>
      store.validator(input.restApiId, input.requestValidatorId),
    GetRequestValidators: (input: Sdk.GetRequestValidatorsCommandInput) =>
      page(
        [...store.validators.under([store.api(input.restApiId).id])].map(({ value }) => value),
        input,
      ),
    UpdateRequestValidator: async (input: Sdk.UpdateRequestValidatorCommandInput) => {
      const record = applyPatch(store.validator(input.restApiId, input.requestValidatorId), input.patchOperations, fields);
      await store.validators.put([input.restApiId ?? '', record.id], record);
      return record;
    },
    DeleteRequestValidator: (input: Sdk.DeleteRequestValidatorCommandInput) =>
      store.validators.remove([input.restApiId ?? '', store.validator(input.restApiId, input.requestValidatorId).id]),
  };
}

function checkAuthorizer(record: AuthorizerRecord): AuthorizerRecord {
  if (record.type !== 'TOKEN' && record.type !== 'REQUEST')
    throw badRequest(`The local AWS supports authorizers of type TOKEN and REQUEST; given ${record.type}`);
  if (functionOf(record.authorizerUri) === undefined)
    throw badRequest(
      `Invalid Authorizer URI: ${record.authorizerUri}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
    );
  const ttl = record.authorizerResultTtlInSeconds;
  if (!Number.isInteger(ttl) || ttl < 0 || ttl > MAX_TTL_S)
    throw badRequest(`Authorizer result TTL must be between 0 and ${MAX_TTL_S} seconds`);
  const source = record.identitySource ?? '';
  const token = /^method\.request\.header\.[\w-]+$/;
  const request = /^(method\.request\.(header|querystring)\.[\w-]+|stageVariables\.\w+|context\.[\w.]+)$/;
  if (record.type === 'TOKEN' && !token.test(source)) throw badRequest(`Invalid identity source specified: ${source}`);
  if (record.type === 'REQUEST' && source === '' && ttl > 0)
    throw badRequest('Identity source is required for REQUEST authorizer when caching is enabled');
  if (record.type === 'REQUEST' && source !== '' && !source.split(',').every((part) => request.test(part.trim())))
    throw badRequest(`Invalid identity source specified: ${source}`);
  return record;
}

/** What the operations share. */
function authorizerScope(store: Store) {
  const fields = {
    '/name': 'text',
    '/type': 'text',
    '/authorizerUri': 'text',
    '/authorizerCredentials': 'text',
    '/identitySource': 'text',
    '/identityValidationExpression': 'text',
    '/authorizerResultTtlInSeconds': 'number',
  } as const;
  return { store, fields };
}
type AuthorizerScope = ReturnType<typeof authorizerScope>;

async function createAuthorizer({ store }: AuthorizerScope, input: Sdk.CreateAuthorizerCommandInput) {
  const { id: api } = store.api(input.restApiId);
  if ([...store.authorizers.under([api])].length >= MAX_AUTHORIZERS)
    throw badRequest(
      'Maximum number of Authorizers for this API has been reached. Please contact AWS if you need additional Authorizers.',
    );
  if (input.providerARNs !== undefined) throw badRequest('The local AWS does not support providerARNs (Cognito authorizers)');
  const record = checkAuthorizer(
    defined({
      id: newId(6),
      name: input.name ?? '',
      type: input.type,
      authorizerUri: input.authorizerUri ?? '',
      authorizerCredentials: input.authorizerCredentials,
      identitySource: input.identitySource,
      identityValidationExpression: input.identityValidationExpression,
      authorizerResultTtlInSeconds: input.authorizerResultTtlInSeconds ?? 300,
    }) as AuthorizerRecord,
  );
  await store.authorizers.put([api, record.id], record);
  return record;
}

function getAuthorizers({ store }: AuthorizerScope, input: Sdk.GetAuthorizersCommandInput) {
  return page(
    [...store.authorizers.under([store.api(input.restApiId).id])].map(({ value }) => value),
    input,
  );
}

async function updateAuthorizer({ store, fields }: AuthorizerScope, input: Sdk.UpdateAuthorizerCommandInput) {
  const before = store.authorizer(input.restApiId, input.authorizerId);
  const record = checkAuthorizer(applyPatch(before, input.patchOperations, fields));
  await store.authorizers.put([input.restApiId ?? '', record.id], record);
  return record;
}

function authorizerOperations(store: Store): Operations {
  const scope = authorizerScope(store);
  return {
    CreateAuthorizer: (input: Sdk.CreateAuthorizerCommandInput) => createAuthorizer(scope, input),
    GetAuthorizer: (input: Sdk.GetAuthorizerCommandInput) => store.authorizer(input.restApiId, input.authorizerId),
    GetAuthorizers: (input: Sdk.GetAuthorizersCommandInput) => getAuthorizers(scope, input),
    UpdateAuthorizer: (input: Sdk.UpdateAuthorizerCommandInput) => updateAuthorizer(scope, input),
    DeleteAuthorizer: (input: Sdk.DeleteAuthorizerCommandInput) =>
      store.authorizers.remove([input.restApiId ?? '', store.authorizer(input.restApiId, input.authorizerId).id]),
  };
}

function responseOperations(store: Store): Operations {
  const describe = (record: GatewayResponseRecord): object => ({ ...record, defaultResponse: false });
  const find = (api: string | undefined, type: string): object => {
    const record = store.responses.get([store.api(api).id, type]);
    if (record !== undefined) return describe(record);
    const known = RESPONSE_TYPES[type];
    if (known === undefined) throw badRequest(`Invalid gateway response type ${type}`);
    return {
      responseType: type,
      ...(known.status === undefined ? {} : { statusCode: String(known.status) }),
      defaultResponse: true,
    };
  };
  return {
    PutGatewayResponse: async (input: Sdk.PutGatewayResponseCommandInput) => {
      const type = input.responseType ?? '';
      if (RESPONSE_TYPES[type] === undefined) throw badRequest(`Invalid gateway response type ${type}`);
      const names = Object.keys(input.responseParameters ?? {});
      const wrong = names.find((name) => !/^gatewayresponse\.header\.[\w-]+$/.test(name));
      if (wrong !== undefined) throw badRequest(`Invalid mapping expression parameter specified: ${wrong}`);
      const record = defined({
        responseType: type,
        statusCode: input.statusCode,
        responseParameters: input.responseParameters ?? {},
        responseTemplates: input.responseTemplates ?? {},
      }) as GatewayResponseRecord;
      await store.responses.put([store.api(input.restApiId).id, type], record);
      return describe(record);
    },
    GetGatewayResponse: (input: Sdk.GetGatewayResponseCommandInput) => find(input.restApiId, input.responseType ?? ''),
    GetGatewayResponses: (input: Sdk.GetGatewayResponsesCommandInput) => ({
      items: Object.keys(RESPONSE_TYPES).map((type) => find(input.restApiId, type)),
    }),
    DeleteGatewayResponse: (input: Sdk.DeleteGatewayResponseCommandInput) =>
      store.responses.remove([store.api(input.restApiId).id, input.responseType ?? '']),
  };
}

/** What methods refer to: models, validators, authorizers, and the API's gateway responses. */
export function partOperations(store: Store): Operations {
  return {
    ...modelOperations(store),
    ...validatorOperations(store),
    ...authorizerOperations(store),
    ...responseOperations(store),
  };
}
