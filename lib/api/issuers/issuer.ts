import type { Consumer } from '../../../core/definition';
import type { TrustedIssuer } from '../../../core/tokens';

/** What the authorizer must know of an issuer; texts may be known at deployment only. */
export type IssuerRules = TrustedIssuer & {
  /** Name in the definitions. */
  readonly name: string;
};

/** A consumer at its issuer. */
export interface IssuerClient {
  /** Client id, as tokens say it. */
  readonly id: string;
  /** Value of the consumer's API key: unique in the stage, 20 to 128 characters. Callers never send it. */
  readonly usageKey: string;
}

/** Who gives tokens for the API: a user pool of our own, or an issuer that is there already. */
export interface Issuer {
  /** What the authorizer must know to trust it. */
  readonly rules: IssuerRules;
  /** Address of the issuer, below which its discovery document lies. */
  readonly url: string;
  /** The client of a consumer that names this issuer. Throws for another's. */
  client(consumer: Consumer): IssuerClient;
}
