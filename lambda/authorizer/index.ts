import * as z from 'zod';
import { ALGORITHMS, KeyCache, TokenVerifier } from '../../core/tokens';
import { fetchKeys } from '../adapters/issuer-keys';
import { jwtVerifySignatures } from '../adapters/signatures';
import { jsonVariable, readEnvironment, stageVariables } from '../runtime/environment';
import { createLogger } from '../runtime/observability';
import { makeAuthorizer } from './handler';

const issuerSchema = z.strictObject({
  issuer: z.url(),
  jwksUri: z.url(),
  algorithms: z.array(z.enum(ALGORITHMS)).min(1),
  audiences: z.array(z.string()).nullable(),
  clientIds: z.array(z.string()).nullable(),
  tokenUse: z.literal('access').nullable(),
  maxLifetimeSeconds: z.int().min(1),
});
/** The value of a consumer's API key is its client id. */
const clientSchema = z.strictObject({ consumer: z.string(), id: z.string().min(20) });

const { ISSUERS, CLIENTS } = readEnvironment(
  z.object({
    ...stageVariables,
    ISSUERS: jsonVariable(z.array(issuerSchema).min(1)),
    CLIENTS: jsonVariable(z.array(clientSchema)),
  }),
);
const verifier = new TokenVerifier({
  issuers: ISSUERS,
  keys: new KeyCache({ fetch: fetchKeys, now: Date.now }),
  signatures: jwtVerifySignatures,
  now: Date.now,
});

export const handler = makeAuthorizer({
  verify: (header) => verifier.verifyHeader(header),
  clients: Object.fromEntries(CLIENTS.map(({ consumer, id }) => [id, { consumer, usageKey: id }])),
  log: createLogger(),
});
