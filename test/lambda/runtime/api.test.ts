import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type ApiCall, ApiProblem, apiHandler, unavailable } from '../../../lambda/runtime/api';
import { silent } from '../../support/in-memory-stores';

function event(overrides: object = {}): APIGatewayProxyEvent {
  return {
    httpMethod: 'GET',
    resource: '/v1/models/{model}',
    path: '/v1/models/m',
    headers: { Host: 'id.execute-api.eu-west-1.amazonaws.com', 'X-Forwarded-Proto': 'https' },
    pathParameters: { model: 'm' },
    requestContext: {
      path: '/api/v1/models/m',
      requestId: 'gateway-1',
      authorizer: { consumer: 'c', scopes: 'slipway/models:read' },
    },
    body: null,
    isBase64Encoded: false,
    ...overrides,
  } as unknown as APIGatewayProxyEvent;
}

function setUp(run: (call: ApiCall) => Promise<{ status: number; body: object }> = async () => ({ status: 200, body: {} })) {
  const calls: ApiCall[] = [];
  const errors: unknown[] = [];
  const handler = apiHandler({
    scopeName: (scope) => `slipway/${scope}`,
    corsOrigins: ['https://app.example'],
    log: { ...silent, error: (...entry: unknown[]) => void errors.push(entry) },
    run: (call) => {
      calls.push(call);
      return run(call);
    },
  });
  return { calls, errors, handler };
}

test('an operation gets the caller, its parameters and the address of the API', async () => {
  const { calls, handler } = setUp();

  await expect(handler(event())).resolves.toMatchObject({ statusCode: 200, headers: { 'x-request-id': 'gateway-1' } });

  expect(calls[0]).toMatchObject({
    consumer: 'c',
    parameters: { model: 'm' },
    server: 'https://id.execute-api.eu-west-1.amazonaws.com/api',
  });
});

test('behind a gateway that adds a prefix, the address has it', async () => {
  const { calls, handler } = setUp();

  await handler(
    event({ headers: { host: '127.0.0.1:1', 'x-forwarded-proto': 'http', 'x-forwarded-prefix': '/restapis/a/api/_u' } }),
  );

  expect(calls[0]?.server).toBe('http://127.0.0.1:1/restapis/a/api/_u');
});

test.each([
  [
    'a token without the scope',
    { requestContext: { path: '', authorizer: { scopes: 'slipway/predict' } } },
    403,
    'insufficient_scope',
  ],
  ['no authorizer', { requestContext: { path: '' } }, 403, 'insufficient_scope'],
  ['an unknown route', { resource: '/v2' }, 404, 'not_found'],
])('%s is refused before the operation', async (_, overrides, status, code) => {
  const { calls, handler } = setUp();

  const answer = await handler(event(overrides));

  expect(answer.statusCode).toBe(status);
  expect(JSON.parse(answer.body)).toMatchObject({ code, status });
  expect(calls).toEqual([]);
});

test('an unexpected failure tells nothing of itself', async () => {
  const { handler } = setUp(async () => {
    throw new Error('password=hunter2');
  });

  const answer = await handler(event());

  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain('hunter2');
});

test('a foreseen failure is a problem with its violations and when to come back', async () => {
  const violations = [{ pointer: '/a', code: 'custom', message: 'is wrong' }];
  const { handler } = setUp(async () => {
    throw new ApiProblem('model_not_ready', 'soon', violations, 10);
  });

  const answer = await handler(event());

  expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '10', 'content-type': 'application/problem+json' } });
  expect(JSON.parse(answer.body)).toMatchObject({ violations, request_id: 'gateway-1' });
});

test('a request id of the caller is kept where it is harmless, and origins are allowed by list', async () => {
  const { handler } = setUp();
  const headersOf = async (headers: object) => (await handler(event({ headers }))).headers ?? {};

  expect(await headersOf({ 'X-Request-Id': 'abc-1', origin: 'https://app.example' })).toMatchObject({
    'x-request-id': 'abc-1',
    'access-control-allow-origin': 'https://app.example',
  });
  const foreign = await headersOf({ 'x-request-id': 'a\nb', origin: 'https://evil.example' });
  expect(foreign['x-request-id']).toBe('gateway-1');
  expect(foreign).not.toHaveProperty('access-control-allow-origin');
});

test('the cause of a part that is unavailable is logged under the request and not told', async () => {
  const cause = new Error('key 84597eca is disabled');
  const { errors, handler } = setUp(() => Promise.reject(cause).catch(unavailable('events cannot be taken')));

  const answer = await handler(event());

  expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
  expect(answer.body).not.toContain('84597eca');
  expect(errors).toEqual([['events cannot be taken', { requestId: 'gateway-1', error: cause }]]);
});
