import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Model, Stage } from '../../core/definition';
import type { Names } from '../../core/naming';
import { type LiveFloor, taskOf } from '../../core/tasks';
import type { WildcardExplanation } from '../policy/wildcards';
import { describe } from '../shared/alarm-row';
import { arnOf } from '../shared/arns';
import { ModelMetrics } from './metrics';

export interface ModelAlarmsProps {
  /** Whose inputs and quality are watched. */
  readonly model: Model;
  /** Its name is a dimension of the metrics. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
  /** What happens when the model needs training: the retrain function. */
  readonly retrain: IAlarmAction;
  /** Who hears of it. */
  readonly onCall: IAlarmAction;
}

/** What explains the wildcard of reading alarms. */
export const ALARM_WILDCARDS: readonly WildcardExplanation[] = [
  { pattern: /:alarm:.*-\*$/, reason: "The stage's own alarms share a prefix; a list would grow with the models." },
];

/** Read the states of the stage's alarms. */
export function grantReadAlarms(grantee: IGrantable, names: Names): void {
  const alarms = arnOf('cloudwatch', `alarm:${names.of('*')}`);
  Grant.addToPrincipal({ grantee, actions: ['cloudwatch:DescribeAlarms'], resourceArns: [alarms] });
}

/** Alarms that start a retraining by themselves: drift of the inputs, and live quality beyond its floor. */
export class ModelAlarms extends Construct {
  readonly drift: Alarm;
  /** One per floor of the gates. */
  readonly floors: readonly Alarm[];
  private readonly metrics: ModelMetrics;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ModelAlarmsProps,
  ) {
    super(scope, id);
    const { stage, model } = props;
    this.metrics = new ModelMetrics(stage, model);
    this.drift = this.createDrift();
    this.floors = taskOf(model)
      .floors(model.gates)
      .map((floor) => this.createFloor(floor));
  }

  private createDrift(): Alarm {
    const { model, names, retrain, onCall } = this.props;
    const { breaches, windows } = model.monitoring.alarm;
    const alarm = new Alarm(this, 'Drift', {
      alarmName: names.driftAlarm(model.name),
      alarmDescription: describe(`An input of ${model.name} drifts beyond its limit`, 'drift'),
      metric: this.metrics.driftRatio(),
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: windows,
      datapointsToAlarm: breaches,
      treatMissingData: TreatMissingData.IGNORE,
    });
    alarm.addAlarmAction(retrain, onCall);
    return alarm;
  }

  private createFloor({ metric, floor }: LiveFloor): Alarm {
    const { model, names, retrain, onCall } = this.props;
    const higher = taskOf(model).metrics[metric]?.better === 'higher';
    const alarm = new Alarm(this, `${metric.charAt(0).toUpperCase()}${metric.slice(1)}Floor`, {
      alarmName: names.floorAlarm(model.name, metric),
      alarmDescription: describe(
        `Live ${metric} of ${model.name} is ${higher ? 'below' : 'above'} its floor of ${floor}`,
        'quality-floor',
      ),
      metric: this.metrics.quality(metric),
      threshold: floor,
      comparisonOperator: higher ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.IGNORE,
    });
    alarm.addAlarmAction(retrain, onCall);
    return alarm;
  }
}
