import {
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  paginateListUserPoolClients,
} from '@aws-sdk/client-cognito-identity-provider';
import * as z from 'zod';
import { findConsumer, issuerOf, type Scope } from '../../core/definition';
import { Failure } from './failure';
import { requireApplication, type Target } from './target';

const tokenSchema = z.object({ access_token: z.string(), expires_in: z.number() });
export type Token = z.infer<typeof tokenSchema>;

/** A token of a consumer's application client, from the issuer itself (client credentials grant). */
export async function fetchToken(target: Target, consumer: string, scopes: readonly string[]): Promise<Token> {
  const { platform } = target;
  const found = findConsumer(platform, consumer);
  if (found === undefined)
    throw new Failure(
      `--consumer: no consumer '${consumer}', allowed: ${platform.consumers.map(({ name }) => name).join(', ')}`,
      2,
    );
  const unknown = scopes.filter((scope) => !found.scopes.includes(scope as Scope));
  if (unknown.length > 0)
    throw new Failure(`--scope: ${consumer} has no scope '${unknown.join(', ')}', allowed: ${found.scopes.join(', ')}`, 2);
  const { kind, name } = issuerOf(platform, found);
  if (kind !== 'cognito')
    throw new Failure(
      `${consumer} gets its tokens from '${name}', which is not the platform's own`,
      1,
      'Ask that issuer for one.',
    );
  const { issuer, userPoolId } = await requireApplication(target);
  if (userPoolId === undefined) throw new Failure(`the stage ${target.stage.name} has no user pool`);
  const secret = await clientSecret(target, userPoolId, target.names.of(consumer));
  const wanted = (scopes.length === 0 ? found.scopes : (scopes as Scope[])).map(target.names.scope);
  const response = await fetch(await tokenEndpoint(issuer), {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${secret.id}:${secret.secret}`).toString('base64')}`,
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: wanted.join(' ') }),
  });
  const text = await response.text();
  if (!response.ok) throw new Failure(`the issuer refused: ${response.status} ${text}`);
  return tokenSchema.parse(JSON.parse(text));
}

async function clientSecret(target: Target, UserPoolId: string, name: string): Promise<{ id: string; secret: string }> {
  const client = new CognitoIdentityProviderClient(target.client);
  for await (const page of paginateListUserPoolClients({ client }, { UserPoolId, MaxResults: 60 })) {
    const found = page.UserPoolClients?.find(({ ClientName }) => ClientName === name);
    if (found?.ClientId === undefined) continue;
    const { UserPoolClient } = await client.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId: found.ClientId }));
    return { id: found.ClientId, secret: UserPoolClient?.ClientSecret ?? '' };
  }
  throw new Failure(`the user pool has no client '${name}'`, 1, 'Deploy the stage again: its consumers have changed.');
}

async function tokenEndpoint(issuer: string): Promise<string> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`);
  if (!response.ok) throw new Failure(`the issuer ${issuer} answered ${response.status}`);
  return z.object({ token_endpoint: z.url() }).parse(await response.json()).token_endpoint;
}
