import { Aws, Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { taskOf } from '../../core/tasks';
import type { ModelTables } from '../monitoring/model-tables';
import { DeadLetters } from '../shared/dead-letters';
import { PlatformFunction } from '../shared/platform-function';
import type { PlatformStage } from '../shared/platform-stage';
import { repeat } from '../shared/repeat';

export interface RetrainingProps extends PlatformStage {
  readonly logKey: IKey;
  readonly tables: ModelTables;
}

/** How often an alarm that stays in ALARM is looked at again. */
const REEXAMINE_EVERY = Duration.days(1);

/** The function that alarms call: it decides whether to train, and starts the pipeline. */
export class Retraining extends Construct {
  readonly function: PlatformFunction;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: RetrainingProps) {
    super(scope, id);
    const { names, platform } = props;
    this.deadLetters = new DeadLetters(this, 'Failed', { key: props.logKey, queueName: names.of('retrain-failed') }).queue;
    this.function = new PlatformFunction(this, 'Function', {
      ...props,
      function: 'retrain',
      description: 'Decides about training runs and starts them',
      timeout: Duration.seconds(30),
      // One decision at a time; the lease in the ledger guards what this cannot.
      reservedConcurrency: 1,
      deadLetterQueue: this.deadLetters,
    });
    props.tables.grantRuns(this.function.function);
    props.tables.grantReadMonitoring(this.function.function);
    const arn = (service: string, rest: string): string =>
      `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${rest}`;
    const models = platform.models.map(({ name }) => name);
    this.function.allow(
      ['sagemaker:StartPipelineExecution'],
      models.map((model) => arn('sagemaker', `pipeline/${names.pipeline(model)}`)),
    );
    this.function.allow(
      ['ssm:GetParameter'],
      models
        .flatMap((model) => [names.championParameter(model), names.freezeParameter(model)])
        .map((name) => arn('ssm', `parameter${name}`)),
    );
    this.function.allow(
      ['cloudwatch:DescribeAlarms'],
      platform.models
        .flatMap((model) => [
          names.driftAlarm(model.name),
          ...taskOf(model)
            .floors(model.gates)
            .map(({ metric }) => names.floorAlarm(model.name, metric)),
        ])
        .map((name) => arn('cloudwatch', `alarm:${name}`)),
    );
    repeat(this, 'Reexamine', {
      function: this.function.function,
      every: REEXAMINE_EVERY,
      payload: { schedule: 'reexamine' },
      description: 'Looks again at alarms that stay in ALARM, and at models without a trained champion',
      deadLetters: this.deadLetters,
      key: props.logKey,
    });
  }
}
