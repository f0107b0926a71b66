import { Duration } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ALARM_WILDCARDS, grantReadAlarms } from '../monitoring/model-alarms';
import type { ModelTables } from '../monitoring/model-tables';
import { explainWildcards } from '../policy/wildcards';
import { type ChampionPointers, POINTER_WILDCARDS } from '../registry/champion-pointers';
import { invokedByAlarms } from '../shared/alarm-invocation';
import { repeat } from '../shared/repeat';
import { Worker, type WorkerProps } from '../shared/worker';
import { PIPELINE_WILDCARDS, type TrainingPipelines } from './training-pipelines';

export interface RetrainingProps extends WorkerProps {
  /** Ledger, leases and counted windows. */
  readonly tables: ModelTables;
  /** Whether a model has a champion, or is frozen. */
  readonly pointers: ChampionPointers;
  /** What is started. */
  readonly pipelines: TrainingPipelines;
}

/** How often an alarm that stays in ALARM is looked at again. */
const REEXAMINE_EVERY = Duration.days(1);

/** The function that alarms call: it decides whether to train, and starts the pipeline. */
export class Retraining extends Worker {
  /** What an alarm does that asks for a training. */
  readonly alarmAction: IAlarmAction;

  constructor(scope: Construct, id: string, props: RetrainingProps) {
    super(scope, id, props, {
      function: 'retrain',
      description: 'Decides about training runs and starts them',
      timeout: Duration.seconds(30),
      asynchronous: true,
    });
    this.alarmAction = invokedByAlarms(this.function, props.names);
    props.tables.grantRuns(this.function);
    props.tables.grantReadMonitoring(this.function);
    props.pipelines.grantStart(this.function);
    props.pointers.grantRead(this.function);
    props.pointers.grantReadFreeze(this.function);
    grantReadAlarms(this.function, props.names);
    explainWildcards(this.platformFunction, [...PIPELINE_WILDCARDS, ...POINTER_WILDCARDS, ...ALARM_WILDCARDS]);
    repeat(this, 'Reexamine', {
      function: this.function,
      every: REEXAMINE_EVERY,
      payload: { schedule: 'reexamine' },
      description: 'Looks again at alarms that stay in ALARM, and at models without a trained champion',
      deadLetters: this.deadLetters,
      key: props.logKey,
    });
  }
}
