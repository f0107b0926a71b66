import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaAction, SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { INFERENCE } from '../../core/naming';
import { ApiFunctions } from '../api/api-functions';
import { Firewall } from '../api/firewall';
import { PlatformApi } from '../api/platform-api';
import { UserDirectory } from '../api/user-directory';
import { Aggregation } from '../feature-store/aggregation';
import { Dashboard } from '../monitoring/dashboard';
import { ModelAlarms } from '../monitoring/model-alarms';
import { Watcher } from '../monitoring/watcher';
import { Promotion } from '../registry/promotion';
import type { PlatformStage } from '../shared/platform-stage';
import { Retraining } from '../training/retraining';
import type { DataStack } from './data-stack';
import type { FoundationStack } from './foundation-stack';
import type { ModelsStack } from './models-stack';
import type { ServingStack } from './serving-stack';

export interface ApplicationContext extends PlatformStage {
  readonly foundation: FoundationStack;
  readonly data: DataStack;
  readonly models: ModelsStack;
  readonly serving: ServingStack;
}

/** What runs: functions, the API, alarms and their actions. Nothing here holds data except the directory of people. */
export class ApplicationStack extends Stack {
  readonly api: PlatformApi;

  constructor(scope: Construct, id: string, context: ApplicationContext, props: StackProps) {
    super(scope, id, props);
    const { foundation, data, models, serving } = context;
    const shared = {
      ...context,
      logKey: foundation.keys.logs,
      modelsKey: foundation.keys.models,
      tables: models.tables,
      bucket: models.registry.bucket,
    };
    const network = foundation.network === undefined ? {} : { network: foundation.network };
    const aggregation = new Aggregation(this, 'Aggregation', {
      ...shared,
      features: data.features,
      stream: (source) => data.stream(source),
    });
    const watcher = new Watcher(this, 'Watcher', { ...shared, inference: data.stream(INFERENCE) });
    const retraining = new Retraining(this, 'Retraining', shared);
    const promotion = new Promotion(this, 'Promotion', {
      ...shared,
      ...network,
      endpoints: serving.endpoints,
      onCall: foundation.onCall.topic,
    });
    this.createModelAlarms(context, retraining);
    this.watchQueues(
      [aggregation, watcher, retraining, promotion].map(({ deadLetters }) => deadLetters),
      context,
    );
    new Dashboard(this, 'Dashboard', { ...context, endpoints: serving.endpoints });
    this.api = this.createApi(context);
  }

  private createApi(context: ApplicationContext): PlatformApi {
    const { foundation, data, serving } = context;
    const directory = new UserDirectory(this, 'Directory', context);
    const functions = new ApiFunctions(this, 'Functions', {
      ...context,
      logKey: foundation.keys.logs,
      directory,
      stream: (source) => data.stream(source),
      features: data.features,
      endpoints: serving.endpoints,
    });
    const clientId = (consumer: string): string => {
      const client = directory.clients.get(consumer);
      if (client === undefined) throw new Error(`consumer ${consumer} has no client`);
      return client.userPoolClientId;
    };
    const api = new PlatformApi(this, 'Api', {
      ...context,
      logKey: foundation.keys.logs,
      authorizer: functions.authorizer.function,
      functions: functions.byOperation,
      usageKey: clientId,
    });
    new Firewall(this, 'Firewall', { ...context, apiStage: api.api.deploymentStage, logKey: foundation.keys.logs });
    new CfnOutput(this, 'ApiId', { value: api.api.restApiId });
    new CfnOutput(this, 'ApiStage', { value: api.api.deploymentStage.stageName });
    new CfnOutput(this, 'Issuer', { value: directory.pool.userPoolProviderUrl });
    new CfnOutput(this, 'UserPoolId', { value: directory.pool.userPoolId });
    return api;
  }

  private createModelAlarms(context: ApplicationContext, retraining: Retraining): void {
    for (const model of context.platform.models) {
      new ModelAlarms(this, `Alarms-${model.name}`, {
        ...context,
        model,
        retrain: new LambdaAction(retraining.function.function),
        onCall: new SnsAction(context.foundation.onCall.topic),
      });
    }
  }

  /** Anything in a dead-letter queue is for people. */
  private watchQueues(queues: readonly Queue[], context: ApplicationContext): void {
    for (const queue of queues) {
      const alarm = new Alarm(queue, 'NotEmpty', {
        alarmDescription: 'Work could not be done and waits for people. Runbook: docs/runbooks/dead-letters.md',
        metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
        threshold: 0,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(new SnsAction(context.foundation.onCall.topic));
    }
  }
}
