import type { IncomingMessage } from 'node:http';
import { AwsError } from '../errors';

/** A received AWS API request, body read, nothing interpreted yet. */
export interface WireRequest {
  readonly method: string;
  /** Path as sent (percent-encoded), without the query. */
  readonly path: string;
  /** Query parameters as sent, decoded, in order. */
  readonly query: readonly (readonly [string, string])[];
  readonly rawQuery: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer | string;
}

/** Largest body that the endpoint reads; S3's single PUT may be larger in an account. */
const MAX_BODY = 256 * 1024 * 1024;

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'));
  } catch {
    return text;
  }
}

/** Decodes a part of a path. Throws `InvalidURI` where it is not percent-encoded text. */
export function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", { status: 400 });
  }
}

export function parseQuery(raw: string): (readonly [string, string])[] {
  if (raw === '') return [];
  return raw
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const cut = part.indexOf('=');
      return cut < 0 ? ([decode(part), ''] as const) : ([decode(part.slice(0, cut)), decode(part.slice(cut + 1))] as const);
    });
}

/** Reads the request whole; rejects with `EntityTooLarge` beyond the limit. */
export async function receive(message: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    // Beyond the limit the body is read and dropped: a client that still sends would not see an answer.
    size += (chunk as Buffer).length;
    if (size > MAX_BODY) chunks.length = 0;
    else chunks.push(chunk as Buffer);
  }
  if (size > MAX_BODY)
    throw new AwsError('EntityTooLarge', `Your proposed upload exceeds the maximum allowed size of ${MAX_BODY} bytes`, {
      status: 413,
    });
  const url = message.url ?? '/';
  const cut = url.indexOf('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers))
    headers[name] = Array.isArray(value) ? value.join(',') : (value ?? '');
  const rawQuery = cut < 0 ? '' : url.slice(cut + 1);
  return {
    method: message.method ?? 'GET',
    path: cut < 0 ? url : url.slice(0, cut),
    query: parseQuery(rawQuery),
    rawQuery,
    headers,
    body: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks),
  };
}
