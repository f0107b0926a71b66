import { connect, type Socket } from 'node:net';
import { createHistogram } from 'node:perf_hooks';

/** Requests to send: the same text on each of `connections` kept-alive connections, one at a time each, until `requests` are answered. */
export interface Load {
  readonly port: number;
  readonly text: string;
  readonly connections: number;
  readonly requests: number;
}

export interface LoadResult {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
  /** Answers other than 200. */
  readonly refused: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);

/** Length of the first answer in `received`, headers included; undefined while it is not complete. */
function answerLength(received: Buffer): number | undefined {
  const end = received.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const length = /\r\ncontent-length: (\d+)/i.exec(received.toString('latin1', 0, end))?.[1];
  if (length === undefined) throw new Error('an answer without Content-Length');
  const whole = end + HEAD_END.length + Number(length);
  return received.length < whole ? undefined : whole;
}

class Connection {
  private received: Buffer = NOTHING;
  private began = 0;

  constructor(
    private readonly socket: Socket,
    private readonly request: Buffer,
    /** Takes the time of an answer in ms; true to go on. */
    private readonly onAnswer: (elapsedMs: number, ok: boolean) => boolean,
    onEnd: (error?: Error) => void,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.read(chunk));
    socket.on('error', onEnd).on('close', () => onEnd());
  }

  send(): void {
    this.began = performance.now();
    this.socket.write(this.request);
  }

  private read(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const length = answerLength(this.received);
    if (length === undefined) return;
    const ok = this.received.toString('latin1', 9, 12) === '200';
    this.received = this.received.subarray(length);
    if (this.onAnswer(performance.now() - this.began, ok)) this.send();
    else this.socket.destroy();
  }
}

/** Node's http client takes longer per request than the server does, so this one speaks over plain sockets. */
export async function sendLoad({ port, text, connections, requests }: Load): Promise<LoadResult> {
  const request = Buffer.from(text);
  // In ns.
  const elapsed = createHistogram({ figures: 4 });
  let refused = 0;
  let started = 0;
  const began = performance.now();
  const onAnswer = (elapsedMs: number, ok: boolean): boolean => {
    elapsed.record(Math.max(1, Math.round(elapsedMs * 1e6)));
    if (!ok) refused += 1;
    started += 1;
    return started <= requests;
  };
  const open = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      const connection = new Connection(socket, request, onAnswer, (error) => (error === undefined ? resolve() : reject(error)));
      started += 1;
      socket.once('connect', () => connection.send());
    });
  await Promise.all(Array.from({ length: Math.min(connections, requests) }, open));
  const seconds = (performance.now() - began) / 1000;
  const percentileMs = (p: number): number => elapsed.percentile(p) / 1e6;
  return { p50Ms: percentileMs(50), p99Ms: percentileMs(99), perSecond: elapsed.count / seconds, refused };
}

if (process.send !== undefined)
  process.on('message', (load: Load) => {
    sendLoad(load).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
