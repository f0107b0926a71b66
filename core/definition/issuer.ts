import * as z from 'zod';
import { ALGORITHMS } from '../tokens/compact-token';
import { resourceName } from './identifier';

/** Tokens of a user pool that the platform makes: people with a second factor, and one application client per consumer. */
const cognitoSchema = z.strictObject({ name: resourceName, kind: z.literal('cognito') });

/** Tokens of an issuer that is there already, e.g. a company's own. */
const oidcSchema = z.strictObject({
  name: resourceName,
  kind: z.literal('oidc'),
  /** Exact value of `iss`; the discovery document lies below it. */
  issuer: z.url({ protocol: /^https$/ }),
  jwksUri: z.url({ protocol: /^https$/ }),
  /** Values of `aud` of which a token must have one. */
  audiences: z.array(z.string().min(1)).min(1),
  algorithms: z.array(z.enum(ALGORITHMS)).min(1),
});

/** Who gives tokens for the API. */
export const issuerSchema = z.discriminatedUnion('kind', [cognitoSchema, oidcSchema]);
export type IssuerDefinition = z.infer<typeof issuerSchema>;
export type IssuerOf<K extends IssuerDefinition['kind']> = Extract<IssuerDefinition, { kind: K }>;

/** What a platform has that names no issuer. */
export const DEFAULT_ISSUERS: IssuerDefinition[] = [{ name: 'people', kind: 'cognito' }];
