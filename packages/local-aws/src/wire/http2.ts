import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** First bytes of every HTTP/2 connection without TLS (RFC 9113). */
const PREFACE = 'PRI ';
const CONNECTION_HEADERS = ['connection', 'keep-alive', 'transfer-encoding'];

/** Makes a response take the same calls as an HTTP/1 one: headers that belong to a connection do not exist in HTTP/2. */
function withoutConnectionHeaders(response: ServerResponse): ServerResponse {
  const write = response.writeHead.bind(response);
  response.writeHead = ((status: number, headers: Record<string, string> = {}) =>
    write(
      status,
      Object.fromEntries(Object.entries(headers).filter(([name]) => !CONNECTION_HEADERS.includes(name.toLowerCase()))),
    )) as never;
  return response;
}

function http2Server(handler: Handler, sessions: Set<ServerHttp2Session>): Http2Server {
  const server = createServer((request, response) => {
    const asked = request as unknown as IncomingMessage;
    asked.headers.host ??= request.authority;
    handler(asked, withoutConnectionHeaders(response as unknown as ServerResponse));
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => session.destroy());
  });
  server.on('sessionError', () => undefined);
  return server;
}

/**
 * Lets an HTTP/1 server take HTTP/2 connections on the same port, as some SDK clients (Kinesis) open them by default.
 * Returns what ends those connections.
 */
export function acceptHttp2(server: Server, handler: Handler): () => void {
  const sessions = new Set<ServerHttp2Session>();
  const http2 = http2Server(handler, sessions);
  const http1 = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    // Refused already.
    if (socket.writableEnded) return;
    const ignore = (): void => void socket.destroy();
    socket.once('error', ignore);
    socket.once('readable', () => {
      const first: Buffer | null = socket.read();
      socket.removeListener('error', ignore);
      if (first === null) return void socket.destroy();
      socket.unshift(first);
      if (first.toString('latin1', 0, PREFACE.length) === PREFACE) http2.emit('connection', socket);
      else for (const accept of http1) accept.call(server, socket);
    });
  });
  return () => {
    for (const session of sessions) session.destroy();
  };
}
