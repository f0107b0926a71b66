import { AwsError } from '../errors';

function incomplete(): AwsError {
  return new AwsError('IncompleteBody', 'The request body terminated unexpectedly', { status: 400 });
}

/**
 * Decodes an `aws-chunked` body (signed or unsigned chunks, with or without trailers) to its payload, which has `declared` bytes.
 * Throws `IncompleteBody` if it is cut off or malformed.
 */
export function decodeAwsChunked(body: Buffer, declared?: number): { payload: Buffer; trailers: Record<string, string> } {
  const parts: Buffer[] = [];
  const trailers: Record<string, string> = {};
  let at = 0;
  while (at < body.length) {
    const end = body.indexOf('\r\n', at);
    if (end < 0) throw incomplete();
    const size = Number.parseInt(body.subarray(at, end).toString('latin1').split(';')[0] ?? '0', 16);
    at = end + 2;
    if (Number.isNaN(size)) throw incomplete();
    if (size === 0) {
      for (const line of body.subarray(at).toString('latin1').split('\r\n')) {
        const cut = line.indexOf(':');
        if (cut > 0) trailers[line.slice(0, cut).toLowerCase()] = line.slice(cut + 1).trim();
      }
      const payload = Buffer.concat(parts);
      if (declared !== undefined && declared !== payload.length) throw incomplete();
      return { payload, trailers };
    }
    if (at + size > body.length) throw incomplete();
    parts.push(body.subarray(at, at + size));
    at += size + 2;
  }
  throw incomplete();
}
