import type * as Sdk from '@aws-sdk/client-lambda';
import type { Cloud } from '../../../cloud';
import type { AuthorizerRecord } from '../records';
import { functionOf } from '../uri';
import type { AuthorizerContext, Exchange } from './exchange';
import { InvokePolicy, PolicyProblem } from './policy';
import { GatewayFailure } from './response-types';
import { type Read, reader, variable } from './template';

/** Longest that an authorizer may take. */
const TIMEOUT_MS = 10_000;
const MAX_CACHED = 10_000;
const SEPARATOR = '\u0000';

interface Verdict {
  readonly principalId: string;
  readonly context: Readonly<Record<string, string>>;
  readonly policy: InvokePolicy;
  readonly usageIdentifierKey: string | undefined;
  readonly latency: number;
}

interface Answer {
  readonly principalId?: unknown;
  readonly policyDocument?: unknown;
  readonly context?: unknown;
  readonly usageIdentifierKey?: unknown;
}

function configurationError(): GatewayFailure {
  return new GatewayFailure('AUTHORIZER_CONFIGURATION_ERROR', null);
}

function unauthorized(): GatewayFailure {
  return new GatewayFailure('UNAUTHORIZED', 'Unauthorized');
}

function contextOf(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw configurationError();
  const context: Record<string, string> = {};
  for (const [name, item] of Object.entries(value)) {
    if (item === null || item === undefined) continue;
    if (typeof item === 'object') throw configurationError();
    context[name] = String(item);
  }
  return context;
}

/** A Lambda authorizer (TOKEN or REQUEST) with its cache of verdicts. */
export class Authorizer {
  private readonly sources: readonly Read[];
  private readonly functionArn: string;
  private readonly validation: RegExp | undefined;
  private readonly cache = new Map<string, { readonly expires: number; readonly verdict: Verdict }>();
  private readonly asking = new Map<string, Promise<Verdict>>();

  constructor(
    private readonly cloud: Cloud,
    private readonly record: AuthorizerRecord,
  ) {
    this.sources = (record.identitySource ?? '')
      .split(',')
      .flatMap((source) => (source.trim() === '' ? [] : [reader(source.trim())]));
    this.functionArn = functionOf(record.authorizerUri) ?? '';
    const pattern = record.identityValidationExpression;
    this.validation = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`);
  }

  /** Decides on a request; leaves the context on the exchange and returns the usage identifier key. Throws the gateway's 401, 403 or 500. */
  async authorize(exchange: Exchange): Promise<string | undefined> {
    const identity = this.identity(exchange);
    const methodArn = `${exchange.stage.executeArn}${exchange.method}${exchange.path}`;
    const verdict = await this.verdict(exchange, identity, methodArn);
    exchange.authorizer = verdict satisfies AuthorizerContext;
    const decision = verdict.policy.decide(methodArn);
    if (decision === 'allow') return verdict.usageIdentifierKey;
    const detail = decision === 'explicit-deny' ? ' with an explicit deny' : '';
    throw new GatewayFailure('ACCESS_DENIED', `User is not authorized to access this resource${detail}`, { member: 'Message' });
  }

  private identity(exchange: Exchange): string {
    const values = this.sources.map((read) => String(read(exchange) ?? ''));
    if (values.some((value) => value === '')) throw unauthorized();
    if (this.validation?.test(values[0] ?? '') === false) throw unauthorized();
    return values.join(SEPARATOR);
  }

  private verdict(exchange: Exchange, identity: string, methodArn: string): Promise<Verdict> | Verdict {
    const ttlMs = this.record.authorizerResultTtlInSeconds * 1000;
    if (ttlMs === 0) return this.ask(exchange, identity, methodArn);
    const cached = this.cache.get(identity);
    if (cached !== undefined && cached.expires > exchange.now) return cached.verdict;
    // Simultaneous requests of one caller share one question: a laptop has no thousand environments to ask in.
    let asking = this.asking.get(identity);
    if (asking === undefined) {
      asking = this.ask(exchange, identity, methodArn).then((verdict) => {
        this.keep(identity, verdict, this.cloud.clock.now() + ttlMs);
        return verdict;
      });
      this.asking.set(identity, asking);
      const done = (): void => void this.asking.delete(identity);
      asking.then(done, done);
    }
    return asking;
  }

  private keep(identity: string, verdict: Verdict, expires: number): void {
    this.cache.delete(identity);
    if (this.cache.size >= MAX_CACHED) {
      const oldest = this.cache.keys().next();
      if (oldest.done !== true) this.cache.delete(oldest.value);
    }
    this.cache.set(identity, { expires, verdict });
  }

  private async ask(exchange: Exchange, identity: string, methodArn: string): Promise<Verdict> {
    const event =
      this.record.type === 'TOKEN'
        ? { type: 'TOKEN', methodArn, authorizationToken: identity }
        : requestEvent(exchange, methodArn);
    const started = performance.now();
    const source = `${exchange.stage.executeArn.split('/')[0]}/authorizers/${this.record.id}`;
    const outcome = await this.invoke(source, Buffer.from(JSON.stringify(event)));
    const text = Buffer.from(outcome.Payload ?? []).toString();
    if (outcome.FunctionError !== undefined) {
      if (errorMessage(text) === 'Unauthorized') throw unauthorized();
      this.cloud.log('apigateway', `authorizer ${this.record.name} failed: ${text.slice(0, 500)}`);
      throw new GatewayFailure('AUTHORIZER_FAILURE', null);
    }
    return this.read(text, Math.round(performance.now() - started));
  }

  private async invoke(source: string, Payload: Buffer): Promise<Sdk.InvokeCommandOutput> {
    const caller = this.cloud.asService('apigateway.amazonaws.com', source);
    let timer: NodeJS.Timeout | undefined;
    // The function runs in real time, so its time limit is real time too, whatever the cloud's clock does.
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
    });
    const input = { FunctionName: this.functionArn, InvocationType: 'RequestResponse', Payload };
    try {
      return await Promise.race([this.cloud.call<Sdk.InvokeCommandOutput>('lambda', 'Invoke', input, caller), late]);
    } catch (error) {
      this.cloud.log('apigateway', `authorizer ${this.record.name} failed: ${String(error)}`);
      throw new GatewayFailure('AUTHORIZER_FAILURE', null);
    } finally {
      clearTimeout(timer);
    }
  }

  private read(text: string, latency: number): Verdict {
    try {
      const answer = JSON.parse(text) as Answer | null;
      const key = answer?.usageIdentifierKey ?? undefined;
      if (typeof answer?.principalId !== 'string' || (key !== undefined && typeof key !== 'string')) throw configurationError();
      return {
        principalId: answer.principalId,
        context: contextOf(answer.context),
        policy: new InvokePolicy(answer.policyDocument),
        usageIdentifierKey: key,
        latency,
      };
    } catch (error) {
      const cause = error instanceof PolicyProblem ? error.message : 'its answer is not of the form that API Gateway takes';
      this.cloud.log('apigateway', `authorizer ${this.record.name}: ${cause}`);
      throw configurationError();
    }
  }
}

function errorMessage(text: string): unknown {
  try {
    return (JSON.parse(text) as { errorMessage?: unknown }).errorMessage;
  } catch {
    return undefined;
  }
}

function requestEvent(exchange: Exchange, methodArn: string): object {
  const { stage, route, method: httpMethod, path, sourceIp, requestId } = exchange;
  const headers = exchange.headerMaps();
  const query = exchange.queryMaps();
  const resourcePath = route?.method.resource.path;
  return {
    type: 'REQUEST',
    methodArn,
    resource: resourcePath,
    path,
    httpMethod,
    headers: headers.single,
    multiValueHeaders: headers.multi,
    queryStringParameters: query?.single ?? {},
    multiValueQueryStringParameters: query?.multi ?? {},
    pathParameters: route?.parameters ?? {},
    stageVariables: stage.variables ?? {},
    requestContext: {
      resourceId: route?.method.resource.id,
      resourcePath,
      httpMethod,
      extendedRequestId: exchange.extendedRequestId,
      requestTime: variable(exchange, 'context.requestTime'),
      path: `/${stage.stage.stageName}${path}`,
      accountId: variable(exchange, 'context.accountId'),
      protocol: variable(exchange, 'context.protocol'),
      stage: stage.stage.stageName,
      domainPrefix: stage.api.id,
      requestTimeEpoch: exchange.now,
      requestId,
      identity: { sourceIp, userAgent: exchange.header('user-agent') ?? null, apiKey: exchange.header('x-api-key') ?? null },
      domainName: stage.domainName,
      deploymentId: stage.stage.deploymentId,
      apiId: stage.api.id,
    },
  };
}
