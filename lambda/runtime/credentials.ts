import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands for `@aws-sdk/credential-provider-node` in bundles (lib/shared/artefacts.ts): a function's credentials are always in its
 * environment, so the other providers (profiles, SSO, metadata services) would only make bundles larger and starts slower.
 */
export function defaultProvider(): ReturnType<typeof fromEnv> {
  return fromEnv();
}
