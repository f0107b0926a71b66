export interface ResponseKind {
  /** Status of the default response; the two fallbacks have none of their own. */
  readonly status?: number;
  /** Value of the header x-amzn-ErrorType. */
  readonly error: string;
}

/** Every gateway response type with AWS's default status and error type. */
export const RESPONSE_TYPES: Readonly<Record<string, ResponseKind>> = {
  ACCESS_DENIED: { status: 403, error: 'AccessDeniedException' },
  API_CONFIGURATION_ERROR: { status: 500, error: 'InternalServerErrorException' },
  AUTHORIZER_CONFIGURATION_ERROR: { status: 500, error: 'AuthorizerConfigurationException' },
  AUTHORIZER_FAILURE: { status: 500, error: 'AuthorizerConfigurationException' },
  BAD_REQUEST_BODY: { status: 400, error: 'BadRequestException' },
  BAD_REQUEST_PARAMETERS: { status: 400, error: 'BadRequestException' },
  DEFAULT_4XX: { error: 'BadRequestException' },
  DEFAULT_5XX: { error: 'InternalServerErrorException' },
  EXPIRED_TOKEN: { status: 403, error: 'ExpiredTokenException' },
  INTEGRATION_FAILURE: { status: 504, error: 'InternalServerErrorException' },
  INTEGRATION_TIMEOUT: { status: 504, error: 'InternalServerErrorException' },
  INVALID_API_KEY: { status: 403, error: 'ForbiddenException' },
  INVALID_SIGNATURE: { status: 403, error: 'InvalidSignatureException' },
  MISSING_AUTHENTICATION_TOKEN: { status: 403, error: 'MissingAuthenticationTokenException' },
  QUOTA_EXCEEDED: { status: 429, error: 'LimitExceededException' },
  REQUEST_TOO_LARGE: { status: 413, error: 'RequestTooLargeException' },
  RESOURCE_NOT_FOUND: { status: 404, error: 'NotFoundException' },
  THROTTLED: { status: 429, error: 'TooManyRequestsException' },
  UNAUTHORIZED: { status: 401, error: 'UnauthorizedException' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, error: 'UnsupportedMediaTypeException' },
  WAF_FILTERED: { status: 403, error: 'ForbiddenException' },
};

export interface FailureOptions {
  /** `$context.error.validationErrorString`. */
  readonly validation?: string;
  /** Status instead of the type's own. */
  readonly status?: number;
  /** Name of the member that carries the message in the default body. */
  readonly member?: 'message' | 'Message';
}

/** A request that the gateway itself answers, by the API's gateway response of this type. */
export class GatewayFailure extends Error {
  constructor(
    readonly type: string,
    /** `$context.error.message`; null is written as null. */
    readonly text: string | null,
    readonly options: FailureOptions = {},
  ) {
    super(text ?? type);
  }
}

/** The failure for anything that goes wrong inside an integration: 502 by the fallback response. */
export function badIntegration(): GatewayFailure {
  return new GatewayFailure('DEFAULT_5XX', 'Internal server error', { status: 502 });
}
