import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpRoute } from '../../cloud';
import type { ClientRecord } from './records';
import type { Store } from './store';

const WELL_KNOWN = /^\/([\w-]+_[0-9a-zA-Z]+)\/\.well-known\/(jwks\.json|openid-configuration)$/;
const TOKEN = /^\/oauth2\/([\w-]+_[0-9a-zA-Z]+)\/token$/;
const MAX_FORM = 64 * 1024;

type TokenError = 'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unauthorized_client' | 'unsupported_grant_type';

function reply(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json;charset=UTF-8',
    'content-length': String(Buffer.byteLength(text)),
    ...headers,
  });
  response.end(text);
}

async function readForm(message: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (!(message.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) return undefined;
  let form = '';
  for await (const chunk of message) {
    form += String(chunk);
    if (form.length > MAX_FORM) return undefined;
  }
  return new URLSearchParams(form);
}

/** Id and secret of a client, from the Authorization header or from the form. */
function credentialsOf(message: IncomingMessage, form: URLSearchParams): { id: string; secret: string | undefined } {
  const basic = /^Basic\s+(\S+)$/i.exec(message.headers.authorization ?? '')?.[1];
  if (basic === undefined) return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? undefined };
  const text = Buffer.from(basic, 'base64').toString();
  const cut = text.indexOf(':');
  return { id: text.slice(0, cut), secret: text.slice(cut + 1) };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function isSecretOf(client: ClientRecord, secret: string | undefined): boolean {
  if (client.secret === undefined || secret === undefined) return false;
  return timingSafeEqual(digest(client.secret), digest(secret));
}

/** The public face of user pools: discovery document, key set, and the token endpoint for client credentials. */
export class OidcRoute implements HttpRoute {
  constructor(private readonly store: Store) {}

  matches(message: IncomingMessage): boolean {
    const path = (message.url ?? '/').split('?')[0] ?? '/';
    return WELL_KNOWN.test(path) || TOKEN.test(path);
  }

  async handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (message.url ?? '/').split('?')[0] ?? '/';
    const [, poolId = '', document = ''] = WELL_KNOWN.exec(path) ?? TOKEN.exec(path) ?? [];
    if (this.store.pools.get(poolId) === undefined) {
      reply(response, 400, { code: 'BadRequest', message: `User pool ${poolId} does not exist.` });
    } else if (document === '') {
      await this.token(poolId, message, response);
    } else if (message.method !== 'GET') {
      reply(response, 405, { message: 'Method Not Allowed' });
    } else if (document === 'jwks.json') {
      reply(response, 200, this.store.issuer.jwks(poolId), { 'cache-control': 'public, max-age=86400' });
    } else {
      reply(response, 200, this.discovery(poolId));
    }
  }

  private discovery(poolId: string): object {
    const issuer = this.store.issuer.url(poolId);
    return {
      id_token_signing_alg_values_supported: ['RS256'],
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      response_types_supported: ['code', 'token'],
      scopes_supported: ['openid', 'email', 'phone', 'profile'],
      subject_types_supported: ['public'],
      grant_types_supported: ['client_credentials'],
      token_endpoint: `${this.store.cloud.endpoint}/oauth2/${poolId}/token`,
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    };
  }

  private async token(poolId: string, message: IncomingMessage, response: ServerResponse): Promise<void> {
    if (message.method !== 'POST') return reply(response, 405, { message: 'Method Not Allowed' });
    const form = await readForm(message);
    const outcome = form === undefined ? 'invalid_request' : this.grant(poolId, message, form);
    const headers = { 'cache-control': 'no-store', pragma: 'no-cache' };
    if (typeof outcome === 'string') reply(response, 400, { error: outcome }, headers);
    else reply(response, 200, outcome, headers);
  }

  private grant(poolId: string, message: IncomingMessage, form: URLSearchParams): TokenError | object {
    const grant = form.get('grant_type');
    if (grant === null) return 'invalid_request';
    if (grant !== 'client_credentials') return 'unsupported_grant_type';
    const { id, secret } = credentialsOf(message, form);
    const client = this.store.clients.get([poolId, id]);
    if (client === undefined || !isSecretOf(client, secret)) return 'invalid_client';
    if (!client.oauth || !client.flows.includes('client_credentials')) return 'unauthorized_client';
    const asked = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
    const scopes = asked.length === 0 ? client.scopes : [...new Set(asked)];
    if (scopes.some((scope) => !client.scopes.includes(scope))) return 'invalid_scope';
    return {
      access_token: this.store.issuer.accessToken(client, scopes),
      expires_in: client.accessTokenValidity,
      token_type: 'Bearer',
    };
  }
}
