import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Descriptors that are kept for the store, files, and the processes of functions and jobs. */
const RESERVED = 512;
/** How long a refused connection may stay open. */
const GRACE_MS = 1000;

/** Connections that this process may hold: its limit of open files (`ulimit -n`; Node raises it to the hard one) less what it needs itself. */
export function connectionLimit(): number {
  try {
    const limit = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? Number.POSITIVE_INFINITY : Math.max(16, Number(limit) - RESERVED);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function refusal(limit: number): string {
  const message = `The local AWS holds ${limit} connections, which is all that its limit of open files (ulimit -n) allows.`;
  const body = JSON.stringify({ __type: 'ServiceUnavailable', message });
  const head = `HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`;
  return `${head}\r\nconnection: close\r\n\r\n${body}`;
}

/** Answers 503 to connections beyond `limit`; one line of the log tells when that begins. */
export function limitConnections(server: Server, limit: number, log: (message: string) => void): void {
  let open = 0;
  let isFull = false;
  server.prependListener('connection', (socket: Socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
      if (open < limit) isFull = false;
    });
    if (open <= limit) return;
    if (!isFull) log(`${limit} connections are open; more are refused until some close (raise ulimit -n for more)`);
    isFull = true;
    socket.on('error', () => undefined);
    // What it sends is read and dropped, or the answer would be lost with the connection.
    socket.resume();
    socket.end(refusal(limit));
    socket.setTimeout(GRACE_MS, () => socket.destroy());
  });
}
