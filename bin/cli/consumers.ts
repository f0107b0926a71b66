import type { Consumer, Model, Scope } from '../../core/definition';
import { ApiClient } from './api-client';
import { Failure } from './failure';
import { requireApplication, type Target } from './target';
import { fetchToken, type Token } from './tokens';

const TOKEN_MARGIN_SECONDS = 60;

/** The first consumer that may do something, with a model where one is named. Throws Failure when none may. */
export function consumerWith({ platform }: Pick<Target, 'platform'>, scope: Scope, model?: Model): Consumer {
  const found = platform.consumers.find(
    ({ scopes, models }) => scopes.includes(scope) && (model === undefined || models.includes(model.name)),
  );
  if (found !== undefined) return found;
  const use = model === undefined ? '' : ` and the model ${model.name}`;
  throw new Failure(`no consumer has the scope ${scope}${use}`, 1, 'Define one in the platform, or name another: --consumer.');
}

/** A client of the API as a consumer; its token is renewed before it ends (by the wall clock, or when the clock has jumped). */
export async function apiClient(target: Target, consumer: string): Promise<ApiClient> {
  const { apiUrl } = await requireApplication(target);
  let known: { token: Token; until: number } | undefined;
  return new ApiClient(apiUrl, async (renew) => {
    if (renew || known === undefined || Date.now() > known.until) {
      const token = await fetchToken(target, consumer, []);
      known = { token, until: Date.now() + Math.max(0, token.expires_in - TOKEN_MARGIN_SECONDS) * 1000 };
    }
    return known.token;
  });
}

/** Clients for all that a replay does, each as a consumer that may. */
export interface ReplayClients {
  readonly events: ApiClient;
  readonly predictions: ApiClient;
  readonly outcomes: ApiClient;
}

export async function replayClients(target: Target, model: Model): Promise<ReplayClients> {
  const clients = new Map<string, Promise<ApiClient>>();
  const as = ({ name }: Consumer): Promise<ApiClient> => {
    const client = clients.get(name) ?? apiClient(target, name);
    clients.set(name, client);
    return client;
  };
  return {
    events: await as(consumerWith(target, 'events:write')),
    predictions: await as(consumerWith(target, 'predict', model)),
    outcomes: await as(consumerWith(target, 'outcomes:write', model)),
  };
}
