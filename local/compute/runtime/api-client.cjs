'use strict';
// A client of the Lambda Runtime API over one socket; requests may be written ahead, answers come in their order.

const net = require('node:net');

const HEAD_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);

function parseHead(text) {
  const lines = text.split('\r\n');
  const headers = {};
  for (let index = 1; index < lines.length; index += 1) {
    const colon = lines[index].indexOf(':');
    headers[lines[index].slice(0, colon).toLowerCase()] = lines[index].slice(colon + 1).trim();
  }
  return { status: Number(lines[0].slice(9, 12)), headers };
}

class RuntimeApiClient {
  constructor(address) {
    const slash = address.indexOf('/');
    this.base = `${slash < 0 ? '' : address.slice(slash)}/2018-06-01/runtime/`;
    this.host = slash < 0 ? address : address.slice(0, slash);
    const [hostname, port] = this.host.split(':');
    this.waiting = [];
    this.received = NOTHING;
    this.head = undefined;
    this.socket = net.connect(Number(port), hostname);
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk) => this.read(chunk));
    // The server is gone: so is the environment.
    this.socket.on('close', () => process.exit(0));
    this.socket.on('error', () => process.exit(0));
  }

  /** Sends a request whose body is known; resolves with its answer. */
  send(method, path, headers, body) {
    const data = typeof body === 'string' ? Buffer.from(body) : (body ?? NOTHING);
    this.socket.cork();
    this.socket.write(`${this.headOf(method, path, headers)}content-length: ${data.length}\r\n\r\n`);
    if (data.length > 0) this.socket.write(data);
    process.nextTick(() => this.socket.uncork());
    return this.answer();
  }

  /** Opens a request whose body follows in chunks. */
  open(path, headers) {
    this.socket.write(`${this.headOf('POST', path, headers)}transfer-encoding: chunked\r\n\r\n`);
    return {
      write: (chunk, done) =>
        this.socket.write(Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]), done),
      end: (trailers = {}) => {
        this.socket.write(
          `0\r\n${Object.entries(trailers)
            .map(([name, value]) => `${name}: ${value}\r\n`)
            .join('')}\r\n`,
        );
        return this.answer();
      },
    };
  }

  headOf(method, path, headers) {
    let head = `${method} ${this.base}${path} HTTP/1.1\r\nhost: ${this.host}\r\n`;
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
    return head;
  }

  answer() {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  read(chunk) {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    for (;;) {
      if (this.head === undefined) {
        const end = this.received.indexOf(HEAD_END);
        if (end < 0) return;
        this.head = parseHead(this.received.latin1Slice(0, end));
        this.received = this.received.subarray(end + 4);
      }
      const length = Number(this.head.headers['content-length'] ?? 0);
      if (this.received.length < length) return;
      const answer = { ...this.head, body: this.received.subarray(0, length) };
      this.received = this.received.subarray(length);
      this.head = undefined;
      this.waiting.shift()?.(answer);
    }
  }
}

module.exports = { RuntimeApiClient };
