import type { Service } from '../cloud';
import { sdkModel } from '../wire/sdk-model';
import type { RefusalCode } from './authorizer';

/** Services whose word for "not authorized" is not that of their protocol. */
const OWN: Readonly<Record<string, RefusalCode>> = {
  sns: { code: 'AuthorizationError', status: 403 },
  sqs: { code: 'AccessDeniedException', status: 403 },
};

const BY_PROTOCOL: Readonly<Record<ReturnType<typeof sdkModel>['protocol'], RefusalCode>> = {
  json: { code: 'AccessDeniedException', status: 400 },
  'rest-json': { code: 'AccessDeniedException', status: 403 },
  query: { code: 'AccessDenied', status: 403 },
  'rest-xml': { code: 'AccessDenied', status: 403 },
};

/** Code and HTTP status with which a service refuses a caller who lacks a right. */
export function refusalOf(service: Pick<Service, 'name' | 'sdk'>): RefusalCode {
  return OWN[service.name] ?? BY_PROTOCOL[sdkModel(service.sdk).protocol];
}
