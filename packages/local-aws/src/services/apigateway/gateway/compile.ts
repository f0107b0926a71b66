import type {
  AuthorizerRecord,
  GatewayResponseRecord,
  IntegrationRecord,
  MethodRecord,
  MethodSetting,
  ResourceRecord,
  Snapshot,
  StageRecord,
  Throttle,
} from '../records';
import type { Store } from '../store';
import { badRequest } from '../store';
import { functionOf } from '../uri';
import { Authorizer } from './authorizer';
import type { Exchange, ServedMethod, ServedStage } from './exchange';
import { compileTemplate, mapping, type Read, type Template } from './template';
import { RequestValidation } from './validate';

export interface CompiledMethod extends ServedMethod {
  readonly integration: IntegrationRecord;
  /** Function that an AWS_PROXY integration invokes. */
  readonly functionArn: string | undefined;
  readonly authorizer: Authorizer | undefined;
  readonly validation: RequestValidation | undefined;
  /** Throttle of the stage for this method, across all callers. */
  readonly throttle: Throttle | undefined;
  readonly detailedMetrics: boolean;
}

export interface CompiledResponse {
  readonly record: GatewayResponseRecord;
  readonly headers: readonly (readonly [string, Read])[];
  /** By content type. */
  readonly templates: ReadonlyMap<string, Template>;
}

/** A stage ready to serve: the deployment's snapshot as a tree of paths, templates compiled. */
export interface CompiledStage extends ServedStage {
  readonly root: PathNode;
  readonly responses: ReadonlyMap<string, CompiledResponse>;
  readonly accessLog: { readonly group: string; readonly format: Template } | undefined;
}

/** A request on its way through a compiled stage. */
export type CompiledExchange = Exchange<CompiledStage, CompiledMethod>;

export interface PathNode {
  readonly children: Map<string, PathNode>;
  variable: { readonly name: string; readonly node: PathNode } | undefined;
  greedy: { readonly name: string; readonly node: PathNode } | undefined;
  /** By HTTP method, `ANY` included; undefined where no resource ends. */
  methods: Map<string, CompiledMethod> | undefined;
}

function newNode(): PathNode {
  return { children: new Map(), variable: undefined, greedy: undefined, methods: undefined };
}

function nodeAt(root: PathNode, path: string): PathNode {
  let node = root;
  for (const part of path.split('/').filter((segment) => segment !== '')) {
    const name = /^\{(.+?)\+?\}$/.exec(part)?.[1];
    if (name === undefined) {
      const child = node.children.get(part) ?? newNode();
      node.children.set(part, child);
      node = child;
    } else if (part.endsWith('+}')) {
      node.greedy ??= { name, node: newNode() };
      node = node.greedy.node;
    } else {
      node.variable ??= { name, node: newNode() };
      node = node.variable.node;
    }
  }
  return node;
}

function settingFor(stage: StageRecord, path: string, method: string): MethodSetting {
  const escaped = path === '/' ? '~1' : `~1${path.slice(1).replaceAll('/', '~1')}`;
  return {
    ...stage.methodSettings['*/*'],
    ...stage.methodSettings[`${escaped}/*`],
    ...stage.methodSettings[`${escaped}/${method}`],
  };
}

function throttleOf(setting: MethodSetting): Throttle | undefined {
  const { throttlingRateLimit: rateLimit, throttlingBurstLimit: burstLimit } = setting;
  if ((rateLimit ?? -1) < 0 && (burstLimit ?? -1) < 0) return undefined;
  return {
    ...(rateLimit === undefined || rateLimit < 0 ? {} : { rateLimit }),
    ...(burstLimit === undefined || burstLimit < 0 ? {} : { burstLimit }),
  };
}

function compileResponses(snapshot: Snapshot): Map<string, CompiledResponse> {
  return new Map(
    snapshot.responses.map((record) => {
      const templates = Object.entries(record.responseTemplates).map(([type, text]) => [type, compileTemplate(text)] as const);
      const headers = Object.entries(record.responseParameters).map(
        ([name, expression]) => [name.slice('gatewayresponse.header.'.length), mapping(expression)] as const,
      );
      return [record.responseType, { record, headers, templates: new Map(templates) }];
    }),
  );
}

function compileMethod(
  record: MethodRecord,
  resource: ResourceRecord,
  snapshot: Snapshot,
  stage: StageRecord,
  authorizers: ReadonlyMap<string, Authorizer>,
): CompiledMethod {
  const { integration } = record;
  if (integration === undefined) throw badRequest('No integration defined for method');
  const validator = snapshot.validators.find(({ id }) => id === record.requestValidatorId);
  const setting = settingFor(stage, resource.path, record.httpMethod);
  return {
    record,
    resource,
    integration,
    functionArn: integration.type === 'AWS_PROXY' ? functionOf(integration.uri) : undefined,
    authorizer: record.authorizerId === undefined ? undefined : authorizers.get(record.authorizerId),
    validation: validator === undefined ? undefined : new RequestValidation(snapshot, validator, record),
    throttle: throttleOf(setting),
    detailedMetrics: setting.metricsEnabled === true,
  };
}

/** Compiles a stage; undefined if there is no such stage. */
export function compileStage(store: Store, apiId: string, stageName: string): CompiledStage | undefined {
  const stage = store.stages.get([apiId, stageName]);
  const snapshot = stage === undefined ? undefined : store.deployments.get([apiId, stage.deploymentId])?.snapshot;
  if (stage === undefined || snapshot === undefined) return undefined;
  const { cloud } = store;
  const root = newNode();
  const authorizers = new Map(snapshot.authorizers.map((record: AuthorizerRecord) => [record.id, new Authorizer(cloud, record)]));
  for (const resource of snapshot.resources) {
    const methods = snapshot.methods.filter(({ resourceId }) => resourceId === resource.id);
    const compiled = methods.map((method) => compileMethod(method, resource, snapshot, stage, authorizers));
    nodeAt(root, resource.path).methods = new Map(compiled.map((method) => [method.record.httpMethod, method]));
  }
  const log = stage.accessLogSettings;
  return {
    api: snapshot.api,
    stage,
    root,
    responses: compileResponses(snapshot),
    accessLog:
      log?.destinationArn === undefined || log.format === undefined
        ? undefined
        : {
            group: log.destinationArn.split(':log-group:')[1]?.replace(/:\*$/, '') ?? '',
            format: compileTemplate(log.format.trimEnd()),
          },
    executeArn: `arn:aws:execute-api:${cloud.region}:${cloud.account}:${apiId}/${stageName}/`,
    stageArn: `arn:aws:apigateway:${cloud.region}::/restapis/${apiId}/stages/${stageName}`,
    domainName: `${apiId}.execute-api.${cloud.region}.amazonaws.com`,
    variables: Object.keys(stage.variables).length === 0 ? null : stage.variables,
  };
}

interface Match {
  readonly method: CompiledMethod;
  readonly parameters: Readonly<Record<string, string>> | null;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

type Bound = readonly (readonly [string, string])[];

function walk(
  node: PathNode,
  segments: readonly string[],
  at: number,
  bound: Bound,
): { node: PathNode; bound: Bound } | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.methods === undefined ? undefined : { node, bound };
  const exact = node.children.get(segment);
  const byName = exact === undefined ? undefined : walk(exact, segments, at + 1, bound);
  if (byName !== undefined) return byName;
  const { variable, greedy } = node;
  if (variable !== undefined && segment !== '') {
    const found = walk(variable.node, segments, at + 1, [...bound, [variable.name, decode(segment)]]);
    if (found !== undefined) return found;
  }
  if (greedy === undefined) return undefined;
  return { node: greedy.node, bound: [...bound, [greedy.name, segments.slice(at).map(decode).join('/')]] };
}

/** The method that a request meets: exact names before variables before greedy variables, as in API Gateway. */
export function matchMethod(stage: CompiledStage, httpMethod: string, path: string): Match | undefined {
  const segments = path.split('/').slice(1);
  if (segments.at(-1) === '') segments.pop();
  const found = walk(stage.root, segments, 0, []);
  const method = found?.node.methods?.get(httpMethod) ?? found?.node.methods?.get('ANY');
  if (found === undefined || method === undefined) return undefined;
  return { method, parameters: found.bound.length === 0 ? null : Object.fromEntries(found.bound) };
}
