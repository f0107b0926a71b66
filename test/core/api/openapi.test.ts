import { openApi, PROBLEMS, parsePredictionId, predictionId, problemDetails } from '../../../core/api';
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
  expect(problemDetails('internal')).toEqual({
    type: 'urn:slipway:problem:internal',
    title: 'Something unexpected went wrong',
    status: 500,
    code: 'internal',
  });
});

test('a prediction id names its model', () => {
  const id = predictionId('flight-delay', '01ARZ3NDEKTSV4RRFFQ69G5FAV');

  expect(parsePredictionId(id)).toEqual({ model: 'flight-delay', ulid: '01ARZ3NDEKTSV4RRFFQ69G5FAV' });
  expect(parsePredictionId('flight-delay.x')).toBeUndefined();
});
