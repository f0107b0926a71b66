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
import { type Consumer, SCOPES } from '../../core/definition';
import { RESOURCE_SERVER } from '../../core/naming';
import { type PlatformStage, statefulRemoval } from '../shared/platform-stage';

/** Issuer of tokens: people with a second factor, and one application client per consumer. */
export class UserDirectory extends Construct {
  readonly pool: UserPool;
  /** By consumer name. */
  readonly clients = new Map<string, UserPoolClient>();

  constructor(scope: Construct, id: string, props: PlatformStage) {
    super(scope, id);
    this.pool = this.createPool(props);
    this.pool.addDomain('Domain', { cognitoDomain: { domainPrefix: `${props.names.of()}-${Aws.ACCOUNT_ID}` } });
    const scopes = SCOPES.map(
      (scopeName) => new ResourceServerScope({ scopeName, scopeDescription: `Use of the API: ${scopeName}` }),
    );
    const server = this.pool.addResourceServer('Api', { identifier: RESOURCE_SERVER, scopes });
    for (const consumer of props.platform.consumers)
      this.clients.set(consumer.name, this.createClient(props, consumer, server, scopes));
  }

  private createPool(props: PlatformStage): UserPool {
    return new UserPool(this, 'Resource', {
      userPoolName: props.names.of('people'),
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
      deletionProtection: props.stage.removal === 'retain',
      removalPolicy: statefulRemoval(props.stage),
    });
  }

  private createClient(
    props: PlatformStage,
    consumer: Consumer,
    server: UserPoolResourceServer,
    scopes: readonly ResourceServerScope[],
  ): UserPoolClient {
    const own = scopes.filter(({ scopeName }) => consumer.scopes.some((scope) => scope === scopeName));
    return this.pool.addClient(`Client-${consumer.name}`, {
      userPoolClientName: props.names.of(consumer.name),
      generateSecret: true,
      accessTokenValidity: Duration.minutes(props.stage.tokenLifetimeMinutes),
      enableTokenRevocation: true,
      oAuth: {
        flows: { clientCredentials: true },
        scopes: own.map((scope) => OAuthScope.resourceServer(server, scope)),
      },
    });
  }
}
