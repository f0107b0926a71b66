import * as z from 'zod';

const TIMEOUT_MS = 1500;
const documentSchema = z.object({ token_endpoint: z.url() });

/** Token endpoint of an issuer, from its discovery document (OpenID Connect Discovery 1.0). */
export async function tokenEndpoint(issuer: string): Promise<string> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'error',
  });
  if (response.status !== 200) throw new Error(`the issuer answered ${response.status}`);
  return documentSchema.parse(await response.json()).token_endpoint;
}

/** Remembers the first success; a failure is tried again at the next call. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => {
    known ??= load().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
