import type { Consumer, IssuerOf, Stage } from '../../../core/definition';
import type { Names } from '../../../core/naming';
import type { Issuer, IssuerClient, IssuerRules } from './issuer';

export interface OidcIssuerProps {
  /** What the platform says of it. */
  readonly definition: IssuerOf<'oidc'>;
  /** Longest lifetime of a token that is accepted. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
}

/** API Gateway wants at least so many characters in a key. */
const KEY_LENGTH = 20;

/** An issuer that is there already: nothing is made, its rules are what the definition says. */
export class OidcIssuer implements Issuer {
  readonly url: string;
  readonly rules: IssuerRules;

  constructor(private readonly props: OidcIssuerProps) {
    const { definition, stage } = props;
    this.url = definition.issuer;
    this.rules = {
      name: definition.name,
      issuer: definition.issuer,
      jwksUri: definition.jwksUri,
      algorithms: definition.algorithms,
      audiences: definition.audiences,
      tokenUse: null,
      maxLifetimeSeconds: stage.tokenLifetimeMinutes * 60,
    };
  }

  client({ name, clientId }: Consumer): IssuerClient {
    if (clientId === undefined) throw new Error(`consumer ${name} names no client at issuer ${this.props.definition.name}`);
    return { id: clientId, usageKey: this.props.names.usagePlan(name).padEnd(KEY_LENGTH, '-') };
  }
}
