import { FakeApi, verdict } from '../fake-api';

const OK = { statusCode: 200, body: 'hello' };
const TOKEN = { authorization: 'Bearer t' };

describe('an authorizer', () => {
  let api: FakeApi;
  afterEach(() => api.cloud.stop());

  async function withAuthorizer(input: object = {}): Promise<void> {
    api = await FakeApi.start();
    const authorizerId = await api.authorizer(input);
    await api.method(await api.resource('/a'), 'GET', { authorizationType: 'CUSTOM', authorizerId });
    await api.method(await api.resource('/b'), 'GET', { authorizationType: 'CUSTOM', authorizerId });
    api.functions.handlers.set('backend', () => OK);
  }

  test('is asked once per identity until its answer is too old', async () => {
    await withAuthorizer({ authorizerResultTtlInSeconds: 60 });
    await api.deploy();
    api.functions.handlers.set('authorizer', () => verdict('Allow', { context: { tenant: 't1', n: 1, b: true, nothing: null } }));

    await api.statuses(3, '/a', { headers: TOKEN });
    await api.fetch('/b', { headers: TOKEN });
    expect(api.functions.of('authorizer')).toHaveLength(1);
    await api.fetch('/a', { headers: { authorization: 'other' } });
    expect(api.functions.of('authorizer')).toHaveLength(2);
    await api.cloud.clock.advance(61_000);
    await api.fetch('/a', { headers: TOKEN });
    expect(api.functions.of('authorizer')).toHaveLength(3);

    expect(api.functions.of('authorizer')[0]).toMatchObject({
      type: 'REQUEST',
      methodArn: `arn:aws:execute-api:eu-west-1:000000000000:${api.id}/v1/GET/a`,
      queryStringParameters: {},
      pathParameters: {},
    });
    const context = api.functions.of('backend')[0]?.requestContext as { authorizer: object };
    expect(context.authorizer).toMatchObject({ principalId: 'me', tenant: 't1', n: '1', b: 'true' });
    expect(context.authorizer).not.toHaveProperty('nothing');
  });

  test('answers 401 without a call when the identity is missing, and when the function throws Unauthorized', async () => {
    await withAuthorizer();
    const responseParameters = {
      'gatewayresponse.header.WWW-Authenticate': "'Bearer'",
      'gatewayresponse.header.X-Id': 'context.requestId',
    };
    const responseTemplates = { 'application/problem+json': '{"status":401,"id":"$context.requestId","path":"$context.path"}' };
    await api.call('PutGatewayResponse', { responseType: 'UNAUTHORIZED', responseParameters, responseTemplates });
    await api.deploy();
    api.functions.handlers.set('authorizer', () => {
      throw new Error('Unauthorized');
    });

    const missing = await api.fetch('/a');
    expect(api.functions.of('authorizer')).toHaveLength(0);
    const refused = await api.fetch('/a', { headers: TOKEN });

    const id = missing.headers.get('x-amzn-requestid');
    expect(missing.status).toBe(401);
    expect(missing.headers.get('www-authenticate')).toBe('Bearer');
    expect(missing.headers.get('x-id')).toBe(id);
    expect(missing.headers.get('content-type')).toBe('application/problem+json');
    expect(await missing.json()).toEqual({ status: 401, id, path: '/v1/a' });
    expect(refused.status).toBe(401);
  });

  test('denies with 403 and shows its context to the gateway response', async () => {
    await withAuthorizer();
    const responseTemplates = { 'application/json': '{"code":"$context.authorizer.code","none":"$context.authorizer.x"}' };
    await api.call('PutGatewayResponse', { responseType: 'ACCESS_DENIED', responseTemplates });
    await api.deploy();
    api.functions.handlers.set('authorizer', () => verdict('Deny', { context: { code: 'insufficient_scope' } }));

    const response = await api.fetch('/a', { headers: TOKEN });

    expect([response.status, await response.json()]).toEqual([403, { code: 'insufficient_scope', none: '' }]);
  });

  test('allows only the methods that its policy names', async () => {
    await withAuthorizer();
    await api.deploy();
    api.functions.handlers.set('authorizer', () => verdict('Allow', {}, 'arn:aws:execute-api:*:*:*/v1/GET/?'));

    const allowed = await api.fetch('/a', { headers: TOKEN });
    api.functions.handlers.set('authorizer', () => verdict('Allow', {}, 'arn:aws:execute-api:*:*:*/v1/POST/*'));
    const denied = await api.fetch('/a', { headers: { authorization: 'other' } });

    expect(allowed.status).toBe(200);
    expect([denied.status, await denied.json()]).toEqual([403, { Message: 'User is not authorized to access this resource' }]);
  });

  test.each([
    ['throws', () => Promise.reject(new Error('boom')), 'AUTHORIZER_FAILURE'],
    ['has an object in its context', () => verdict('Allow', { context: { a: {} } }), 'AUTHORIZER_CONFIGURATION_ERROR'],
    ['gives no policy', () => ({ principalId: 'me' }), 'AUTHORIZER_CONFIGURATION_ERROR'],
  ])('that %s is a 500', async (_, handler, type) => {
    await withAuthorizer();
    const responseTemplates = {
      'application/json': '{"message":$context.error.messageString,"type":"$context.error.responseType"}',
    };
    await api.call('PutGatewayResponse', { responseType: 'DEFAULT_5XX', responseTemplates });
    await api.deploy();
    api.functions.handlers.set('authorizer', handler);

    const response = await api.fetch('/a', { headers: TOKEN });

    expect([response.status, await response.json()]).toEqual([500, { message: null, type }]);
  });

  test('of type TOKEN gets the token, once it has the form that it must have', async () => {
    await withAuthorizer({ type: 'TOKEN', identityValidationExpression: 'Bearer \\w+' });
    await api.deploy();
    api.functions.handlers.set('authorizer', () => verdict('Allow'));

    expect(await api.statuses(1, '/a', { headers: { authorization: 'Basic' } })).toEqual([401]);
    expect(await api.statuses(1, '/a', { headers: TOKEN })).toEqual([200]);
    expect(api.functions.of('authorizer')).toEqual([
      { type: 'TOKEN', authorizationToken: 'Bearer t', methodArn: expect.stringContaining('/v1/GET/a') },
    ]);
  });
});
