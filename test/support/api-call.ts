import { ROUTES, type Route } from '../../core/api';
import type { ApiCall } from '../../lambda/runtime/api';

/** A call that has passed the authorizer, of a consumer that may use every model. */
export function apiCall(operation: Route['operation'], body: object | string = '', given: Partial<ApiCall> = {}): ApiCall {
  const route = ROUTES.find((it) => it.operation === operation);
  if (route === undefined) throw new Error(`no operation ${operation}`);
  return {
    route,
    requestId: 'request-1',
    consumer: 'ops-dashboard',
    parameters: {},
    body: typeof body === 'string' ? body : JSON.stringify(body),
    contentType: 'application/json',
    server: 'https://api.test/v',
    ...given,
  };
}
