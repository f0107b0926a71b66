import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IAlarmAction, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type Model, seconds } from '../../core/definition';
import { METRICS, type MetricName, modelDimensions } from '../../core/metrics';
import { METRIC_NAMESPACE } from '../../core/naming';
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
  metricName: MetricName,
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

/** Alarms that start a retraining by themselves: drift of the inputs, and live precision below its floor. */
export class ModelAlarms extends Construct {
  readonly drift: Alarm;
  readonly precision: Alarm | undefined;

  constructor(scope: Construct, id: string, props: ModelAlarmsProps) {
    super(scope, id);
    this.drift = this.createDrift(props);
    this.precision = this.createPrecision(props);
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

  private createPrecision(props: ModelAlarmsProps): Alarm | undefined {
    const { model, names } = props;
    const floor = model.gates.precision?.live?.floor;
    if (floor === undefined) return undefined;
    const alarm = new Alarm(this, 'PrecisionFloor', {
      alarmName: names.precisionAlarm(model.name),
      alarmDescription: `Live precision of ${model.name} is below its floor of ${floor}. Runbook: docs/runbooks/precision-floor.md`,
      metric: modelMetric(props, METRICS.precision, Stats.MINIMUM),
      threshold: floor,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.IGNORE,
    });
    alarm.addAlarmAction(props.retrain, props.onCall);
    return alarm;
  }
}
