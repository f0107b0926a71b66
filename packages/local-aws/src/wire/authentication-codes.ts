import { AwsError } from '../errors';
import type { Protocol } from './sdk-model';

interface Variant {
  readonly code: string;
  readonly message?: string;
  readonly status?: number;
}

type Variants = Readonly<Partial<Record<Protocol, Variant>>>;

/** What query services and S3 call the refusals that JSON services name as the key says. */
const CODES: Readonly<Record<string, Variants>> = {
  MissingAuthenticationTokenException: {
    query: { code: 'MissingAuthenticationToken' },
    'rest-xml': { code: 'AccessDenied', message: 'Access Denied' },
  },
  UnrecognizedClientException: {
    query: { code: 'InvalidClientTokenId' },
    'rest-xml': { code: 'InvalidAccessKeyId', message: 'The AWS Access Key Id you provided does not exist in our records.' },
  },
  InvalidSignatureException: { query: { code: 'SignatureDoesNotMatch' } },
  ExpiredTokenException: {
    query: { code: 'ExpiredToken' },
    'rest-xml': { code: 'ExpiredToken', message: 'The provided token has expired.', status: 400 },
  },
};

/** A refusal of a request's signature under the name that services of this protocol give it; any other error as it is. */
export function inProtocol(error: AwsError, protocol: Protocol): AwsError {
  const variant = CODES[error.code]?.[protocol];
  if (variant === undefined) return error;
  const status = variant.status ?? error.status;
  return new AwsError(variant.code, variant.message ?? error.message, {
    members: error.members,
    ...(status === undefined ? {} : { status }),
  });
}
