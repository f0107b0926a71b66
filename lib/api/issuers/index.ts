import type { UserPool } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { type Consumer, type IssuerDefinition, issuerOf, type Platform, type Stage } from '../../../core/definition';
import type { Names } from '../../../core/naming';
import { CognitoIssuer } from './cognito';
import type { Issuer } from './issuer';
import { OidcIssuer } from './oidc';

export type { Issuer, IssuerClient, IssuerRules } from './issuer';

export interface IssuersProps {
  /** Issuers, and the consumers that are their clients. */
  readonly platform: Platform;
  /** Lifetime of tokens, and whether people survive a deletion. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
}

/** Every kind of issuer: a file beside this one, and a line here. */
function createIssuer(scope: Construct, definition: IssuerDefinition, { platform, stage, names }: IssuersProps): Issuer {
  switch (definition.kind) {
    case 'cognito':
      // The only user pool of a stage keeps the id that it always had.
      return new CognitoIssuer(scope, 'Directory', { definition, platform, stage, names });
    case 'oidc':
      return new OidcIssuer({ definition, stage, names });
  }
}

/** The issuers of a platform, by name. */
export class Issuers {
  private readonly byName: ReadonlyMap<string, Issuer>;

  constructor(
    scope: Construct,
    private readonly props: IssuersProps,
  ) {
    this.byName = new Map(props.platform.issuers.map((definition) => [definition.name, createIssuer(scope, definition, props)]));
  }

  get all(): readonly Issuer[] {
    return [...this.byName.values()];
  }

  /** The issuer that tokens come from by default. */
  get first(): Issuer {
    const [first] = this.all;
    if (first === undefined) throw new Error('the platform has no issuer');
    return first;
  }

  /** The user pool that is made for the platform, when one of its issuers is one. */
  get pool(): UserPool | undefined {
    return this.all.find((issuer): issuer is CognitoIssuer => issuer instanceof CognitoIssuer)?.pool;
  }

  of(consumer: Consumer): Issuer {
    const { name } = issuerOf(this.props.platform, consumer);
    const issuer = this.byName.get(name);
    if (issuer === undefined) throw new Error(`no issuer ${name}`);
    return issuer;
  }
}
