/** Decodes an `aws-chunked` body (signed or unsigned chunks, with or without trailers) to its payload. */
export function decodeAwsChunked(body: Buffer): { payload: Buffer; trailers: Record<string, string> } {
  const parts: Buffer[] = [];
  const trailers: Record<string, string> = {};
  let at = 0;
  while (at < body.length) {
    const end = body.indexOf('\r\n', at);
    if (end < 0) break;
    const size = Number.parseInt(body.subarray(at, end).toString('latin1').split(';')[0] ?? '0', 16);
    at = end + 2;
    if (Number.isNaN(size)) break;
    if (size === 0) {
      for (const line of body.subarray(at).toString('latin1').split('\r\n')) {
        const cut = line.indexOf(':');
        if (cut > 0) trailers[line.slice(0, cut).toLowerCase()] = line.slice(cut + 1).trim();
      }
      break;
    }
    parts.push(body.subarray(at, at + size));
    at += size + 2;
  }
  return { payload: Buffer.concat(parts), trailers };
}
