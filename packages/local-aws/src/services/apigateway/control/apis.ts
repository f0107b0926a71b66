import type * as Sdk from '@aws-sdk/client-api-gateway';
import type { Operations } from '../../../cloud';
import { applyPatch, defined, type PatchFields } from '../patch';
import type { ApiRecord, ResourceRecord } from '../records';
import { badRequest, conflict, newId, type Store } from '../store';
import { page } from './paging';

const MAX_RESOURCES = 300;
const API_FIELDS: PatchFields = {
  '/name': 'text',
  '/description': 'text',
  '/policy': 'text',
  '/apiKeySource': 'text',
  '/minimumCompressionSize': 'number',
  '/disableExecuteApiEndpoint': 'boolean',
  '/binaryMediaTypes/*': 'list',
};

export function describeApi(record: ApiRecord): Sdk.RestApi {
  const { created, endpointConfiguration, binaryMediaTypes, ...rest } = record;
  return {
    ...rest,
    createdDate: new Date(created),
    binaryMediaTypes: [...binaryMediaTypes],
    endpointConfiguration: { types: [...endpointConfiguration.types] as Sdk.EndpointType[] },
  };
}

function describeResource(store: Store, api: string, record: ResourceRecord): Sdk.Resource {
  const methods = store.methodsOf(api, record.id).map(({ httpMethod }) => [httpMethod, {}] as const);
  return { ...record, ...(methods.length === 0 ? {} : { resourceMethods: Object.fromEntries(methods) }) };
}

function checkApi(record: ApiRecord): ApiRecord {
  if (record.name === '') throw badRequest('Name cannot be null or empty');
  if (record.apiKeySource !== 'HEADER' && record.apiKeySource !== 'AUTHORIZER')
    throw badRequest(`Invalid API key source specified: ${record.apiKeySource}`);
  const size = record.minimumCompressionSize;
  if (size !== undefined && (size < 0 || size > 10_485_760))
    throw badRequest('Invalid minimum compression size, must be between 0 and 10485760');
  if (record.endpointConfiguration.types.includes('PRIVATE'))
    throw badRequest('The local AWS has no VPC endpoints: endpoint type PRIVATE is not supported');
  return record;
}

async function removeApi(store: Store, id: string): Promise<void> {
  const { resources, methods, models, validators, authorizers, responses, deployments, stages } = store;
  await store.cloud.storage.transaction(() => {
    for (const table of [resources, methods, models, validators, authorizers, responses, deployments, stages])
      for (const { key } of [...table.under([id])]) void table.remove(key);
    void store.apis.remove(id);
  });
  store.changed();
}

function apiOperations(store: Store): Operations {
  return {
    CreateRestApi: async (input: Sdk.CreateRestApiCommandInput) => {
      if (input.cloneFrom !== undefined) throw badRequest('The local AWS does not clone APIs: cloneFrom is not supported');
      const record: ApiRecord = checkApi(
        defined({
          id: newId(10),
          name: input.name ?? '',
          description: input.description,
          created: store.cloud.clock.now(),
          rootResourceId: newId(10),
          apiKeySource: input.apiKeySource ?? 'HEADER',
          binaryMediaTypes: input.binaryMediaTypes ?? [],
          minimumCompressionSize: input.minimumCompressionSize,
          endpointConfiguration: { types: input.endpointConfiguration?.types ?? ['EDGE'] },
          policy: input.policy,
          disableExecuteApiEndpoint: input.disableExecuteApiEndpoint ?? false,
          tags: input.tags ?? {},
        }) as ApiRecord,
      );
      await store.cloud.storage.transaction(() => {
        void store.apis.put(record.id, record);
        void store.resources.put([record.id, record.rootResourceId], { id: record.rootResourceId, path: '/' });
      });
      return describeApi(record);
    },
    GetRestApi: (input: Sdk.GetRestApiCommandInput) => describeApi(store.api(input.restApiId)),
    GetRestApis: (input: Sdk.GetRestApisCommandInput) =>
      page(
        [...store.apis.entries()].map(({ value }) => describeApi(value)),
        input,
      ),
    UpdateRestApi: async (input: Sdk.UpdateRestApiCommandInput) => {
      const record = checkApi(applyPatch(store.api(input.restApiId), input.patchOperations, API_FIELDS));
      await store.apis.put(record.id, record);
      return describeApi(record);
    },
    DeleteRestApi: (input: Sdk.DeleteRestApiCommandInput) => removeApi(store, store.api(input.restApiId).id),
  };
}

function checkPart(store: Store, api: string, parent: ResourceRecord, part: string): void {
  if (!/^([a-zA-Z0-9._\-:]+|\{[a-zA-Z0-9._\-:]+\+?\})$/.test(part))
    throw badRequest(
      `Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.`,
    );
  const siblings = store.resourcesOf(api).filter(({ parentId }) => parentId === parent.id);
  if (siblings.some(({ pathPart }) => pathPart === part))
    throw conflict(`Another resource with the same parent already has this name: ${part}`);
  if (
    part.startsWith('{') &&
    siblings.some(({ pathPart }) => pathPart?.startsWith('{') && pathPart.endsWith('+}') === part.endsWith('+}'))
  )
    throw badRequest(
      `A sibling (${siblings.find(({ pathPart }) => pathPart?.startsWith('{'))?.pathPart}) of this resource already has a variable path part -- only one is allowed`,
    );
  if (parent.pathPart?.endsWith('+}')) throw badRequest('Cannot create a child of a resource with a greedy path variable.');
  if (store.resourcesOf(api).length >= MAX_RESOURCES)
    throw badRequest(
      'Maximum number of resources for this API has been reached. Please contact AWS if you need additional resources.',
    );
}

function resourceOperations(store: Store): Operations {
  return {
    CreateResource: async (input: Sdk.CreateResourceCommandInput) => {
      const api = store.api(input.restApiId);
      const parent = store.resource(api.id, input.parentId);
      const pathPart = input.pathPart ?? '';
      checkPart(store, api.id, parent, pathPart);
      const path = `${parent.path === '/' ? '' : parent.path}/${pathPart}`;
      const record: ResourceRecord = { id: newId(6), parentId: parent.id, pathPart, path };
      await store.resources.put([api.id, record.id], record);
      return describeResource(store, api.id, record);
    },
    GetResource: (input: Sdk.GetResourceCommandInput) =>
      describeResource(store, input.restApiId ?? '', store.resource(input.restApiId, input.resourceId)),
    GetResources: (input: Sdk.GetResourcesCommandInput) => {
      const { id } = store.api(input.restApiId);
      return page(
        store.resourcesOf(id).map((record) => describeResource(store, id, record)),
        input,
      );
    },
    DeleteResource: async (input: Sdk.DeleteResourceCommandInput) => {
      const { id } = store.api(input.restApiId);
      const gone = store.resource(id, input.resourceId);
      if (gone.parentId === undefined) throw badRequest('Root resource cannot be deleted.');
      const below = store.resourcesOf(id).filter(({ path }) => path === gone.path || path.startsWith(`${gone.path}/`));
      await store.cloud.storage.transaction(() => {
        for (const resource of below) {
          for (const { httpMethod } of store.methodsOf(id, resource.id)) void store.methods.remove([id, resource.id, httpMethod]);
          void store.resources.remove([id, resource.id]);
        }
      });
    },
  };
}

/** APIs and their tree of resources. */
export function apisOperations(store: Store): Operations {
  return { ...apiOperations(store), ...resourceOperations(store) };
}
