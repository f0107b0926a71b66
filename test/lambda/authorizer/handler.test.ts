import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { TokenReason, TokenVerdict } from '../../../core/tokens';
import { makeAuthorizer } from '../../../lambda/authorizer/handler';
import { silent } from '../../support/in-memory-stores';

const event = {
  methodArn: 'arn:aws:execute-api:eu-west-1:000000000000:abc/api/POST/v1/outcomes',
  headers: { Authorization: 'Bearer x' },
  multiValueHeaders: { Authorization: ['Bearer x'] },
} as unknown as APIGatewayRequestAuthorizerEvent;

/** One consumer, at one issuer. */
const consumerOf = async (issuer: string, clientId: string) =>
  issuer === 'i' && clientId === 'known' ? { consumer: 'mobile-app', usageKey: 'key-of-mobile-app-at-i' } : undefined;

function authorizer(verdict: TokenVerdict) {
  const seen: (string | undefined)[] = [];
  const verify = async (header: string | undefined): Promise<TokenVerdict> => {
    seen.push(header);
    return verdict;
  };
  return {
    seen,
    handler: makeAuthorizer({ verify, consumerOf, log: silent }),
  };
}

function genuine(client: string, iss = 'i'): TokenVerdict {
  return {
    ok: true,
    claims: { iss, sub: client, client_id: client, scopes: ['slipway/predict', 'slipway/models:read'], iat: 1, exp: 2 },
  };
}

test('a genuine token allows the whole API, so that a cached verdict is right for every route', async () => {
  const answer = await authorizer(genuine('known')).handler(event);

  expect(answer.policyDocument.Statement).toEqual([
    { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: 'arn:aws:execute-api:eu-west-1:000000000000:abc/api/*/*' },
  ]);
  expect(answer.context).toEqual({ clientId: 'known', consumer: 'mobile-app', scopes: 'slipway/predict slipway/models:read' });
  expect(answer.usageIdentifierKey).toBe('key-of-mobile-app-at-i');
});

test('the client of no consumer is denied', async () => {
  const answer = await authorizer(genuine('stranger')).handler(event);

  expect(answer.policyDocument.Statement[0]).toMatchObject({ Effect: 'Deny' });
  expect(answer.usageIdentifierKey).toBeUndefined();
});

test('an equal client id of another trusted issuer is not this consumer', async () => {
  const answer = await authorizer(genuine('known', 'other')).handler(event);

  expect(answer.policyDocument.Statement[0]).toMatchObject({ Effect: 'Deny' });
  expect(answer.context).not.toHaveProperty('consumer');
  expect(answer.usageIdentifierKey).toBeUndefined();
});

test.each<TokenReason>(['missing_token', 'invalid_token', 'invalid_claims', 'token_expired', 'invalid_signature'])(
  '%s is answered 401',
  async (reason) => {
    await expect(authorizer({ ok: false, reason, failedAssertion: 'x' }).handler(event)).rejects.toThrow(/^Unauthorized$/);
  },
);

test('keys that cannot be had are a failure of ours, not of the token', async () => {
  const { handler } = authorizer({ ok: false, reason: 'jwks_unavailable', failedAssertion: 'x' });

  await expect(handler(event)).rejects.toThrow('the keys of the issuer are unavailable');
});

test('two authorization headers are never one token', async () => {
  const { handler, seen } = authorizer(genuine('known'));

  await handler({ ...event, multiValueHeaders: { authorization: ['Bearer a', 'Bearer b'] } });

  expect(seen).toEqual(['Bearer a,Bearer b']);
});
