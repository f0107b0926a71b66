import { connect, type Socket } from 'node:net';

export interface ModelRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface ModelResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Waiting {
  readonly resolve: (response: ModelResponse) => void;
  readonly reject: (error: Error) => void;
}

const EMPTY = Buffer.alloc(0);
const HEAD_END = '\r\n\r\n';

/** The model server's connection broke, or what came over it was no HTTP. */
export class ConnectionError extends Error {}

function parseHead(text: string): { status: number; headers: Record<string, string> } {
  const [line = '', ...fields] = text.split('\r\n');
  const headers: Record<string, string> = {};
  for (const field of fields) {
    const cut = field.indexOf(':');
    headers[field.slice(0, cut).toLowerCase()] = field.slice(cut + 1).trim();
  }
  return { status: Number(line.split(' ')[1]), headers };
}

/**
 * One connection to a model server, on which requests are sent ahead of the answers (HTTP/1.1 pipelining): the server has one
 * thread and takes what waits together as a batch. Answers have a Content-Length, as the server's all do.
 */
export class ServerClient {
  private socket: Socket | undefined;
  private waiting: Waiting[] = [];
  private last: Promise<unknown> = Promise.resolve();
  private received: Buffer = EMPTY;
  private head: { status: number; headers: Record<string, string> } | undefined;

  constructor(private readonly port: number) {}

  send(request: ModelRequest): Promise<ModelResponse> {
    const fields = Object.entries({ ...request.headers, 'Content-Length': String(request.body.length) });
    const head = `${request.method} ${request.path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
    const socket = this.socket ?? this.open();
    const answer = new Promise<ModelResponse>((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      socket.cork();
      socket.write(head, 'latin1');
      if (request.body.length > 0) socket.write(request.body);
      socket.uncork();
    });
    this.last = answer.catch(() => undefined);
    return answer;
  }

  /** Requests are under way. */
  get busy(): boolean {
    return this.waiting.length > 0;
  }

  /** Resolves when what was sent is answered: answers come in the order of the requests. */
  async idle(): Promise<void> {
    await this.last;
  }

  close(): void {
    this.socket?.destroy();
    this.fail('closed');
  }

  private open(): Socket {
    const socket = connect({ host: '127.0.0.1', port: this.port, noDelay: true });
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.fail(error.message));
    socket.on('close', () => this.fail('the model server closed the connection'));
    this.socket = socket;
    return socket;
  }

  private fail(reason: string): void {
    this.socket = undefined;
    this.received = EMPTY;
    this.head = undefined;
    for (const { reject } of this.waiting.splice(0)) reject(new ConnectionError(reason));
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    while (this.takeResponse());
  }

  private takeResponse(): boolean {
    if (this.head === undefined) {
      const end = this.received.indexOf(HEAD_END);
      if (end < 0) return false;
      this.head = parseHead(this.received.toString('latin1', 0, end));
      this.received = this.received.subarray(end + HEAD_END.length);
    }
    const { status, headers } = this.head;
    const length = Number(headers['content-length']);
    if (!Number.isInteger(status) || !Number.isInteger(length)) {
      this.socket?.destroy();
      this.fail('the model server sent a malformed answer');
      return false;
    }
    if (this.received.length < length) return false;
    const body = this.received.subarray(0, length);
    this.received = this.received.subarray(length);
    this.head = undefined;
    this.waiting.shift()?.resolve({ status, headers, body });
    return true;
  }
}
