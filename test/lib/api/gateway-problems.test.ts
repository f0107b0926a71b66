import { PROBLEMS } from '../../../core/api';
import { exampleTemplates } from '../../support/example-templates';

interface Response {
  readonly ResponseType: string;
  readonly StatusCode?: string;
  readonly ResponseParameters: Readonly<Record<string, string>>;
  readonly ResponseTemplates: { readonly 'application/json': string };
}

const templates = exampleTemplates();
const responses = templates.propertiesOf('prod', 'application', 'AWS::ApiGateway::GatewayResponse').map((it) => {
  const response = it as unknown as Response;
  return { ...response, body: JSON.parse(response.ResponseTemplates['application/json']) as Record<string, unknown> };
});

test('every failure of the gateway has the code that callers know', () => {
  expect(Object.fromEntries(responses.map(({ ResponseType, body }) => [ResponseType, body.code]))).toEqual({
    UNAUTHORIZED: 'invalid_token',
    ACCESS_DENIED: 'forbidden',
    INVALID_API_KEY: 'forbidden',
    WAF_FILTERED: 'forbidden',
    MISSING_AUTHENTICATION_TOKEN: 'not_found',
    RESOURCE_NOT_FOUND: 'not_found',
    REQUEST_TOO_LARGE: 'body_too_large',
    UNSUPPORTED_MEDIA_TYPE: 'unsupported_media_type',
    BAD_REQUEST_BODY: 'invalid_json',
    BAD_REQUEST_PARAMETERS: 'invalid_request',
    THROTTLED: 'too_many_requests',
    QUOTA_EXCEEDED: 'quota_exceeded',
    AUTHORIZER_FAILURE: 'jwks_unavailable',
    INTEGRATION_FAILURE: 'unavailable',
    INTEGRATION_TIMEOUT: 'model_timeout',
    DEFAULT_4XX: 'invalid_request',
    DEFAULT_5XX: 'internal',
  });
});

test('status and title are those of the code; the fallbacks keep the status of the gateway', () => {
  for (const { ResponseType, StatusCode, body } of responses) {
    const { status, title } = PROBLEMS[body.code as keyof typeof PROBLEMS];
    const isFallback = ResponseType.startsWith('DEFAULT_');

    expect([ResponseType, body.title, body.status, StatusCode]).toEqual([
      ResponseType,
      title,
      isFallback ? undefined : status,
      isFallback ? undefined : String(status),
    ]);
  }
});

test('each is a problem document that names its request, is not stored and is not sniffed', () => {
  for (const { body, ResponseParameters } of responses) {
    expect(body).toMatchObject({
      type: `urn:slipway:problem:${String(body.code)}`,
      detail: expect.stringMatching(/^[a-z].*[^.]$/),
      instance: '$context.path',
      request_id: '$context.requestId',
    });
    expect(ResponseParameters).toMatchObject({
      'gatewayresponse.header.content-type': "'application/problem+json'",
      'gatewayresponse.header.cache-control': "'no-store'",
      'gatewayresponse.header.strict-transport-security': "'max-age=31536000; includeSubDomains'",
      'gatewayresponse.header.x-content-type-options': "'nosniff'",
      'gatewayresponse.header.x-request-id': 'context.requestId',
    });
  }
});

test('callers are told when to try again, and what kind of token to bring', () => {
  const header = (name: string) =>
    Object.fromEntries(
      responses.flatMap(({ ResponseType, ResponseParameters }) => {
        const value = ResponseParameters[`gatewayresponse.header.${name}`];
        return value === undefined ? [] : [[ResponseType, value]];
      }),
    );

  expect(header('retry-after')).toEqual({ THROTTLED: "'1'", QUOTA_EXCEEDED: "'3600'", AUTHORIZER_FAILURE: "'10'" });
  expect(header('www-authenticate')).toEqual({ UNAUTHORIZED: `'Bearer error="invalid_token"'` });
});
