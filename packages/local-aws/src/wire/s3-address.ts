import { decodeUri, type WireRequest } from './request';

/** S3 operations are modelled without the bucket in the path; this takes it out of the path or the host name. */
export function s3Address(request: WireRequest): { bucket: string | undefined; path: string } {
  const host = request.headers.host ?? '';
  const virtual = /^(.+)\.s3[.-][^/]*amazonaws\.com(?::\d+)?$/.exec(host);
  if (virtual?.[1] !== undefined) return { bucket: virtual[1], path: request.path === '' ? '/' : request.path };
  const match = /^\/([^/]+)(\/.*)?$/.exec(request.path);
  return { bucket: match?.[1] === undefined ? undefined : decodeUri(match[1]), path: match?.[2] ?? '/' };
}
