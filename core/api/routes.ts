import type { Scope } from '../definition';

export interface Route {
  readonly operation: 'predict' | 'outcomes' | 'events' | 'model' | 'health' | 'openapi';
  readonly method: 'GET' | 'POST';
  /** Path template below the stage. */
  readonly path: string;
  /** Scope that a token needs; null = open to everyone. */
  readonly scope: Scope | null;
}

/** Every route of the API. */
export const ROUTES: readonly Route[] = [
  { operation: 'predict', method: 'POST', path: '/v1/models/{model}/predictions', scope: 'predict' },
  { operation: 'outcomes', method: 'POST', path: '/v1/outcomes', scope: 'outcomes:write' },
  { operation: 'events', method: 'POST', path: '/v1/events/{source}', scope: 'events:write' },
  { operation: 'model', method: 'GET', path: '/v1/models/{model}', scope: 'models:read' },
  { operation: 'health', method: 'GET', path: '/healthz', scope: null },
  { operation: 'openapi', method: 'GET', path: '/openapi.json', scope: null },
];

/** Largest body, bytes; larger ones are refused before they are parsed. */
export const MAX_BODY_BYTES = 1_048_576;
export const MAX_EVENTS = 500;
export const MAX_OUTCOMES = 500;

/** The route of a method and a resource template. */
export function findRoute(method: string, path: string): Route | undefined {
  return ROUTES.find((route) => route.method === method && route.path === path);
}
