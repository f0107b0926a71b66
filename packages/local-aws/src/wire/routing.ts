import type { Service } from '../cloud';
import { AwsError } from '../errors';
import { rpcCbor } from './protocols/cbor';
import { awsJson } from './protocols/json';
import type { WireProtocol } from './protocols/protocol';
import { awsQuery, queryForm } from './protocols/query';
import { restJson, restXml, uriPattern } from './protocols/rest';
import type { WireRequest } from './request';
import { type OperationModel, type SdkModel, sdkModel } from './sdk-model';

/** Where a request goes, and in which protocol it is answered. */
export interface Route {
  readonly service: Service;
  readonly model: SdkModel;
  readonly protocol: WireProtocol;
  readonly operation: OperationModel;
}

interface RestCandidate {
  readonly operation: OperationModel;
  readonly method: string;
  readonly pattern: RegExp;
  readonly literals: readonly (readonly [string, string | undefined])[];
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
  readonly depth: number;
}

const restTables = new Map<SdkModel, RestCandidate[]>();

function required(operation: OperationModel, kind: 'httpQuery' | 'httpHeader'): string[] {
  if (!operation.input.isStructSchema()) return [];
  return [...operation.input.structIterator()]
    .filter(([name]) => operation.required.includes(name))
    .map(([, member]) => (member.getMergedTraits() as Record<string, string | undefined>)[kind])
    .filter((name) => name !== undefined);
}

function restTable(model: SdkModel): RestCandidate[] {
  let table = restTables.get(model);
  if (table !== undefined) return table;
  table = [...model.operations.values()].flatMap((operation) => {
    if (operation.http === undefined) return [];
    const [path = '', query = ''] = operation.http.uri.split('?');
    const parts = query.split('&').filter((part) => part !== '' && !part.startsWith('x-id='));
    return [
      {
        operation,
        method: operation.http.method,
        pattern: uriPattern(path).pattern,
        literals: parts.map((part) => part.split('=') as [string, string | undefined]),
        requiredQuery: required(operation, 'httpQuery'),
        requiredHeaders: required(operation, 'httpHeader').map((name) => name.toLowerCase()),
        depth: path.replace(/\{[^}]*\+\}/, '').length - (path.match(/\{/g)?.length ?? 0) * 10,
      },
    ];
  });
  restTables.set(model, table);
  return table;
}

function weight(candidate: RestCandidate): number {
  return (candidate.literals.length + candidate.requiredQuery.length + candidate.requiredHeaders.length) * 1000 + candidate.depth;
}

function findRest(request: WireRequest, model: SdkModel, ofBucket: boolean | undefined): OperationModel | undefined {
  const query = new Map(request.query);
  const fits = restTable(model).filter(
    (candidate) =>
      candidate.method === request.method &&
      candidate.pattern.test(request.path) &&
      (ofBucket === undefined || candidate.operation.required.includes('Bucket') === ofBucket) &&
      candidate.literals.every(
        ([name, value]) => query.has(name) && (value === undefined || value === '' || query.get(name) === value),
      ) &&
      candidate.requiredQuery.every((name) => query.has(name)) &&
      candidate.requiredHeaders.every((name) => request.headers[name] !== undefined),
  );
  return fits.sort((a, b) => weight(b) - weight(a))[0]?.operation;
}

const PROTOCOLS: Readonly<Record<SdkModel['protocol'], WireProtocol>> = {
  json: awsJson,
  query: awsQuery,
  'rest-json': restJson,
  'rest-xml': restXml,
};

/** The protocol in which a service answers a request, whatever its operation. */
export function answering(request: WireRequest, service: Service): { protocol: WireProtocol; model: SdkModel } {
  const model = sdkModel(service.sdk);
  if (request.headers['smithy-protocol'] === 'rpc-v2-cbor') return { protocol: rpcCbor, model };
  return { protocol: request.headers['x-amz-target'] === undefined ? PROTOCOLS[model.protocol] : awsJson, model };
}

function unknownOperation(model: SdkModel, name: string): AwsError {
  if (model.protocol === 'query') return new AwsError('InvalidAction', `The action ${name} is not valid for this endpoint.`);
  if (model.protocol === 'rest-xml')
    return new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', { status: 405 });
  return new AwsError('UnknownOperationException', `Operation ${name} is not known`, {
    status: model.protocol === 'rest-json' ? 404 : 400,
  });
}

/** A route or, where no operation fits, the protocol in which to say so. */
export type Found = Route | { readonly protocol: WireProtocol; readonly model: SdkModel; readonly error: AwsError };

function found(service: Service, protocol: WireProtocol, name: string | undefined): Found {
  const model = sdkModel(service.sdk);
  const operation = name === undefined ? undefined : model.operations.get(name);
  if (operation === undefined) return { protocol, model, error: unknownOperation(model, name ?? '') };
  return { service, model, protocol, operation };
}

/**
 * Which service and operation a request means, among those that share the signing name of its credential scope. `ofBucket` says of an S3
 * request whether its address names a bucket.
 */
export function findRoute(request: WireRequest, services: readonly Service[], ofBucket?: boolean): Found | undefined {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) {
    const [prefix = '', name = ''] =
      target.split('.').length > 2
        ? [target.slice(0, target.lastIndexOf('.')), target.slice(target.lastIndexOf('.') + 1)]
        : target.split('.');
    const service = services.find((candidate) => sdkModel(candidate.sdk).target === prefix);
    return service === undefined ? undefined : found(service, awsJson, name);
  }
  if (request.headers['smithy-protocol'] === 'rpc-v2-cbor') {
    const match = /\/service\/[^/]+\/operation\/([^/]+)$/.exec(request.path);
    const service = services[0];
    return service === undefined ? undefined : found(service, rpcCbor, match?.[1]);
  }
  for (const service of services) {
    const model = sdkModel(service.sdk);
    if (model.protocol === 'query') {
      const action = request.method === 'GET' ? new Map(request.query).get('Action') : queryForm(request.body).get('Action');
      return found(service, awsQuery, action);
    }
    if (model.protocol === 'json') continue;
    const operation = findRest(request, model, ofBucket);
    if (operation !== undefined) return { service, model, protocol: PROTOCOLS[model.protocol], operation };
  }
  const first = services.find((service) => sdkModel(service.sdk).protocol.startsWith('rest'));
  return first === undefined ? undefined : found(first, PROTOCOLS[sdkModel(first.sdk).protocol], undefined);
}
