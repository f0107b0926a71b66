import { findRoute, ROUTES } from '../../../core/api';

// What callers were told, and which scope opens it.
const TOLD = [
  ['POST', '/v1/models/{model}/predictions', 'predict', 'predict'],
  ['POST', '/v1/outcomes', 'outcomes', 'outcomes:write'],
  ['POST', '/v1/events/{source}', 'events', 'events:write'],
  ['GET', '/v1/models/{model}', 'model', 'models:read'],
  ['GET', '/healthz', 'health', null],
  ['GET', '/openapi.json', 'openapi', null],
] as const;

test.each(TOLD)('%s %s is %s, and needs the scope %s', (method, path, operation, scope) => {
  expect(findRoute(method, path)).toEqual({ operation, method, path, scope });
});

test('there is no other route', () => {
  expect(ROUTES).toHaveLength(TOLD.length);
  expect(findRoute('GET', '/v1/outcomes')).toBeUndefined();
  expect(findRoute('POST', '/healthz')).toBeUndefined();
  expect(findRoute('POST', '/v1/none')).toBeUndefined();
});
