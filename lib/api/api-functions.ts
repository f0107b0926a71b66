import { Aws, Duration, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Route } from '../../core/api';
import { INFERENCE } from '../../core/naming';
import type { SourceStream } from '../data-lake/source-stream';
import type { FeatureStore } from '../feature-store/feature-store';
import type { ModelEndpoint } from '../serving/model-endpoint';
import type { FunctionName } from '../shared/artefacts';
import { PlatformFunction } from '../shared/platform-function';
import type { PlatformStage } from '../shared/platform-stage';
import type { UserDirectory } from './user-directory';

export interface ApiFunctionsProps extends PlatformStage {
  readonly logKey: IKey;
  readonly directory: UserDirectory;
  /** Stream of a source, or of the inference log. */
  readonly stream: (source: string) => SourceStream;
  readonly features: FeatureStore;
  /** By model name. */
  readonly endpoints: ReadonlyMap<string, ModelEndpoint>;
}

const PLATFORM_VERSION = '1';
const MEMORY = 1024;

/** The authorizer, and one function per kind of route. */
export class ApiFunctions extends Construct {
  readonly authorizer: PlatformFunction;
  readonly byOperation: Readonly<Record<Route['operation'], IFunction>>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ApiFunctionsProps,
  ) {
    super(scope, id);
    this.authorizer = this.createAuthorizer();
    const predict = this.createPredict();
    const outcomes = this.create('outcomes', 'Takes what happened after predictions');
    props.stream(INFERENCE).grantPut(outcomes.function);
    const events = this.create('events', 'Takes events of the sources');
    for (const { name } of props.platform.sources) props.stream(name).grantPut(events.function);
    const models = this.createModels();
    this.byOperation = {
      predict: predict.function,
      outcomes: outcomes.function,
      events: events.function,
      model: models.function,
      health: models.function,
      openapi: models.function,
    };
  }

  private createAuthorizer(): PlatformFunction {
    const { directory, stage } = this.props;
    const clients = [...directory.clients].map(([consumer, client]) => ({ consumer, id: client.userPoolClientId }));
    const issuer = directory.pool.userPoolProviderUrl;
    const trusted = {
      issuer,
      jwksUri: `${issuer}/.well-known/jwks.json`,
      algorithms: ['RS256'],
      // Cognito's access tokens carry client_id and no aud; only the clients of consumers are accepted.
      audiences: null,
      clientIds: clients.map(({ id }) => id),
      tokenUse: 'access',
      maxLifetimeSeconds: stage.tokenLifetimeMinutes * 60,
    };
    return this.create('authorizer', 'Verifies tokens and names the consumer and its plan', {
      ISSUERS: Stack.of(this).toJsonString([trusted]),
      CLIENTS: Stack.of(this).toJsonString(clients),
    });
  }

  private createPredict(): PlatformFunction {
    const { stream, features, endpoints } = this.props;
    const predict = this.create('predict', 'Reads features, asks the model, logs the prediction');
    stream(INFERENCE).grantPut(predict.function);
    features.grantReadFeatures(predict.function);
    for (const endpoint of endpoints.values()) endpoint.grantInvoke(predict.function);
    return predict;
  }

  private createModels(): PlatformFunction {
    const { directory, endpoints, names, platform } = this.props;
    const models = this.create('models', 'Tells about models, health and the contract', {
      ISSUER: directory.pool.userPoolProviderUrl,
      PLATFORM_VERSION,
    });
    for (const endpoint of endpoints.values()) endpoint.grantDescribe(models.function);
    models.allow(
      ['ssm:GetParameter'],
      platform.models.map(
        ({ name }) => `arn:${Aws.PARTITION}:ssm:${Aws.REGION}:${Aws.ACCOUNT_ID}:parameter${names.championParameter(name)}`,
      ),
    );
    return models;
  }

  private create(name: FunctionName, description: string, environment: Readonly<Record<string, string>> = {}): PlatformFunction {
    const { stage } = this.props;
    return new PlatformFunction(this, name, {
      ...this.props,
      function: name,
      description,
      environment,
      timeout: Duration.seconds(10),
      memorySize: MEMORY,
      ...(stage.reservedConcurrency === null ? {} : { reservedConcurrency: stage.reservedConcurrency }),
    });
  }
}
