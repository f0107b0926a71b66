import { createHash, createHmac } from 'node:crypto';
import { AwsError } from '../errors';
import { readChunks } from './chunked';

/** How the chunks of a body are signed: each signature covers the one before it, the first one that of the request. */
export interface ChunkSigning {
  readonly key: Buffer;
  /** `yyyyMMddTHHmmssZ`. */
  readonly timestamp: string;
  /** `<date>/<region>/s3/aws4_request`. */
  readonly scope: string;
  readonly seed: string;
  /** Whether what follows the chunks is signed too. */
  readonly trailer: boolean;
}

const TRAILER_SIGNATURE = 'x-amz-trailer-signature';

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}

const NOTHING = sha256('');

function mismatch(): AwsError {
  return new AwsError(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    { status: 403 },
  );
}

/**
 * Verifies the signatures of a body in signed chunks. Throws `SignatureDoesNotMatch`.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export function verifyChunks(body: Buffer, { key, timestamp, scope, seed, trailer }: ChunkSigning): void {
  const { chunks, trailers } = readChunks(body);
  const sign = (kind: string, ...parts: string[]): string =>
    createHmac('sha256', key)
      .update([`AWS4-HMAC-SHA256-${kind}`, timestamp, scope, ...parts].join('\n'))
      .digest('hex');
  let previous = seed;
  for (const { data, signature } of chunks) {
    const expected = sign('PAYLOAD', previous, NOTHING, sha256(data));
    if (signature !== expected) throw mismatch();
    previous = expected;
  }
  if (!trailer) return;
  const signed = Object.entries(trailers).filter(([name]) => name !== TRAILER_SIGNATURE);
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('');
  if (trailers[TRAILER_SIGNATURE] !== sign('TRAILER', previous, sha256(lines))) throw mismatch();
}
