import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { parseQuery } from '../../../wire/request';
import type { ApiRecord, MethodRecord, ResourceRecord, StageRecord } from '../records';
import { GatewayFailure } from './response-types';

/** Largest payload of a REST API. */
const MAX_BODY = 10 * 1024 * 1024;
const EMPTY = Buffer.alloc(0);
/** Headers of one connection, which no integration sees. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'content-length', 'expect']);

/** 32 random hex digits; UUIDs come from a pool of random bytes, which spares a system call per request. */
function randomHex(): string {
  return randomUUID().replaceAll('-', '');
}

/** What an authorizer said, as the request's context shows it. */
export interface AuthorizerContext {
  readonly principalId: string;
  readonly context: Readonly<Record<string, string>>;
  readonly latency: number;
}

export interface Failure {
  readonly type: string;
  readonly message: string | null;
  readonly validation?: string | undefined;
}

/** What templates, authorizers and integrations are told of the stage that a request came to. */
export interface ServedStage {
  readonly api: ApiRecord;
  readonly stage: StageRecord;
  /** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/`, to which method and path are added. */
  readonly executeArn: string;
  /** ARN by which WAF knows the stage. */
  readonly stageArn: string;
  readonly domainName: string;
  /** Stage variables, null if there are none. */
  readonly variables: Readonly<Record<string, string>> | null;
}

export interface ServedMethod {
  readonly record: MethodRecord;
  readonly resource: ResourceRecord;
}

/** One request on its way through the gateway, and what became known of it. */
export class Exchange<Stage extends ServedStage = ServedStage, Method extends ServedMethod = ServedMethod> {
  readonly requestId = randomUUID();
  readonly extendedRequestId = `${randomHex().slice(0, 15)}=`;
  readonly started = performance.now();
  readonly method: string;
  readonly sourceIp: string;
  readonly traceId: string;
  /** Path below the stage, as sent. */
  readonly path: string;
  readonly rawQuery: string;
  route: { readonly method: Method; readonly parameters: Readonly<Record<string, string>> | null } | undefined;
  authorizer: AuthorizerContext | undefined;
  apiKey: { readonly id: string; readonly value: string } | undefined;
  integration: { latency: number; status?: number; requestId?: string; error?: string } | undefined;
  failure: Failure | undefined;
  wafResponse: string | undefined;
  status = 0;
  responseLength = 0;
  private queryPairs: (readonly [string, string])[] | undefined;

  constructor(
    readonly message: IncomingMessage,
    readonly stage: Stage,
    target: string,
    /** Epoch ms of the cloud's clock. */
    readonly now: number,
  ) {
    const cut = target.indexOf('?');
    this.path = cut < 0 ? target : target.slice(0, cut);
    this.rawQuery = cut < 0 ? '' : target.slice(cut + 1);
    this.method = message.method ?? 'GET';
    this.sourceIp = (message.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
    const trace = message.headers['x-amzn-trace-id'];
    this.traceId =
      typeof trace === 'string'
        ? trace
        : `Root=1-${Math.floor(now / 1000)
            .toString(16)
            .padStart(8, '0')}-${randomHex().slice(0, 24)}`;
  }

  get query(): (readonly [string, string])[] {
    this.queryPairs ??= parseQuery(this.rawQuery);
    return this.queryPairs;
  }

  header(name: string): string | undefined {
    const value = this.message.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.at(-1) : value;
  }

  /** Last value of a query parameter. */
  queryValue(name: string): string | undefined {
    return this.query.findLast(([key]) => key === name)?.[1];
  }

  /** Headers as an integration sees them: case kept, last value and all values, with what the gateway adds. */
  headerMaps(): { single: Record<string, string>; multi: Record<string, string[]> } {
    const single: Record<string, string> = {};
    const multi: Record<string, string[]> = {};
    const { rawHeaders } = this.message;
    const add = (name: string, value: string): void => {
      single[name] = value;
      const values = multi[name];
      if (values === undefined) multi[name] = [value];
      else values.push(value);
    };
    let forwarded = '';
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index] ?? '';
      const lower = name.toLowerCase();
      const value = rawHeaders[index + 1] ?? '';
      if (lower === 'x-forwarded-for') forwarded = `${value}, `;
      else if (!HOP_BY_HOP.has(lower) && !ADDED.has(lower)) add(name, value);
    }
    add('X-Amzn-Trace-Id', this.traceId);
    add('X-Forwarded-For', `${forwarded}${this.sourceIp}`);
    add('X-Forwarded-Port', String(this.message.socket.localPort ?? 80));
    add('X-Forwarded-Proto', 'http');
    // On AWS a host names the API and its stage; by path, a function could not tell the address of its own API.
    const prefix = PATH_STYLE.exec(this.message.url ?? '')?.[0];
    if (prefix !== undefined) add('X-Forwarded-Prefix', prefix);
    return { single, multi };
  }

  queryMaps(): { single: Record<string, string>; multi: Record<string, string[]> } | undefined {
    if (this.query.length === 0) return undefined;
    const single: Record<string, string> = {};
    const multi: Record<string, string[]> = {};
    for (const [name, value] of this.query) {
      single[name] = value;
      const values = multi[name];
      if (values === undefined) multi[name] = [value];
      else values.push(value);
    }
    return { single, multi };
  }

  /** Reads the body; throws the gateway's 413 beyond 10 MB. */
  body(): Promise<Buffer> | Buffer {
    const { headers } = this.message;
    const length = headers['content-length'];
    if (length === undefined && headers['transfer-encoding'] === undefined) return EMPTY;
    if (length === '0') return EMPTY;
    if (Number(length ?? 0) > MAX_BODY) throw tooLarge();
    this.reading ??= readBody(this.message);
    return this.reading;
  }
  private reading: Promise<Buffer> | undefined;
}

/** Headers that the gateway sets itself. */
const ADDED = new Set(['x-amzn-trace-id', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto', 'x-forwarded-prefix']);

const PATH_STYLE = /^\/restapis\/[a-z0-9]+\/[^/?]+\/_user_request_/;

function tooLarge(): GatewayFailure {
  return new GatewayFailure('REQUEST_TOO_LARGE', 'Request Too Long');
}

function readBody(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY) {
        message.removeAllListeners('data').resume();
        reject(tooLarge());
      } else chunks.push(chunk);
    });
    message.once('end', () => resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)));
    message.once('error', reject);
    message.once('close', () => {
      if (!message.complete) reject(new Error('the client went away'));
    });
  });
}
