import { AwsError } from '../errors';

function incomplete(): AwsError {
  return new AwsError('IncompleteBody', 'The request body terminated unexpectedly', { status: 400 });
}

/** One chunk of a body; the last one is empty. */
export interface Chunk {
  readonly data: Buffer;
  readonly signature: string | undefined;
}

function readTrailers(text: string): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of text.split('\r\n')) {
    const cut = line.indexOf(':');
    if (cut > 0) trailers[line.slice(0, cut).toLowerCase()] = line.slice(cut + 1).trim();
  }
  return trailers;
}

/** The chunks of an `aws-chunked` body and what follows them. Throws `IncompleteBody` if it is cut off or malformed. */
export function readChunks(body: Buffer): { chunks: readonly Chunk[]; trailers: Record<string, string> } {
  const chunks: Chunk[] = [];
  let at = 0;
  while (at < body.length) {
    const end = body.indexOf('\r\n', at);
    if (end < 0) throw incomplete();
    const [length = '0', ...extensions] = body.subarray(at, end).toString('latin1').split(';');
    const size = Number.parseInt(length, 16);
    at = end + 2;
    if (Number.isNaN(size) || at + size > body.length) throw incomplete();
    const signature = extensions.find((extension) => extension.startsWith('chunk-signature='))?.slice('chunk-signature='.length);
    chunks.push({ data: body.subarray(at, at + size), signature });
    if (size === 0) return { chunks, trailers: readTrailers(body.subarray(at).toString('latin1')) };
    at += size + 2;
  }
  throw incomplete();
}

/**
 * Decodes an `aws-chunked` body (signed or unsigned chunks, with or without trailers) to its payload, which has `declared` bytes.
 * Throws `IncompleteBody` if it is cut off or malformed.
 */
export function decodeAwsChunked(body: Buffer, declared?: number): { payload: Buffer; trailers: Record<string, string> } {
  const { chunks, trailers } = readChunks(body);
  const payload = Buffer.concat(chunks.map(({ data }) => data));
  if (declared !== undefined && declared !== payload.length) throw incomplete();
  return { payload, trailers };
}
