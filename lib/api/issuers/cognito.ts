import { Aws, Duration } from 'aws-cdk-lib';
import {
  AccountRecovery,
  FeaturePlan,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  StandardThreatProtectionMode,
  UserPool,
  type UserPoolClient,
  type UserPoolResourceServer,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { type Consumer, type IssuerOf, issuerOf, type Platform, SCOPES, type Stage } from '../../../core/definition';
import { type Names, RESOURCE_SERVER } from '../../../core/naming';
import { statefulRemoval } from '../../shared/platform-stage';
import type { Issuer, IssuerClient, IssuerRules } from './issuer';

export interface CognitoIssuerProps {
  /** What the platform says of it. */
  readonly definition: IssuerOf<'cognito'>;
  /** Its consumers get a client each. */
  readonly platform: Platform;
  /** Tokens' lifetime, and whether people survive a deletion. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
}

/** A user pool: people with a second factor, and one application client per consumer. */
export class CognitoIssuer extends Construct implements Issuer {
  readonly pool: UserPool;
  readonly rules: IssuerRules;
  private readonly clients = new Map<string, UserPoolClient>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: CognitoIssuerProps,
  ) {
    super(scope, id);
    this.pool = this.createPool();
    this.pool.addDomain('Domain', { cognitoDomain: { domainPrefix: `${props.names.of()}-${Aws.ACCOUNT_ID}` } });
    const scopes = SCOPES.map(
      (scopeName) => new ResourceServerScope({ scopeName, scopeDescription: `Use of the API: ${scopeName}` }),
    );
    const server = this.pool.addResourceServer('Api', { identifier: RESOURCE_SERVER, scopes });
    const { platform, definition } = props;
    for (const consumer of platform.consumers.filter((it) => issuerOf(platform, it).name === definition.name))
      this.clients.set(consumer.name, this.createClient(consumer, server, scopes));
    this.rules = this.createRules();
  }

  get url(): string {
    return this.pool.userPoolProviderUrl;
  }

  client({ name }: Consumer): IssuerClient {
    const client = this.clients.get(name);
    if (client === undefined) throw new Error(`consumer ${name} has no client at issuer ${this.props.definition.name}`);
    return { id: client.userPoolClientId, usageKey: client.userPoolClientId };
  }

  private createRules(): IssuerRules {
    return {
      name: this.props.definition.name,
      issuer: this.url,
      jwksUri: `${this.url}/.well-known/jwks.json`,
      algorithms: ['RS256'],
      // Cognito's access tokens carry client_id and no aud.
      audiences: null,
      tokenUse: 'access',
      maxLifetimeSeconds: this.props.stage.tokenLifetimeMinutes * 60,
    };
  }

  private createPool(): UserPool {
    const { names, stage } = this.props;
    return new UserPool(this, 'Resource', {
      userPoolName: names.of('people'),
      selfSignUpEnabled: false,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { sms: false, otp: true },
      accountRecovery: AccountRecovery.NONE,
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      passwordPolicy: {
        minLength: 14,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
      },
      deletionProtection: stage.removal === 'retain',
      removalPolicy: statefulRemoval(stage),
    });
  }

  private createClient(
    consumer: Consumer,
    server: UserPoolResourceServer,
    scopes: readonly ResourceServerScope[],
  ): UserPoolClient {
    const { names, stage } = this.props;
    const own = scopes.filter(({ scopeName }) => consumer.scopes.some((scope) => scope === scopeName));
    return this.pool.addClient(`Client-${consumer.name}`, {
      userPoolClientName: names.of(consumer.name),
      generateSecret: true,
      accessTokenValidity: Duration.minutes(stage.tokenLifetimeMinutes),
      enableTokenRevocation: true,
      oAuth: {
        flows: { clientCredentials: true },
        scopes: own.map((scope) => OAuthScope.resourceServer(server, scope)),
      },
    });
  }
}
