import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CognitoIdentityProviderClient,
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolClientCommand,
  ListUserPoolClientsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { JwtVerifier } from 'aws-jwt-verify';
import { LocalCloud } from '../../../src/server';
import { rotateSigningKeys } from '../../../src/services/cognito-idp';

const stateDir = mkdtempSync(join(tmpdir(), 'cognito-'));
let cloud: LocalCloud;
let client: CognitoIdentityProviderClient;
let pool: string;
let app: { id: string; secret: string };

async function connect(): Promise<void> {
  cloud = await LocalCloud.start({ stateDir });
  const { accessKeyId, secretAccessKey } = await cloud.identities.root();
  const credentials = { accessKeyId, secretAccessKey };
  client = new CognitoIdentityProviderClient({ region: cloud.region, endpoint: cloud.endpoint, credentials });
}

function token(form: Record<string, string>, basic = `${app.id}:${app.secret}`): Promise<Response> {
  const headers = { authorization: `Basic ${Buffer.from(basic).toString('base64')}` };
  return fetch(`${cloud.endpoint}/oauth2/${pool}/token`, { method: 'POST', headers, body: new URLSearchParams(form) });
}

async function verify(jwt: string): Promise<Record<string, unknown>> {
  const issuer = `${cloud.endpoint}/${pool}`;
  const jwks = await (await fetch(`${issuer}/.well-known/jwks.json`)).json();
  const verifier = JwtVerifier.create({ issuer, audience: null, jwksUri: `${issuer}/.well-known/jwks.json` });
  verifier.cacheJwks(jwks as Parameters<typeof verifier.cacheJwks>[0]);
  return verifier.verifySync(jwt);
}

beforeAll(async () => {
  await connect();
  const { UserPool } = await client.send(new CreateUserPoolCommand({ PoolName: 'people', MfaConfiguration: 'OFF' }));
  pool = UserPool?.Id ?? '';
  const Scopes = ['read', 'write'].map((ScopeName) => ({ ScopeName, ScopeDescription: ScopeName }));
  await client.send(new CreateResourceServerCommand({ UserPoolId: pool, Identifier: 'shop', Name: 'shop', Scopes }));
  const { UserPoolClient } = await client.send(
    new CreateUserPoolClientCommand({
      UserPoolId: pool,
      ClientName: 'consumer',
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: ['shop/read', 'shop/write'],
      AccessTokenValidity: 10,
      TokenValidityUnits: { AccessToken: 'minutes' },
    }),
  );
  app = { id: UserPoolClient?.ClientId ?? '', secret: UserPoolClient?.ClientSecret ?? '' };
});

afterAll(async () => {
  client.destroy();
  await cloud.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

test('a token carries the claims of a Cognito access token and verifies against the published keys', async () => {
  const response = await token({ grant_type: 'client_credentials', scope: 'shop/read' });

  const body = (await response.json()) as { access_token: string };
  expect(body).toEqual({ access_token: expect.any(String), expires_in: 600, token_type: 'Bearer' });
  const claims = await verify(body.access_token);
  expect(claims).toEqual({
    sub: app.id,
    token_use: 'access',
    scope: 'shop/read',
    auth_time: expect.any(Number),
    iss: `${cloud.endpoint}/${pool}`,
    exp: Number(claims.iat) + 600,
    iat: claims.auth_time,
    version: 2,
    jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    client_id: app.id,
  });
});

test('all scopes of the client are granted if none is asked for, also to a client that names itself in the form', async () => {
  const form = { grant_type: 'client_credentials', client_id: app.id, client_secret: app.secret };
  const response = await fetch(`${cloud.endpoint}/oauth2/${pool}/token`, { method: 'POST', body: new URLSearchParams(form) });

  const { access_token } = (await response.json()) as { access_token: string };
  expect((await verify(access_token)).scope).toBe('shop/read shop/write');
});

test.each([
  ['another grant', { grant_type: 'password' }, undefined, 'unsupported_grant_type'],
  ['no grant', {}, undefined, 'invalid_request'],
  ['a scope that is not the client’s', { grant_type: 'client_credentials', scope: 'shop/admin' }, undefined, 'invalid_scope'],
  ['a wrong secret', { grant_type: 'client_credentials' }, 'x:y', 'invalid_client'],
])('the token endpoint refuses %s', async (_, form, basic, error) => {
  const response = await token(form as Record<string, string>, basic);

  expect([response.status, await response.json()]).toEqual([400, { error }]);
});

test('the discovery document names the issuer, the keys and the token endpoint', async () => {
  const issuer = `${cloud.endpoint}/${pool}`;

  const response = await fetch(`${issuer}/.well-known/openid-configuration`);

  expect(await response.json()).toMatchObject({
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    token_endpoint: `${cloud.endpoint}/oauth2/${pool}/token`,
  });
});

test('clients are listed without and described with their secret', async () => {
  const listed = await client.send(new ListUserPoolClientsCommand({ UserPoolId: pool }));
  const { UserPoolClient } = await client.send(new DescribeUserPoolClientCommand({ UserPoolId: pool, ClientId: app.id }));

  expect(listed.UserPoolClients).toEqual([{ ClientId: app.id, UserPoolId: pool, ClientName: 'consumer' }]);
  expect(UserPoolClient).toMatchObject({ ClientSecret: app.secret, AccessTokenValidity: 10 });
});

test('a client may not have a scope that no resource server has', async () => {
  const input = { UserPoolId: pool, ClientName: 'other', AllowedOAuthScopes: ['shop/none'] };

  await expect(client.send(new CreateUserPoolClientCommand(input))).rejects.toMatchObject({
    name: 'ScopeDoesNotExistException',
    message: 'Invalid scope requested: shop/none',
  });
});

test('a pool under deletion protection stays', async () => {
  const input = { PoolName: 'kept', DeletionProtection: 'ACTIVE' } as const;
  const { UserPool } = await client.send(new CreateUserPoolCommand(input));

  await expect(client.send(new DeleteUserPoolCommand({ UserPoolId: UserPool?.Id }))).rejects.toThrow(
    'deletion protection is activated',
  );
});

test('keys outlive a restart, and end with their rotation', async () => {
  const keys = async () =>
    ((await (await fetch(`${cloud.endpoint}/${pool}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] }).keys;
  const before = await keys();
  client.destroy();
  await cloud.stop();
  await connect();

  expect(before).toHaveLength(2);
  expect(await keys()).toEqual(before);
  const { access_token } = (await (await token({ grant_type: 'client_credentials' })).json()) as { access_token: string };
  await rotateSigningKeys(cloud, pool);
  await expect(verify(access_token)).rejects.toThrow('not found in the JWKS');
});
