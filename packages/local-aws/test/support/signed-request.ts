import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { request as open } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';

export interface Raw {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

class Sha256 {
  private readonly hash: Hash | Hmac;
  constructor(secret?: string | Uint8Array) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }
  update(data: string | Uint8Array): void {
    this.hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
  reset(): void {
    throw new Error('used once');
  }
}

function signer(credentials: Key, service: string): SignatureV4 {
  return new SignatureV4({
    service,
    region: 'eu-west-1',
    credentials,
    sha256: Sha256 as never,
    uriEscapePath: service !== 's3',
    applyChecksum: true,
  });
}

function parts(endpoint: string, raw: Raw) {
  const { hostname, port } = new URL(endpoint);
  const headers = { ...raw.headers, host: `${hostname}:${port}` };
  return { protocol: 'http:', hostname, port: Number(port), query: {}, ...raw, headers };
}

/** A request signed by the SDK's own signer, at `signingDate`. */
export async function sign(endpoint: string, raw: Raw, key: Key, service: string, signingDate = new Date()): Promise<Raw> {
  const { method, path, query, headers } = await signer(key, service).sign(parts(endpoint, raw), { signingDate });
  return { ...raw, method, path, query: query as Record<string, string>, headers };
}

export async function presign(
  endpoint: string,
  raw: Raw,
  key: Key,
  service: string,
  options: { signingDate: Date; expiresIn: number },
): Promise<Raw> {
  const open = service === 's3' ? { ...raw, headers: { ...raw.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } } : raw;
  const { query } = await signer(key, service).presign(parts(endpoint, open), options);
  return { ...raw, query: query as Record<string, string> };
}

/** Sends a request as it is. */
export function send(endpoint: string, raw: Raw): Promise<Answer> {
  const query = new URLSearchParams(raw.query ?? {}).toString().replaceAll('+', '%20');
  const { hostname, port } = new URL(endpoint);
  const path = query === '' ? raw.path : `${raw.path}?${query}`;
  return new Promise((resolve, reject) => {
    const sent = open({ hostname, port, method: raw.method, path, headers: raw.headers ?? {} }, (message) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk: Buffer) => chunks.push(chunk));
      message.on('error', reject);
      message.on('end', () =>
        resolve({
          status: message.statusCode ?? 0,
          headers: message.headers as Record<string, string>,
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(raw.body);
  });
}
