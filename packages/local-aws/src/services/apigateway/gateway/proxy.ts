import type * as Sdk from '@aws-sdk/client-lambda';
import type { Cloud } from '../../../cloud';
import { AwsError } from '../../../errors';
import { type Answer, setHeader } from './answer';
import type { CompiledMethod } from './compile';
import type { Exchange } from './exchange';
import { badIntegration, GatewayFailure } from './response-types';
import { requestTime } from './template';

/** Headers of a function's answer that API Gateway sends under another name, because they are its own to set. */
const REMAPPED = new Set([
  'authorization',
  'connection',
  'content-md5',
  'date',
  'expect',
  'host',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'te',
  'trailer',
  'upgrade',
  'user-agent',
  'via',
  'www-authenticate',
]);
const DROPPED = new Set(['content-length', 'transfer-encoding']);

interface FunctionAnswer {
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly multiValueHeaders?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

function matchesType(types: readonly string[], value: string | undefined): boolean {
  if (types.length === 0) return false;
  const type = (value ?? '').split(',')[0]?.split(';')[0]?.trim().toLowerCase() ?? '';
  return types.some((candidate) => candidate === '*/*' || candidate.toLowerCase() === type);
}

function identityOf(exchange: Exchange): object {
  const { apiKey } = exchange;
  return {
    cognitoIdentityPoolId: null,
    accountId: null,
    cognitoIdentityId: null,
    caller: null,
    sourceIp: exchange.sourceIp,
    principalOrgId: null,
    accessKey: null,
    cognitoAuthenticationType: null,
    cognitoAuthenticationProvider: null,
    userArn: null,
    userAgent: exchange.header('user-agent') ?? null,
    user: null,
    ...(apiKey === undefined ? {} : { apiKey: apiKey.value, apiKeyId: apiKey.id }),
  };
}

function authorizerOf(exchange: Exchange): object | undefined {
  const { authorizer } = exchange;
  if (authorizer === undefined) return undefined;
  return { ...authorizer.context, principalId: authorizer.principalId, integrationLatency: authorizer.latency };
}

/** The event of a proxy integration, format 1.0. */
export function proxyEvent(exchange: Exchange, method: CompiledMethod, body: Buffer): object {
  const { stage, path, method: httpMethod, now } = exchange;
  const headers = exchange.headerMaps();
  const query = exchange.queryMaps();
  const authorizer = authorizerOf(exchange);
  const binary = body.length > 0 && matchesType(stage.api.binaryMediaTypes, exchange.header('content-type'));
  return {
    resource: method.resource.path,
    path,
    httpMethod,
    headers: headers.single,
    multiValueHeaders: headers.multi,
    queryStringParameters: query?.single ?? null,
    multiValueQueryStringParameters: query?.multi ?? null,
    pathParameters: exchange.route?.parameters ?? null,
    stageVariables: stage.variables,
    requestContext: {
      resourceId: method.resource.id,
      ...(authorizer === undefined ? {} : { authorizer }),
      resourcePath: method.resource.path,
      ...(method.record.operationName === undefined ? {} : { operationName: method.record.operationName }),
      httpMethod,
      extendedRequestId: exchange.extendedRequestId,
      requestTime: requestTime(now),
      path: `/${stage.stage.stageName}${path}`,
      accountId: stage.executeArn.split(':')[4],
      protocol: `HTTP/${exchange.message.httpVersion}`,
      stage: stage.stage.stageName,
      domainPrefix: stage.api.id,
      requestTimeEpoch: now,
      requestId: exchange.requestId,
      identity: identityOf(exchange),
      domainName: stage.domainName,
      deploymentId: stage.stage.deploymentId,
      apiId: stage.api.id,
    },
    body: body.length === 0 ? null : body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: binary,
  };
}

function addHeaders(headers: Answer['headers'], name: string, value: string | string[]): void {
  const lower = name.toLowerCase();
  if (DROPPED.has(lower)) return;
  setHeader(headers, REMAPPED.has(lower) ? `x-amzn-Remapped-${name}` : name, value);
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

function headersOf(answer: FunctionAnswer): Answer['headers'] {
  const headers: Answer['headers'] = {};
  const { headers: single = {}, multiValueHeaders: multi = {} } = answer;
  for (const map of [single, multi]) if (typeof map !== 'object' || Array.isArray(map)) throw badIntegration();
  for (const [name, value] of Object.entries(single ?? {})) {
    if (value === null || value === undefined) continue;
    if (!isScalar(value)) throw badIntegration();
    addHeaders(headers, name, String(value));
  }
  for (const [name, values] of Object.entries(multi ?? {})) {
    if (!Array.isArray(values) || !values.every(isScalar)) throw badIntegration();
    addHeaders(headers, name, values.map(String));
  }
  return headers;
}

/** Reads a function's answer; any other shape than a proxy answer is a 502. */
export function readAnswer(exchange: Exchange, payload: Uint8Array): Answer {
  let answer: FunctionAnswer;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString());
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw badIntegration();
    answer = parsed;
  } catch {
    throw badIntegration();
  }
  const { statusCode, body = null } = answer;
  const status = typeof statusCode === 'string' && /^\d{3}$/.test(statusCode) ? Number(statusCode) : statusCode;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) throw badIntegration();
  if (body !== null && typeof body !== 'string') throw badIntegration();
  const headers = headersOf(answer);
  if (!Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')) headers['Content-Type'] = 'application/json';
  const decodes =
    answer.isBase64Encoded === true && matchesType(exchange.stage.api.binaryMediaTypes, exchange.header('accept') ?? '*/*');
  return { status, headers, body: decodes ? Buffer.from(body ?? '', 'base64') : (body ?? '') };
}

/** Invokes Lambda functions for requests (AWS_PROXY). */
export class ProxyIntegration {
  constructor(private readonly cloud: Cloud) {}

  async answer(exchange: Exchange, method: CompiledMethod, body: Buffer): Promise<Answer> {
    const started = performance.now();
    const integration: NonNullable<Exchange['integration']> = { latency: 0 };
    exchange.integration = integration;
    try {
      const outcome = await this.invoke(exchange, method, Buffer.from(JSON.stringify(proxyEvent(exchange, method, body))));
      integration.status = outcome.StatusCode ?? 200;
      if (outcome.FunctionError === undefined) return readAnswer(exchange, outcome.Payload ?? new Uint8Array());
      integration.error = 'The function failed';
      throw badIntegration();
    } finally {
      integration.latency = Math.round(performance.now() - started);
    }
  }

  private async invoke(exchange: Exchange, method: CompiledMethod, Payload: Buffer): Promise<Sdk.InvokeCommandOutput> {
    const { credentials, timeoutInMillis } = method.integration;
    const caller =
      credentials === undefined
        ? this.cloud.asService('apigateway.amazonaws.com', `${exchange.stage.executeArn}${exchange.method}${exchange.path}`)
        : this.cloud.asRole(credentials, 'BackplaneAssumeRoleSession', 'apigateway');
    const input = { FunctionName: method.functionArn, InvocationType: 'RequestResponse', Payload };
    let timer: NodeJS.Timeout | undefined;
    // The function runs in real time, so its time limit is real time too, whatever the cloud's clock does.
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new GatewayFailure('INTEGRATION_TIMEOUT', 'Endpoint request timed out')), timeoutInMillis);
    });
    try {
      return await Promise.race([this.cloud.call<Sdk.InvokeCommandOutput>('lambda', 'Invoke', input, caller), late]);
    } catch (error) {
      throw this.failure(error, method);
    } finally {
      clearTimeout(timer);
    }
  }

  private failure(error: unknown, method: CompiledMethod): GatewayFailure {
    if (error instanceof GatewayFailure) return error;
    this.cloud.log('apigateway', `${method.functionArn}: ${error instanceof Error ? error.message : String(error)}`);
    // A function that is gone or may not be called is the API's mistake; one that is busy or too large an answer is the integration's.
    if (error instanceof AwsError && ['ResourceNotFoundException', 'AccessDeniedException'].includes(error.code))
      return new GatewayFailure('API_CONFIGURATION_ERROR', 'Internal server error');
    // Lambda takes 6 MB, the gateway 10.
    if (error instanceof AwsError && error.code === 'RequestTooLargeException')
      return new GatewayFailure('REQUEST_TOO_LARGE', 'Request Too Long');
    return badIntegration();
  }
}
