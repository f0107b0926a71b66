import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import { INFERENCE } from '../../core/naming';
import { ApiFunctions } from '../api/api-functions';
import { ConsumerParameters } from '../api/consumer-parameters';
import { Firewall } from '../api/firewall';
import { Issuers } from '../api/issuers';
import { PlatformApi } from '../api/platform-api';
import { Aggregation } from '../feature-store/aggregation';
import { monitorAlarm } from '../monitoring/alarm-table';
import { Dashboard } from '../monitoring/dashboard';
import { ModelAlarms } from '../monitoring/model-alarms';
import { Watcher } from '../monitoring/watcher';
import { Promotion } from '../registry/promotion';
import { createAlarm } from '../shared/alarm-row';
import type { PlatformStage } from '../shared/platform-stage';
import { Retraining } from '../training/retraining';
import type { DataStack } from './data-stack';
import type { FoundationStack } from './foundation-stack';
import type { ModelsStack } from './models-stack';
import type { ServingStack } from './serving-stack';

/** The stacks that this one builds on. */
export interface ApplicationContext extends PlatformStage {
  /** Keys, network and on-call. */
  readonly foundation: FoundationStack;
  /** Streams and feature store. */
  readonly data: DataStack;
  /** Tables, registry and pipelines. */
  readonly models: ModelsStack;
  /** Endpoints. */
  readonly serving: ServingStack;
}

/** What runs: functions, the API, alarms and their actions. Nothing here holds data except the directory of people. */
export class ApplicationStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    private readonly context: ApplicationContext,
    props: StackProps,
  ) {
    super(scope, id, props);
    const { platform, stage, names, data, models, serving } = context;
    this.createAlarms(this.createWorkers());
    new Dashboard(this, 'Dashboard', { platform, stage, names });
    this.createApi();
    // Grants and rules name what is in them by rule, which ties no stack to another: these lines do.
    for (const stack of [data, models, serving]) this.addStackDependency(stack);
  }

  /** The functions in the background; gives the one that alarms call. */
  private createWorkers(): Retraining {
    const { platform, stage, names, artefacts, foundation, data, models, serving } = this.context;
    const logKey = foundation.keys.logs;
    const { tables, registry, pipelines } = models;
    new Aggregation(this, 'Aggregation', {
      platform,
      stage,
      names,
      artefacts,
      logKey,
      features: data.features,
      stream: (source) => data.stream(source),
    });
    new Watcher(this, 'Watcher', {
      stage,
      names,
      artefacts,
      logKey,
      registry,
      tables,
      inference: data.stream(INFERENCE),
    });
    new Promotion(this, 'Promotion', {
      stage,
      names,
      artefacts,
      logKey,
      modelsKey: foundation.keys.models,
      registry,
      pipelines,
      endpoints: serving.endpoints,
      tables,
      onCall: foundation.onCall.topic,
      network: foundation.network,
    });
    return new Retraining(this, 'Retraining', {
      stage,
      names,
      artefacts,
      logKey,
      tables,
      pointers: registry.pointers,
      pipelines,
    });
  }

  private createApi(): void {
    const { platform, stage, names, artefacts, foundation, data, models, serving } = this.context;
    const logKey = foundation.keys.logs;
    const issuers = new Issuers(this, { platform, stage, names });
    const consumers = new ConsumerParameters(this, 'Consumers', { platform, names, issuers });
    const functions = new ApiFunctions(this, 'Functions', {
      platform,
      stage,
      names,
      artefacts,
      logKey,
      issuers,
      consumers,
      stream: (source) => data.stream(source),
      features: data.features,
      endpoints: serving.endpoints,
      pointers: models.registry.pointers,
    });
    const { api } = new PlatformApi(this, 'Api', {
      platform,
      stage,
      names,
      logKey,
      authorizer: functions.authorizer.function,
      functions: functions.byOperation,
      usageKey: (consumer) => issuers.of(consumer).client(consumer).usageKey,
    });
    new Firewall(this, 'Firewall', { stage, names, consumers: platform.consumers, apiStage: api.deploymentStage, logKey });
    new CfnOutput(this, 'ApiId', { value: api.restApiId });
    new CfnOutput(this, 'ApiStage', { value: api.deploymentStage.stageName });
    new CfnOutput(this, 'Issuer', { value: issuers.first.url });
    const { pool } = issuers;
    if (pool !== undefined) new CfnOutput(this, 'UserPoolId', { value: pool.userPoolId });
  }

  private createAlarms(retraining: Retraining): void {
    const { platform, stage, names, foundation } = this.context;
    const onCall = new SnsAction(foundation.onCall.topic);
    for (const model of platform.models)
      new ModelAlarms(this, `Alarms-${model.name}`, { model, stage, names, retrain: retraining.alarmAction, onCall });
    createAlarm(this, monitorAlarm(names), onCall);
  }
}
