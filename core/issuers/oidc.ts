import * as z from 'zod';
import { resourceName } from '../definition/identifier';
import { ALGORITHMS } from '../tokens/compact-token';
import type { IssuerKind } from './issuer-kind';

const schema = z.strictObject({
  name: resourceName,
  kind: z.literal('oidc'),
  /** Exact value of `iss`; the discovery document lies below it. */
  issuer: z.url({ protocol: /^https$/ }),
  jwksUri: z.url({ protocol: /^https$/ }),
  /** Values of `aud` of which a token must have one. */
  audiences: z.array(z.string().min(1)).min(1),
  algorithms: z.array(z.enum(ALGORITHMS)).min(1),
});

/** Tokens of an issuer that is there already, e.g. a company's own. */
export const oidcKind = {
  schema,
  makesClients: false,
  onlyOne: undefined,
  address: ({ issuer }) => issuer,
} as const satisfies IssuerKind<z.infer<typeof schema>>;
