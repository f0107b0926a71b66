import { SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { names } from '../../core/naming';
import { ALGORITHMS, KeyCache, TokenVerifier } from '../../core/tokens';
import { ParameterConsumers } from '../adapters/consumer-registry';
import { fetchKeys } from '../adapters/issuer-keys';
import { jwtVerifySignatures } from '../adapters/signatures';
import { clientOptions } from '../runtime/deadline';
import { jsonVariable, readEnvironment, stageVariables } from '../runtime/environment';
import { createLogger } from '../runtime/observability';
import { makeAuthorizer } from './handler';

const issuerSchema = z.strictObject({
  /** Name in the definitions. */
  name: z.string(),
  issuer: z.url(),
  jwksUri: z.url(),
  algorithms: z.array(z.enum(ALGORITHMS)).min(1),
  audiences: z.array(z.string()).min(1).nullable(),
  tokenUse: z.literal('access').nullable(),
  maxLifetimeSeconds: z.int().min(1),
});

const { ISSUERS, STAGE } = readEnvironment(z.object({ ...stageVariables, ISSUERS: jsonVariable(z.array(issuerSchema).min(1)) }));
const verifier = new TokenVerifier({
  issuers: ISSUERS,
  keys: new KeyCache({ fetch: fetchKeys, now: Date.now }),
  signatures: jwtVerifySignatures,
  now: Date.now,
});
const consumers = new ParameterConsumers({
  client: new SSMClient(clientOptions(1000, 2)),
  path: names(STAGE).consumersPath,
  now: Date.now,
});
const nameOf = new Map(ISSUERS.map(({ issuer, name }) => [issuer, name]));

export const handler = makeAuthorizer({
  verify: (header) => verifier.verifyHeader(header),
  consumerOf: async (issuer, clientId) => {
    const name = nameOf.get(issuer);
    return name === undefined ? undefined : consumers.find(name, clientId);
  },
  log: createLogger(),
});
