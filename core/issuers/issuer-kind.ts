import type * as z from 'zod';

/**
 * Who gives tokens for the API; lib/api/issuers/ holds what is deployed for each.
 *
 * @typeParam D an issuer as definitions say it
 */
export interface IssuerKind<D = unknown> {
  readonly schema: z.ZodType<D>;
  /** Whether a deployment makes the clients of consumers; otherwise a consumer names the client that it is. */
  readonly makesClients: boolean;
  /** Whether a platform can have only one of them, and why. */
  readonly onlyOne: string | undefined;
  /** Exact value of `iss`, where it is known before the deployment. */
  address(definition: D): string | undefined;
}
