import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IAlarmAction, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type Model, seconds } from '../../core/definition';
import { METRICS, modelDimensions } from '../../core/metrics';
import { METRIC_NAMESPACE } from '../../core/naming';
import { type LiveFloor, taskOf } from '../../core/tasks';
import type { PlatformStage } from '../shared/platform-stage';

export interface ModelAlarmsProps extends PlatformStage {
  readonly model: Model;
  /** What happens when the model needs training: the retrain function. */
  readonly retrain: IAlarmAction;
  /** Who hears of it. */
  readonly onCall: IAlarmAction;
}

/** A metric of a model; one value per monitoring window. */
export function modelMetric(
  props: Pick<ModelAlarmsProps, 'model' | 'stage'>,
  metricName: string,
  statistic: string = Stats.MAXIMUM,
): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    statistic,
    period: Duration.seconds(seconds(props.model.monitoring.window)),
    dimensionsMap: modelDimensions(props.stage.name, props.model.name),
  });
}

/** Alarms that start a retraining by themselves: drift of the inputs, and live quality beyond its floor. */
export class ModelAlarms extends Construct {
  readonly drift: Alarm;
  /** One per floor of the gates. */
  readonly floors: readonly Alarm[];

  constructor(scope: Construct, id: string, props: ModelAlarmsProps) {
    super(scope, id);
    this.drift = this.createDrift(props);
    this.floors = taskOf(props.model)
      .floors(props.model.gates)
      .map((floor) => this.createFloor(props, floor));
  }

  private createDrift(props: ModelAlarmsProps): Alarm {
    const { model, names } = props;
    const { breaches, windows } = model.monitoring.alarm;
    const alarm = new Alarm(this, 'Drift', {
      alarmName: names.driftAlarm(model.name),
      alarmDescription: `An input of ${model.name} drifts beyond its limit. Runbook: docs/runbooks/drift.md`,
      metric: modelMetric(props, METRICS.driftRatio),
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: windows,
      datapointsToAlarm: breaches,
      treatMissingData: TreatMissingData.IGNORE,
    });
    alarm.addAlarmAction(props.retrain, props.onCall);
    return alarm;
  }

  private createFloor(props: ModelAlarmsProps, { metric, floor }: LiveFloor): Alarm {
    const { model, names } = props;
    const { live = metric, better = 'higher' } = taskOf(model).metrics[metric] ?? {};
    const higher = better === 'higher';
    const alarm = new Alarm(this, `${metric.charAt(0).toUpperCase()}${metric.slice(1)}Floor`, {
      alarmName: names.floorAlarm(model.name, metric),
      alarmDescription: `Live ${metric} of ${model.name} is ${higher ? 'below' : 'above'} its floor of ${floor}. Runbook: docs/runbooks/quality-floor.md`,
      metric: modelMetric(props, live, higher ? Stats.MINIMUM : Stats.MAXIMUM),
      threshold: floor,
      comparisonOperator: higher ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.IGNORE,
    });
    alarm.addAlarmAction(props.retrain, props.onCall);
    return alarm;
  }
}
