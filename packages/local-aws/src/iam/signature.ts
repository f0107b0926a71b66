import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../errors';
import type { WireRequest } from '../wire/request';

/** The parts of a SigV4 authorization, from the header or from a presigned URL. */
export interface Authorization {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly presigned: boolean;
  readonly sessionToken: string | undefined;
  /** `yyyyMMddTHHmmssZ`. */
  readonly timestamp: string;
}

const HEADER =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request,\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/;
const MAX_SKEW_MS = 15 * 60 * 1000;
const MAX_PRESIGNED_MS = 7 * 24 * 3600 * 1000;

/** Reads the SigV4 parts of a request; undefined if it carries none. Throws `IncompleteSignatureException` on a malformed header. */
export function readAuthorization(request: WireRequest): Authorization | undefined {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const match = HEADER.exec(header);
    if (match === null)
      throw new AwsError(
        'IncompleteSignatureException',
        `Authorization header is not a valid AWS4-HMAC-SHA256 one: '${header.slice(0, 60)}'`,
      );
    const [, accessKeyId = '', date = '', region = '', service = '', signed = '', signature = ''] = match;
    const timestamp = request.headers['x-amz-date'] ?? '';
    const sessionToken = request.headers['x-amz-security-token'];
    return {
      accessKeyId,
      date,
      region,
      service,
      signedHeaders: signed.split(';'),
      signature,
      presigned: false,
      sessionToken,
      timestamp,
    };
  }
  const query = new Map(request.query);
  const credential = query.get('X-Amz-Credential')?.split('/');
  if (credential === undefined) return undefined;
  const [accessKeyId = '', date = '', region = '', service = ''] = credential;
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: query.get('X-Amz-Signature') ?? '',
    presigned: true,
    sessionToken: query.get('X-Amz-Security-Token'),
    timestamp: query.get('X-Amz-Date') ?? '',
  };
}

function hmac(key: Buffer | string, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function canonicalPath(path: string, service: string): string {
  if (service === 's3') return path === '' ? '/' : path;
  return path.split('/').map(encode).join('/');
}

function canonicalQuery(request: WireRequest): string {
  return request.query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function canonicalRequest(request: WireRequest, authorization: Authorization): string {
  const headers = authorization.signedHeaders
    .map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`)
    .join('');
  const open = authorization.presigned && authorization.service === 's3';
  const payload = request.headers['x-amz-content-sha256'] ?? (open ? 'UNSIGNED-PAYLOAD' : sha256(request.body));
  return [
    request.method,
    canonicalPath(request.path, authorization.service),
    canonicalQuery(request),
    headers,
    authorization.signedHeaders.join(';'),
    payload,
  ].join('\n');
}

const signingKeys = new Map<string, Buffer>();

/** The key of one day, region and service, derived from a secret. */
export function signingKey(secret: string, { date, region, service }: Authorization): Buffer {
  const id = `${secret}/${date}/${region}/${service}`;
  let key = signingKeys.get(id);
  if (key === undefined) {
    key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
    if (signingKeys.size > 1000) signingKeys.clear();
    signingKeys.set(id, key);
  }
  return key;
}

function parseTimestamp(timestamp: string): number {
  return Date.parse(timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** Instant that a signature is held against: the one of `clocks` that is nearest to it. */
function nearest(signed: number, clocks: readonly number[]): number {
  return clocks.reduce((best, now) => (Math.abs(now - signed) < Math.abs(best - signed) ? now : best), clocks[0] ?? 0);
}

/**
 * The clock (epoch ms) that a request was signed by. Answers carry it as their Date: SDKs correct their own clock by that header, and a
 * function whose clock jumps must not be corrected to wall time.
 */
export function clockOf(authorization: Authorization, clocks: readonly number[]): number {
  return nearest(parseTimestamp(authorization.timestamp), clocks);
}

function checkTime(request: WireRequest, authorization: Authorization, clocks: readonly number[]): void {
  const signed = parseTimestamp(authorization.timestamp);
  const now = clockOf(authorization, clocks);
  if (authorization.presigned) {
    const expires = Number(new Map(request.query).get('X-Amz-Expires') ?? '900') * 1000;
    if (expires > MAX_PRESIGNED_MS)
      throw new AwsError('AuthorizationQueryParametersError', 'X-Amz-Expires must be less than a week (in seconds)');
    if (signed > now + MAX_SKEW_MS) throw new AwsError('AccessDenied', 'Request is not valid yet', { status: 403 });
    if (!(now <= signed + expires)) throw new AwsError('AccessDenied', 'Request has expired', { status: 403 });
    return;
  }
  if (authorization.service === 's3' && !(Math.abs(now - signed) <= MAX_SKEW_MS))
    throw new AwsError('RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.', {
      status: 403,
    });
  if (signed < now - MAX_SKEW_MS)
    throw new AwsError('InvalidSignatureException', `Signature expired: ${authorization.timestamp} is now earlier than allowed`, {
      status: 403,
    });
  if (!(signed <= now + MAX_SKEW_MS))
    throw new AwsError('InvalidSignatureException', `Signature not yet current: ${authorization.timestamp}`, { status: 403 });
}

/**
 * Verifies a SigV4 signature against `secret`. `clocks` holds the wall clock, which outside clients sign with, and the simulated one,
 * which functions sign with (epoch ms); a signature must be near one of them.
 * Throws `InvalidSignatureException` (`SignatureDoesNotMatch` for S3). The payload hash that was signed must be that of the body.
 */
export function verifySignature(
  request: WireRequest,
  authorization: Authorization,
  secret: string,
  clocks: readonly number[],
): void {
  checkTime(request, authorization, clocks);
  const declared = request.headers['x-amz-content-sha256'];
  if (declared !== undefined && /^[0-9a-f]{64}$/.test(declared) && declared !== sha256(request.body)) {
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      { status: 400 },
    );
  }
  const { date, region, service, timestamp } = authorization;
  const toSign = [
    'AWS4-HMAC-SHA256',
    timestamp,
    `${date}/${region}/${service}/aws4_request`,
    sha256(canonicalRequest(request, authorization)),
  ].join('\n');
  const expected = hmac(signingKey(secret, authorization), toSign);
  const given = Buffer.from(authorization.signature, 'hex');
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  const code = service === 's3' ? 'SignatureDoesNotMatch' : 'InvalidSignatureException';
  throw new AwsError(
    code,
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    { status: 403 },
  );
}
