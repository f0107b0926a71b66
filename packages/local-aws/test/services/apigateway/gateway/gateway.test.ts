import { connect } from 'node:net';
import { FakeApi, START } from '../fake-api';

const OK = { statusCode: 200, body: 'hello' };

describe('the gateway', () => {
  let api: FakeApi;
  afterEach(() => api.cloud.stop());

  test('gives a proxy integration the event of format 1.0 and sends its answer back', async () => {
    api = await FakeApi.start();
    await api.method(await api.resource('/pets/{id}'), 'POST');
    await api.deploy('v1', [{ op: 'replace', path: '/variables/colour', value: 'blue' }]);
    api.functions.handlers.set('backend', () => ({
      statusCode: '201',
      headers: { 'X-One': 1, 'WWW-Authenticate': 'Basic' },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
      body: '{"ok":true}',
    }));

    const headers = { 'X-Test': 'a', 'content-type': 'application/json' };
    const response = await api.fetch('/pets/a%20b?q=1&q=2', { method: 'POST', headers, body: '{"n":1}' });

    expect(response.status).toBe(201);
    expect(await response.text()).toBe('{"ok":true}');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-one')).toBe('1');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('x-amzn-remapped-www-authenticate')).toBe('Basic');
    const [event] = api.functions.of('backend');
    expect(event).toMatchObject({
      resource: '/pets/{id}',
      path: '/pets/a%20b',
      httpMethod: 'POST',
      queryStringParameters: { q: '2' },
      multiValueQueryStringParameters: { q: ['1', '2'] },
      pathParameters: { id: 'a b' },
      stageVariables: { colour: 'blue' },
      body: '{"n":1}',
      isBase64Encoded: false,
      requestContext: {
        accountId: '000000000000',
        apiId: api.id,
        httpMethod: 'POST',
        path: '/v1/pets/a%20b',
        protocol: 'HTTP/1.1',
        requestTime: '04/Mar/2020:19:15:17 +0000',
        requestTimeEpoch: START,
        resourcePath: '/pets/{id}',
        stage: 'v1',
        domainName: `${api.id}.execute-api.eu-west-1.amazonaws.com`,
        identity: { sourceIp: '127.0.0.1', user: null },
        requestId: response.headers.get('x-amzn-requestid'),
      },
    });
    expect(event?.multiValueHeaders).toMatchObject({ 'X-Forwarded-For': ['127.0.0.1'] });
    expect(event?.requestContext).not.toHaveProperty('authorizer');
  });

  test.each([
    ['no object', 'hello'],
    ['no status', { body: 'x' }],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
    ['headers that are a list', { statusCode: 200, headers: [] }],
    ['nothing, but throws', new Error('boom')],
  ])('answers 502 when the function answers %s', async (_, answer) => {
    api = await FakeApi.start();
    await api.method(api.root, 'GET');
    await api.deploy();
    api.functions.handlers.set('backend', () => {
      if (answer instanceof Error) throw answer;
      return answer;
    });

    const response = await api.fetch('/');

    expect(response.status).toBe(502);
    expect(await response.json()).toEqual({ message: 'Internal server error' });
  });

  test('answers 504 when the integration takes longer than its time limit', async () => {
    api = await FakeApi.start();
    await api.method(api.root, 'GET', {}, { timeoutInMillis: 50 });
    await api.deploy();
    api.functions.handlers.set('backend', () => new Promise((resolve) => setTimeout(() => resolve(OK), 150)));

    const response = await api.fetch('/');

    expect(response.status).toBe(504);
    expect(await response.json()).toEqual({ message: 'Endpoint request timed out' });
  });

  test('serves a deployment as it was made: a new method answers only after the next deployment', async () => {
    api = await FakeApi.start();
    await api.method(api.root, 'GET');
    await api.deploy();
    api.functions.handlers.set('backend', () => OK);
    await api.method(await api.resource('/late/{proxy+}'), 'ANY');

    const before = await api.fetch('/late/a/b');
    await api.deploy();
    const after = await api.fetch('/late/a/b');

    expect([before.status, await before.json()]).toEqual([403, { message: 'Missing Authentication Token' }]);
    expect(before.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
    expect(after.status).toBe(200);
    expect(api.functions.of('backend')[0]).toMatchObject({ pathParameters: { proxy: 'a/b' } });
  });

  test.each([
    ['POST', '/things'],
    ['GET', '/nothing'],
    ['GET', '/things/deeper'],
  ])('answers %s %s, which the API has not, as a missing token', async (method, path) => {
    api = await FakeApi.start();
    await api.method(await api.resource('/things'), 'GET');
    await api.deploy();
    api.functions.handlers.set('backend', () => OK);

    const response = await api.fetch(path, { method });

    expect([response.status, await response.json()]).toEqual([403, { message: 'Missing Authentication Token' }]);
    expect(api.functions.of('backend')).toEqual([]);
  });

  test('validates parameters and bodies before the integration', async () => {
    api = await FakeApi.start();
    const schema = { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object', required: ['b', 'a'] };
    const positive = { type: 'number', minimum: 0, exclusiveMinimum: true };
    const model = { ...schema, properties: { a: positive } };
    await api.call('CreateModel', { name: 'Thing', contentType: 'application/json', schema: JSON.stringify(model) });
    const checks = { name: 'all', validateRequestBody: true, validateRequestParameters: true };
    const requestValidatorId = (await api.call('CreateRequestValidator', checks)).id;
    const requestParameters = { 'method.request.querystring.q': true };
    await api.method(api.root, 'POST', { requestValidatorId, requestParameters, requestModels: { 'application/json': 'Thing' } });
    const template = '{"detail":$context.error.messageString,"why":"$context.error.validationErrorString"}';
    const responseTemplates = {
      'application/json': template.replace('"$context.error.validationErrorString"', "'$context.error.validationErrorString'"),
    };
    await api.call('PutGatewayResponse', { responseType: 'BAD_REQUEST_BODY', statusCode: '422', responseTemplates });
    await api.deploy();
    api.functions.handlers.set('backend', () => OK);
    const post = (path: string, body: string) =>
      api.fetch(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });

    const noParameter = await post('/', '{"a":1,"b":1}');
    const missing = await post('/?q=1', '{}');
    const outOfRange = await post('/?q=1', '{"a":0,"b":1}');
    const good = await post('/?q=1', '{"a":1,"b":1}');

    expect([noParameter.status, await noParameter.json()]).toEqual([
      400,
      { message: 'Missing required request parameters: [q]' },
    ]);
    expect([missing.status, await missing.text()]).toEqual([
      422,
      `{"detail":"Invalid request body","why":'[object has missing required properties (["a","b"])]'}`,
    ]);
    expect(outOfRange.status).toBe(422);
    expect(good.status).toBe(200);
  });

  test('refuses a payload of more than 10 MB', async () => {
    api = await FakeApi.start();
    await api.method(api.root, 'POST');
    await api.deploy();

    const response = await api.fetch('/', { method: 'POST', body: 'x'.repeat(10 * 1024 * 1024 + 1) });

    expect([response.status, await response.json()]).toEqual([413, { message: 'Request Too Long' }]);
  });

  test('refuses what is too large for Lambda, and headers of more than 10 KB, before they reach a function', async () => {
    api = await FakeApi.start();
    await api.method(api.root, 'POST');
    await api.deploy();
    api.functions.handlers.set('backend', () => OK);
    api.functions.limit = 6_291_456;

    const body = await api.fetch('/', { method: 'POST', body: 'x'.repeat(7 * 1024 * 1024) });
    const headers = await api.fetch('/', { method: 'POST', headers: { 'x-long': 'x'.repeat(10_240) } });
    const fits = await api.fetch('/', { method: 'POST', headers: { 'x-long': 'x'.repeat(9_000) } });

    expect([body.status, await body.json()]).toEqual([413, { message: 'Request Too Long' }]);
    expect(headers.status).toBe(431);
    expect(fits.status).toBe(200);
    expect(api.functions.of('backend')).toHaveLength(1);
  });

  test('keeps the case of header names, the last value in the single map and all in the other', async () => {
    api = await FakeApi.start();
    await api.method(api.root, 'GET');
    await api.deploy();
    api.functions.handlers.set('backend', () => OK);

    const { hostname, port } = new URL(api.cloud.endpoint);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () =>
        socket.write(
          `GET /restapis/${api.id}/v1/_user_request_/ HTTP/1.1\r\nHost: x\r\nX-tEsT: a\r\nX-tEsT: b\r\nConnection: close\r\n\r\n`,
        ),
      );
      socket.resume().on('close', () => resolve());
    });

    expect(api.functions.of('backend')[0]).toMatchObject({
      headers: { 'X-tEsT': 'b' },
      multiValueHeaders: { 'X-tEsT': ['a', 'b'] },
    });
  });

  test('answers a preflight request by its mock', async () => {
    api = await FakeApi.start();
    const requestTemplates = { 'application/json': '{ statusCode: 200 }' };
    await api.method(api.root, 'OPTIONS', {}, { type: 'MOCK', requestTemplates });
    const address = { resourceId: api.root, httpMethod: 'OPTIONS', statusCode: '204' };
    const name = 'method.response.header.Access-Control-Allow-Origin';
    await api.call('PutMethodResponse', { ...address, responseParameters: { [name]: true } });
    await api.call('PutIntegrationResponse', { ...address, responseParameters: { [name]: "'*'" } });
    await api.deploy();

    const response = await api.fetch('/', { method: 'OPTIONS' });

    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('writes access log lines and metrics', async () => {
    api = await FakeApi.start();
    await api.method(api.root, 'GET');
    await api.call('UpdateAccount', { patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value: 'arn:role' }] });
    const format = '{"id":"$context.requestId","status":$context.status,"who":"$context.authorizer.principalId"}';
    await api.deploy('v1', [
      { op: 'replace', path: '/accessLogSettings/format', value: format },
      { op: 'replace', path: '/accessLogSettings/destinationArn', value: 'arn:aws:logs:eu-west-1:000000000000:log-group:access' },
    ]);
    api.functions.handlers.set('backend', () => OK);

    const { headers } = await api.fetch('/');
    await api.fetch('/nowhere');
    await new Promise((resolve) => setTimeout(resolve, 150));
    await api.cloud.clock.advance(60_000);

    expect(api.logs.messages).toHaveLength(2);
    expect(JSON.parse(api.logs.messages[0] ?? '')).toEqual({ id: headers.get('x-amzn-requestid'), status: 200, who: '-' });
    const errors = api.metrics.filter(({ MetricName }) => MetricName === '4XXError');
    expect(errors.map(({ Dimensions }) => Dimensions)).toEqual([
      [{ Name: 'ApiName', Value: 'shop' }],
      [
        { Name: 'ApiName', Value: 'shop' },
        { Name: 'Stage', Value: 'v1' },
      ],
    ]);
    expect(errors[0]).toMatchObject({ Values: [0, 1], Counts: [1, 1] });
  });

  test('answers by host name too', async () => {
    api = await FakeApi.start();
    await api.method(await api.resource('/a'), 'GET');
    await api.deploy();
    api.functions.handlers.set('backend', () => OK);
    const { request } = await import('node:http');

    const status = await new Promise((resolve, reject) => {
      const headers = { host: `${api.id}.execute-api.eu-west-1.amazonaws.com` };
      request(`${api.cloud.endpoint}/v1/a?x=1`, { headers }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });

    expect(status).toBe(200);
    expect(api.functions.of('backend')[0]).toMatchObject({ path: '/a', queryStringParameters: { x: '1' } });
  });
});

test.each([
  ['an integration over HTTP', 'PutIntegration', { type: 'HTTP', uri: 'http://x', integrationHttpMethod: 'GET' }, 'given HTTP'],
  ['a streamed answer', 'PutIntegration', { type: 'MOCK', responseTransferMode: 'STREAM' }, "'responseTransferMode'"],
  [
    'VTL',
    'PutIntegration',
    { type: 'MOCK', requestTemplates: { 'application/json': '#set($x = 1)' } },
    'renders templates of $context and $stageVariables only',
  ],
  [
    'a Cognito authorizer',
    'CreateAuthorizer',
    { name: 'c', type: 'COGNITO_USER_POOLS' },
    'authorizers of type TOKEN and REQUEST',
  ],
  ['a private API', 'CreateRestApi', { name: 'p', endpointConfiguration: { types: ['PRIVATE'] } }, 'PRIVATE is not supported'],
])('%s is refused', async (_, operation, input, message) => {
  const api = await FakeApi.start();
  await api.call('PutMethod', { resourceId: api.root, httpMethod: 'GET', authorizationType: 'NONE' });

  const refused = api.call(operation, { resourceId: api.root, httpMethod: 'GET', ...input });

  await expect(refused).rejects.toThrow(message);
  await api.cloud.stop();
});
