import { GatewayResponse, type IRestApi, ResponseType } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { PROBLEM_MEDIA_TYPE, PROBLEMS, type ProblemCode } from '../../core/api';

interface GatewayProblem {
  readonly type: ResponseType;
  readonly code: ProblemCode;
  /** Text of `detail`; a gateway context variable is allowed. */
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const RETRY_SECONDS = '1';

/** Failures that the gateway answers itself, in the words of the API. */
const GATEWAY_PROBLEMS: Readonly<Record<string, GatewayProblem>> = {
  Unauthorized: {
    type: ResponseType.UNAUTHORIZED,
    code: 'invalid_token',
    detail: 'the bearer token is missing, malformed, expired, forged or meant for another audience',
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  },
  AccessDenied: {
    type: ResponseType.ACCESS_DENIED,
    code: 'forbidden',
    detail: 'the client of this token is no consumer of the API',
  },
  InvalidApiKey: { type: ResponseType.INVALID_API_KEY, code: 'forbidden', detail: 'the consumer has no plan' },
  WafFiltered: { type: ResponseType.WAF_FILTERED, code: 'forbidden', detail: 'the firewall refused the request' },
  MissingAuthenticationToken: {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    code: 'not_found',
    detail: 'there is no such route',
  },
  ResourceNotFound: { type: ResponseType.RESOURCE_NOT_FOUND, code: 'not_found', detail: 'there is no such route' },
  RequestTooLarge: {
    type: ResponseType.REQUEST_TOO_LARGE,
    code: 'body_too_large',
    detail: 'the request is too large for the gateway',
  },
  UnsupportedMediaType: {
    type: ResponseType.UNSUPPORTED_MEDIA_TYPE,
    code: 'unsupported_media_type',
    detail: 'send content-type: application/json',
  },
  BadRequestBody: { type: ResponseType.BAD_REQUEST_BODY, code: 'invalid_json', detail: 'the gateway cannot read the body' },
  BadRequestParameters: {
    type: ResponseType.BAD_REQUEST_PARAMETERS,
    code: 'invalid_request',
    detail: 'a required parameter is missing',
  },
  Throttled: {
    type: ResponseType.THROTTLED,
    code: 'too_many_requests',
    detail: 'the rate of the plan is used up',
    headers: { 'retry-after': RETRY_SECONDS },
  },
  QuotaExceeded: {
    type: ResponseType.QUOTA_EXCEEDED,
    code: 'quota_exceeded',
    detail: 'the quota of the plan is used up',
    headers: { 'retry-after': '3600' },
  },
  AuthorizerFailure: {
    type: ResponseType.AUTHORIZER_FAILURE,
    code: 'jwks_unavailable',
    detail: 'the token cannot be verified for the moment',
    headers: { 'retry-after': '10' },
  },
  IntegrationFailure: { type: ResponseType.INTEGRATION_FAILURE, code: 'unavailable', detail: 'the function did not answer' },
  IntegrationTimeout: {
    type: ResponseType.INTEGRATION_TIMEOUT,
    code: 'model_timeout',
    detail: 'no answer within the limit of the gateway',
  },
  Default4xx: { type: ResponseType.DEFAULT_4XX, code: 'invalid_request', detail: 'the gateway refused the request' },
  Default5xx: { type: ResponseType.DEFAULT_5XX, code: 'internal', detail: 'the gateway failed' },
};

/** Statuses of the fallbacks are the gateway's own: one set here would change the whole class. */
const FALLBACKS: readonly ResponseType[] = [ResponseType.DEFAULT_4XX, ResponseType.DEFAULT_5XX];

/** Makes every failure that the gateway answers itself a problem+json document. */
export class GatewayProblems extends Construct {
  constructor(scope: Construct, id: string, restApi: IRestApi) {
    super(scope, id);
    for (const [name, problem] of Object.entries(GATEWAY_PROBLEMS)) {
      const { status, title } = PROBLEMS[problem.code];
      const isFallback = FALLBACKS.includes(problem.type);
      new GatewayResponse(this, name, {
        restApi,
        type: problem.type,
        ...(isFallback ? {} : { statusCode: String(status) }),
        responseHeaders: responseHeaders(problem),
        templates: { 'application/json': template(problem, isFallback ? undefined : status, title) },
      });
    }
  }
}

function responseHeaders({ headers }: GatewayProblem): Record<string, string> {
  const fixed = {
    'content-type': PROBLEM_MEDIA_TYPE,
    'cache-control': 'no-store',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    ...headers,
  };
  const quoted = Object.entries(fixed).map(([name, value]) => [name, `'${value}'`]);
  return { ...Object.fromEntries(quoted), 'x-request-id': 'context.requestId' };
}

function template({ code, detail }: GatewayProblem, status: number | undefined, title: string): string {
  return JSON.stringify({
    type: `urn:slipway:problem:${code}`,
    title,
    ...(status === undefined ? {} : { status }),
    code,
    detail,
    instance: '$context.path',
    request_id: '$context.requestId',
  });
}
