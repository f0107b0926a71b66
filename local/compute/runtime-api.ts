import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Hands an invocation to an environment: header names and values in turn, and the event. */
export type Hand = (headers: string[], payload: Uint8Array) => void;

/** What the Runtime API asks of the environment behind a connection. */
export interface RuntimeHost {
  /** The environment waits for work; `hand` writes the invocation to it when there is one. */
  next(hand: Hand): void;
  answered(requestId: string, body: Buffer, maxRssKb: number): void;
  failed(requestId: string, errorType: string, body: Buffer): void;
  initFailed(errorType: string, body: Buffer): void;
}

const ROOT = '/2018-06-01/runtime/';
const ACCEPTED = Buffer.from('{"status":"OK"}');

function readBody(request: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => done(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)));
}

function respond(response: ServerResponse, status: number, body: Buffer): void {
  response.writeHead(status, ['content-type', 'application/json', 'content-length', String(body.length)]);
  response.end(body);
}

/** The Lambda Runtime API on a loopback port of its own; each environment has its own path prefix, which nobody else knows. */
export class RuntimeApi {
  private readonly hosts = new Map<string, RuntimeHost>();
  private readonly server: Server;

  constructor() {
    this.server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, (request, response) =>
      this.handle(request, response),
    );
    this.server.unref();
  }

  async listen(): Promise<void> {
    if (this.server.listening) return;
    await new Promise<void>((resolve, reject) => this.server.once('error', reject).listen(0, '127.0.0.1', resolve));
  }

  /** Value of `AWS_LAMBDA_RUNTIME_API` for the environment that is known by `token`. */
  address(token: string): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}/${token}`;
  }

  register(token: string, host: RuntimeHost): void {
    this.hosts.set(token, host);
  }

  unregister(token: string): void {
    this.hosts.delete(token);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private readonly receipts = new WeakMap<Socket, ServerResponse>();

  /** Lets a receipt that was held back leave together with what `write` sends behind it on the same connection. */
  private together(socket: Socket, write: () => void): void {
    const receipt = this.receipts.get(socket);
    if (receipt === undefined) return write();
    this.receipts.delete(socket);
    socket.cork();
    respond(receipt, 202, ACCEPTED);
    write();
    process.nextTick(() => socket.uncork());
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '';
    const cut = url.indexOf('/', 1);
    const host = this.hosts.get(url.slice(1, cut));
    if (host === undefined || !url.startsWith(ROOT, cut))
      return respond(response, 403, Buffer.from('{"errorMessage":"Forbidden","errorType":"Forbidden"}'));
    const path = url.slice(cut + ROOT.length);
    const { socket } = request;
    if (path === 'invocation/next')
      return host.next((headers, payload) =>
        this.together(socket, () => {
          response.writeHead(200, headers);
          response.end(payload);
        }),
      );
    readBody(request, (body) => {
      // Our own runtime asks for the next invocation without waiting for the receipt of its answer.
      if (request.headers['local-max-rss'] === undefined) respond(response, 202, ACCEPTED);
      else this.receipts.set(socket, response);
      this.report(host, path, request, body);
    });
  }

  private report(host: RuntimeHost, path: string, request: IncomingMessage, body: Buffer): void {
    const type = decodeURIComponent(String(request.headers['lambda-runtime-function-error-type'] ?? 'Error'));
    if (path === 'init/error') return host.initFailed(type, body);
    const [, requestId = '', what] = path.split('/');
    if (what === 'error') return host.failed(requestId, type, body);
    const late = request.trailers['lambda-runtime-function-error-body'];
    if (late !== undefined)
      return host.failed(requestId, String(request.trailers['lambda-runtime-function-error-type']), Buffer.from(late, 'base64'));
    host.answered(requestId, body, Number(request.headers['local-max-rss'] ?? 0));
  }
}
