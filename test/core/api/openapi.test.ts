import { openApi, PROBLEM_MEDIA_TYPE, PROBLEMS, problemDetails, ROUTES } from '../../../core/api';
import { names } from '../../../core/naming';
import { TOKEN_REASONS } from '../../../core/tokens';
import { platform } from '../../support/example-platform';

const document = openApi(platform, {
  server: 'https://api.example',
  tokenUrl: 'https://auth.example/oauth2/token',
  version: '1',
  scopeName: names('dev').scope,
});

test('the document has a path per model and source', () => {
  expect(Object.keys(Object(document.paths)).toSorted()).toEqual([
    '/healthz',
    '/openapi.json',
    '/v1/events/arrivals',
    '/v1/events/departures',
    '/v1/events/weather',
    '/v1/models/flight-delay',
    '/v1/models/flight-delay/predictions',
    '/v1/outcomes',
  ]);
});

test('the prediction operation carries schema, scope and problems', () => {
  const { post } = Object(document.paths)['/v1/models/flight-delay/predictions'];
  const schema = post.requestBody.content['application/json'].schema;

  expect(schema.properties.instances).toMatchObject({ minItems: 1, maxItems: 100 });
  expect(schema.properties.instances.items.properties.origin.enum).toEqual(['EWR', 'JFK', 'LGA']);
  expect(schema.properties.instances.items.required).not.toContain('tailnum');
  expect(post.security).toEqual([{ token: ['slipway/predict'] }]);
  expect(Object.keys(post.responses)).toEqual(
    expect.arrayContaining(['200', '401', '403', '404', '413', '422', '429', '503', '504']),
  );
});

test('every reason of a refused token is a problem with a status', () => {
  for (const reason of TOKEN_REASONS) expect(PROBLEMS[reason].status).toBeGreaterThanOrEqual(401);
});

test('a problem says what RFC 9457 asks for, and no more than is known', () => {
  expect(problemDetails('not_found', { detail: 'no model x', instance: '/v1/models/x', requestId: 'r' })).toEqual({
    type: 'urn:slipway:problem:not_found',
    title: 'There is no such resource',
    status: 404,
    code: 'not_found',
    detail: 'no model x',
    instance: '/v1/models/x',
    request_id: 'r',
  });
  const violations = [{ pointer: '/a', code: 'custom', message: 'm' }];
  expect(problemDetails('schema_violation', { violations }).violations).toEqual(violations);
  // Not even as members without a value.
  expect(Object.keys(problemDetails('internal'))).toEqual(['type', 'title', 'status', 'code']);
  expect(problemDetails('internal')).toEqual({
    type: 'urn:slipway:problem:internal',
    title: 'Something unexpected went wrong',
    status: 500,
    code: 'internal',
  });
});

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, { schema: object }>> };
  readonly responses: Readonly<Record<string, { description: string; content: Readonly<Record<string, { schema: object }>> }>>;
}

const paths = document.paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** The document's only operation of a path: each has one method. */
function operationOf(path: string): Operation & { readonly method: string } {
  const [[method, operation] = []] = Object.entries(paths[path] ?? {});
  if (method === undefined || operation === undefined) throw new Error(`no operation of ${path}`);
  return { method, ...operation };
}

test.each([
  ['/v1/models/flight-delay/predictions', 'post', 'predictFlightDelay', 'slipway/predict', '200'],
  ['/v1/models/flight-delay', 'get', 'getFlightDelay', 'slipway/models:read', '200'],
  ['/v1/events/departures', 'post', 'sendDepartures', 'slipway/events:write', '202'],
  ['/v1/outcomes', 'post', 'sendOutcomes', 'slipway/outcomes:write', '202'],
  ['/healthz', 'get', 'health', null, '200'],
  ['/openapi.json', 'get', 'openapi', null, '200'],
])('%s is asked by %s as %s, with the scope %s, and answers %s', (path, method, operationId, scope, status) => {
  const operation = operationOf(path);

  expect(operation).toMatchObject({ method, operationId });
  expect(operation.security).toEqual(scope === null ? [] : [{ token: [scope] }]);
  expect(operation.summary.length).toBeGreaterThan(5);
  expect(operation.responses[status]).toMatchObject({
    description: 'Done',
    content: { 'application/json': { schema: { type: 'object' } } },
  });
  expect(operation.requestBody === undefined).toBe(method === 'get');
  if (operation.requestBody !== undefined) {
    expect(operation.requestBody.required).toBe(true);
    expect(operation.requestBody.content['application/json']?.schema).toMatchObject({
      type: 'object',
      additionalProperties: false,
    });
  }
});

test('the document and the routes know the same methods, paths and scopes', () => {
  const told = Object.keys(paths).map((path) => {
    const { method, security } = operationOf(path);
    const template = path.replace(/(?<=^\/v1\/models\/)[^/]+/, '{model}').replace(/(?<=^\/v1\/events\/).+/, '{source}');
    return `${method.toUpperCase()} ${template} ${security[0]?.token?.[0] ?? 'open'}`;
  });
  const routed = ROUTES.map(({ method, path, scope }) => `${method} ${path} ${scope === null ? 'open' : `slipway/${scope}`}`);

  expect([...new Set(told)].toSorted()).toEqual(routed.toSorted());
});

test.each([
  ['/v1/models/flight-delay', ['401', '403', '404', '429', '500', '503']],
  ['/v1/models/flight-delay/predictions', ['400', '401', '403', '404', '413', '415', '422', '429', '500', '502', '503', '504']],
  ['/v1/events/weather', ['400', '401', '403', '413', '415', '422', '429', '500', '503']],
  ['/v1/outcomes', ['400', '401', '403', '404', '413', '415', '422', '429', '500', '503']],
  ['/healthz', []],
  ['/openapi.json', []],
])('of %s callers are told the failures %j', (path, statuses) => {
  const failures = Object.entries(operationOf(path).responses).filter(([status]) => Number(status) >= 400);

  expect(failures.map(([status]) => status)).toEqual(statuses);
  for (const [status, { description, content }] of failures) {
    expect(content).toEqual({ [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } });
    const codes = description.split('; ').map((text) => text.split(': ')[0] ?? '');
    for (const code of codes) expect(PROBLEMS[code as keyof typeof PROBLEMS].status).toBe(Number(status));
  }
});

test('failures of one status are told together, each with its title', () => {
  expect(operationOf('/v1/models/flight-delay/predictions').responses['503']?.description).toBe(
    'jwks_unavailable: Tokens cannot be verified for the moment; model_not_ready: The model is not ready',
  );
});

test('the document says what it is of, and where tokens come from', () => {
  expect(document).toMatchObject({
    openapi: '3.1.0',
    info: { title: platform.name, version: '1' },
    servers: [{ url: 'https://api.example' }],
  });
  expect(Object(document.components).securitySchemes).toEqual({
    token: {
      type: 'oauth2',
      flows: {
        clientCredentials: {
          tokenUrl: 'https://auth.example/oauth2/token',
          scopes: {
            'slipway/events:write': 'events:write',
            'slipway/models:read': 'models:read',
            'slipway/outcomes:write': 'outcomes:write',
            'slipway/predict': 'predict',
          },
        },
      },
    },
  });
});

test('the schema of a problem has what a problem has', () => {
  const { Problem } = Object(document.components).schemas;

  expect(PROBLEM_MEDIA_TYPE).toBe('application/problem+json');
  expect(Problem.properties.code.enum).toEqual(Object.keys(PROBLEMS));
  expect(Problem.required).toEqual(['type', 'title', 'status', 'code']);
  expect(Object.keys(Problem.properties)).toEqual([
    'type',
    'title',
    'status',
    'code',
    'detail',
    'instance',
    'request_id',
    'violations',
  ]);
  expect(Problem.properties.violations.items.required).toEqual(['pointer', 'code', 'message']);
});

test('schemas stand alone: no dialect is named in the middle of the document', () => {
  expect(JSON.stringify(document)).not.toContain('$schema');
});

test('what callers send may leave out what is nullable, what they get is whole', () => {
  const { requestBody, responses } = operationOf('/v1/models/flight-delay/predictions');
  const sent = Object(requestBody?.content['application/json']?.schema).properties.instances.items;
  const got = Object(responses['200']?.content['application/json']?.schema);

  expect(sent.required).toContain('origin');
  expect(sent.properties.flight_id.description).toBe('Identifies what the prediction is about');
  expect(got.required).toEqual(['model', 'model_version', 'request_id', 'predictions']);
  expect(got.additionalProperties).toBe(false);
  expect(got.properties.predictions.items.properties.prediction_id.description).toBe('Send it back with the outcome');
  expect(got.properties.predictions.items.properties.feature_ages.description).toMatch(/null = no fresh value$/);
});
