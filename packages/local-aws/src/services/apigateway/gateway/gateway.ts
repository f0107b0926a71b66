import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cloud, HttpRoute } from '../../../cloud';
import { MinuteMetrics } from '../../../metering/minute-metrics';
import { inspect } from '../../wafv2/inspection';
import type { Store } from '../store';
import { AccessLog } from './access-log';
import { Admission } from './admission';
import { type Answer, gatewayAnswer, send } from './answer';
import { type CompiledExchange, type CompiledMethod, type CompiledStage, compileStage, matchMethod } from './compile';
import { Exchange } from './exchange';
import { mockAnswer } from './mock';
import { ProxyIntegration } from './proxy';
import type { Quotas } from './quota';
import { GatewayFailure } from './response-types';

const PATH = /^\/restapis\/([a-z0-9]+)\/([^/?]+)\/_user_request_(.*)$/s;
const HOST = /^([a-z0-9]+)\.execute-api\./;

/** Largest request line and header values together. */
const MAX_HEAD = 10_240;

function headSize(message: IncomingMessage): number {
  const values = message.rawHeaders.filter((_, index) => index % 2 === 1);
  return values.reduce((sum, value) => sum + value.length, (message.method ?? '').length + (message.url ?? '').length);
}

interface Address {
  readonly api: string;
  readonly stage: string;
  /** Path below the stage and query, as sent. */
  readonly target: string;
}

function addressOf(message: IncomingMessage): Address | undefined {
  const url = message.url ?? '/';
  const byPath = url.startsWith('/restapis/') ? PATH.exec(url) : null;
  if (byPath !== null) return { api: byPath[1] ?? '', stage: byPath[2] ?? '', target: absolute(byPath[3] ?? '') };
  const host = HOST.exec(message.headers.host ?? '');
  if (host === null) return undefined;
  const end = url.slice(1).search(/[/?]/);
  const stage = end < 0 ? url.slice(1) : url.slice(1, end + 1);
  return { api: host[1] ?? '', stage, target: absolute(end < 0 ? '' : url.slice(end + 1)) };
}

function absolute(target: string): string {
  return target.startsWith('/') ? target : `/${target}`;
}

/** The data plane: serves `/restapis/<api>/<stage>/_user_request_/<path>`, and the host `<api>.execute-api.*` with `/<stage>/<path>`. */
export class Gateway implements HttpRoute {
  private readonly metrics: MinuteMetrics;
  private readonly log: AccessLog;
  private readonly admission: Admission;
  private readonly proxy: ProxyIntegration;
  private stages = new Map<string, CompiledStage>();

  constructor(
    private readonly cloud: Cloud,
    private readonly store: Store,
    quotas: Quotas,
  ) {
    this.metrics = new MinuteMetrics(cloud, 'AWS/ApiGateway', 'apigateway.amazonaws.com');
    this.log = new AccessLog(cloud);
    this.admission = new Admission(store, quotas);
    this.proxy = new ProxyIntegration(cloud);
    store.onChange(() => {
      this.stages = new Map();
    });
  }

  matches(message: IncomingMessage): boolean {
    return addressOf(message) !== undefined;
  }

  async handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = addressOf(message);
    const stage = address === undefined ? undefined : this.stage(address.api, address.stage);
    if (address === undefined || stage === undefined || stage.api.disableExecuteApiEndpoint) {
      response.writeHead(403, { 'content-type': 'application/json', 'x-amzn-ErrorType': 'ForbiddenException' });
      response.end('{"message":"Forbidden"}');
      return;
    }
    if (headSize(message) > MAX_HEAD) {
      response.writeHead(431, { 'content-type': 'application/json' }).end('{"message":"Request Header Fields Too Large"}');
      return;
    }
    const exchange: CompiledExchange = new Exchange(message, stage, address.target, this.cloud.clock.now());
    const answer = await this.answer(exchange);
    if (answer === undefined) return;
    send(exchange, response, answer);
    this.log.add(exchange);
    this.count(exchange);
  }

  async stop(): Promise<void> {
    await this.log.flush();
    await this.metrics.flush();
  }

  private stage(api: string, name: string): CompiledStage | undefined {
    const id = `${api}/${name}`;
    let stage = this.stages.get(id);
    if (stage === undefined) {
      stage = compileStage(this.store, api, name);
      if (stage !== undefined) this.stages.set(id, stage);
    }
    return stage;
  }

  /** The answer to a request; undefined if its client went away. */
  private async answer(exchange: CompiledExchange): Promise<Answer | undefined> {
    try {
      return await this.pass(exchange);
    } catch (error) {
      if (error instanceof GatewayFailure) return gatewayAnswer(exchange, error);
      if (exchange.message.destroyed && !exchange.message.complete) return undefined;
      this.cloud.log('apigateway', error instanceof Error ? (error.stack ?? error.message) : String(error));
      return gatewayAnswer(exchange, new GatewayFailure('DEFAULT_5XX', 'Internal server error'));
    }
  }

  /** The way of a request, in AWS's order: firewall, route, authorizer, plan and throttle, validation, integration. */
  private async pass(exchange: CompiledExchange): Promise<Answer> {
    this.filter(exchange);
    const route = matchMethod(exchange.stage, exchange.method, exchange.path);
    if (route === undefined) throw new GatewayFailure('MISSING_AUTHENTICATION_TOKEN', 'Missing Authentication Token');
    exchange.route = route;
    const { method } = route;
    const usageKey = method.authorizer === undefined ? undefined : await method.authorizer.authorize(exchange);
    this.admission.admit(exchange, method, usageKey);
    method.validation?.checkParameters(exchange);
    const body = await exchange.body();
    method.validation?.checkBody(contentType(exchange), body);
    return method.functionArn === undefined ? mockAnswer(exchange, method) : this.proxy.answer(exchange, method, body);
  }

  private filter(exchange: Exchange): void {
    const { message, sourceIp, path, rawQuery } = exchange;
    const bodyLength = Number(message.headers['content-length'] ?? 0);
    const verdict = inspect(this.cloud, exchange.stage.stageArn, { message, sourceIp, path, rawQuery, bodyLength });
    if (verdict === undefined) return;
    exchange.wafResponse = verdict === 'block' ? 'WAF_BLOCK' : 'WAF_ALLOW';
    if (verdict === 'block') throw new GatewayFailure('WAF_FILTERED', 'Forbidden');
  }

  private count(exchange: CompiledExchange): void {
    const { stage, status } = exchange;
    const method = exchange.route?.method;
    const latency = Math.round(performance.now() - exchange.started);
    const api = { ApiName: stage.api.name };
    const ofStage = { ...api, Stage: stage.stage.stageName };
    this.add(status, latency, exchange, api, stage.api.name);
    this.add(status, latency, exchange, ofStage, `${stage.api.name}|${stage.stage.stageName}`);
    if (method?.detailedMetrics === true) this.addDetailed(status, latency, exchange, ofStage, method);
  }

  private addDetailed(status: number, latency: number, exchange: Exchange, ofStage: object, method: CompiledMethod): void {
    const dimensions = { ...ofStage, Resource: method.resource.path, Method: method.record.httpMethod };
    const key = `${exchange.stage.stageArn}|${method.resource.path}|${method.record.httpMethod}`;
    this.add(status, latency, exchange, dimensions, key);
  }

  private add(status: number, latency: number, exchange: Exchange, dimensions: Record<string, string>, key: string): void {
    this.metrics.add('Count', 'Count', 1, dimensions, key);
    this.metrics.add('4XXError', 'Count', status >= 400 && status < 500 ? 1 : 0, dimensions, key);
    this.metrics.add('5XXError', 'Count', status >= 500 ? 1 : 0, dimensions, key);
    this.metrics.add('Latency', 'Milliseconds', latency, dimensions, key);
    if (exchange.integration !== undefined)
      this.metrics.add('IntegrationLatency', 'Milliseconds', exchange.integration.latency, dimensions, key);
  }
}

function contentType(exchange: Exchange): string {
  return (exchange.header('content-type') ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
}
