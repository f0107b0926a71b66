import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { ConsumerClient } from '../../core/api';
import type { TokenReason, TokenVerdict, VerifiedClaims } from '../../core/tokens';
import type { Log } from '../runtime/observability';

export interface AuthorizerDependencies {
  readonly verify: (header: string | undefined) => Promise<TokenVerdict>;
  /** The consumer of a client; the same client id of another issuer is another client. */
  readonly consumerOf: (issuer: string, clientId: string) => Promise<ConsumerClient | undefined>;
  readonly log: Log;
}

/** API Gateway answers 401 for exactly this message; any other error is its own failure (answered 503). */
const UNAUTHORIZED = 'Unauthorized';

/**
 * The REQUEST authorizer. Its policy is for the whole API, with the caller's scopes in the context, because the gateway caches it by
 * token and uses it for every route; each route checks its scope itself.
 */
export function makeAuthorizer({ verify, consumerOf, log }: AuthorizerDependencies) {
  return async (event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
    const verdict = await verify(authorizationHeader(event));
    if (!verdict.ok) {
      log.warn('refused', { reason: verdict.reason, failedAssertion: verdict.failedAssertion });
      throw new Error(messageFor(verdict.reason));
    }
    const client = await consumerOf(verdict.claims.iss, verdict.claims.client_id);
    if (client === undefined) {
      log.warn('refused', { reason: 'forbidden', failedAssertion: 'the client of this issuer is a consumer' });
      return policy(event.methodArn, verdict.claims, 'Deny');
    }
    return { ...policy(event.methodArn, verdict.claims, 'Allow', client.consumer), usageIdentifierKey: client.usageKey };
  };
}

function messageFor(reason: TokenReason): string {
  return reason === 'jwks_unavailable' ? 'the keys of the issuer are unavailable' : UNAUTHORIZED;
}

function authorizationHeader(event: APIGatewayRequestAuthorizerEvent): string | undefined {
  const values = Object.entries(event.multiValueHeaders ?? {}).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  if (values !== undefined) return values.length === 1 ? values[0] : values.join(',');
  return Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
}

function policy(
  methodArn: string,
  claims: VerifiedClaims,
  effect: 'Allow' | 'Deny',
  consumer?: string,
): APIGatewayAuthorizerResult {
  const [prefix = '', stage = ''] = methodArn.split('/');
  return {
    principalId: claims.sub,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: `${prefix}/${stage}/*/*` }],
    },
    context: { clientId: claims.client_id, scopes: claims.scopes.join(' '), ...(consumer === undefined ? {} : { consumer }) },
  };
}
