import { Duration, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Route } from '../../core/api';
import type { Platform, Stage } from '../../core/definition';
import { INFERENCE, type Names } from '../../core/naming';
import type { SourceStream } from '../data-lake/source-stream';
import { FEATURE_GROUP_WILDCARDS, type FeatureStore } from '../feature-store/feature-store';
import { explainWildcards } from '../policy/wildcards';
import { type ChampionPointers, POINTER_WILDCARDS } from '../registry/champion-pointers';
import { type EndpointFleet, INVOKE_WILDCARDS } from '../serving/endpoint-fleet';
import type { Artefacts, FunctionName } from '../shared/artefacts';
import { PlatformFunction } from '../shared/platform-function';
import { CONSUMER_WILDCARDS, type ConsumerParameters } from './consumer-parameters';
import type { Issuers } from './issuers';

export interface ApiFunctionsProps {
  /** Sources, which events may be sent to. */
  readonly platform: Platform;
  readonly stage: Stage;
  readonly names: Names;
  readonly artefacts: Artefacts;
  /** Key of log groups. */
  readonly logKey: IKey;
  readonly issuers: Issuers;
  readonly consumers: ConsumerParameters;
  /** Stream of a source, or of the inference log. */
  readonly stream: (source: string) => SourceStream;
  readonly features: FeatureStore;
  readonly endpoints: EndpointFleet;
  readonly pointers: ChampionPointers;
}

const PLATFORM_VERSION = '1';
const DEFAULTS = { memorySize: 1024, timeout: Duration.seconds(10) } as const;

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
    const { issuers, consumers } = this.props;
    const authorizer = this.create('authorizer', 'Verifies tokens and names the consumer and its plan', {
      ISSUERS: Stack.of(this).toJsonString(issuers.all.map(({ rules }) => rules)),
    });
    consumers.grantRead(authorizer.function);
    explainWildcards(authorizer, CONSUMER_WILDCARDS);
    return authorizer;
  }

  private createPredict(): PlatformFunction {
    const { stream, features, endpoints } = this.props;
    const predict = this.create('predict', 'Reads features, asks the model, logs the prediction');
    stream(INFERENCE).grantPut(predict.function);
    features.grantReadFeatures(predict.function);
    endpoints.grantInvoke(predict.function);
    explainWildcards(predict, [...FEATURE_GROUP_WILDCARDS, ...INVOKE_WILDCARDS]);
    return predict;
  }

  private createModels(): PlatformFunction {
    const { issuers, endpoints, pointers } = this.props;
    const models = this.create('models', 'Tells about models, health and the contract', {
      ISSUER: issuers.first.url,
      PLATFORM_VERSION,
    });
    endpoints.grantDescribe(models.function);
    pointers.grantRead(models.function);
    explainWildcards(models, [...INVOKE_WILDCARDS, ...POINTER_WILDCARDS]);
    return models;
  }

  private create(name: FunctionName, description: string, environment: Readonly<Record<string, string>> = {}): PlatformFunction {
    const { stage, names, artefacts, logKey } = this.props;
    const { reservedConcurrency } = stage;
    return new PlatformFunction(this, name, {
      stage,
      names,
      artefacts,
      logKey,
      function: name,
      description,
      environment,
      timeout: DEFAULTS.timeout,
      memorySize: DEFAULTS.memorySize,
      ...(reservedConcurrency === null ? {} : { reservedConcurrency }),
    });
  }
}
