import { Alarm, ComparisonOperator, type IAlarm, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Model } from '../../core/definition';
import type { Names } from '../../core/naming';
import { EndpointMetrics } from './endpoint-metrics';

export interface EndpointAlarmsProps {
  /** Whose canary the alarms guard. */
  readonly model: Model;
  /** Physical names of the stage. */
  readonly names: Names;
}

/** What differs between the two alarms. */
interface Threshold {
  readonly alarmName: string;
  readonly alarmDescription: string;
  readonly metric: Metric;
  /** Beyond which the canary goes back. */
  readonly threshold: number;
}

const MICROSECONDS = 1000;

/** The two alarms that roll a canary back: share of failed invocations, and latency of the model. */
export class EndpointAlarms extends Construct {
  readonly errors: IAlarm;
  readonly latency: IAlarm;

  constructor(scope: Construct, id: string, { model, names }: EndpointAlarmsProps) {
    super(scope, id);
    const { errorRatePercent, latencyP99Ms } = model.serving.canary.alarms;
    const metrics = new EndpointMetrics(names.endpoint(model.name));
    this.errors = this.alarm('Errors', {
      alarmName: names.errorAlarm(model.name),
      alarmDescription: `More than ${errorRatePercent} % of invocations of ${model.name} fail. Runbook: docs/runbooks/endpoint-errors.md`,
      metric: metrics.failureRate(),
      threshold: errorRatePercent / 100,
    });
    this.latency = this.alarm('Latency', {
      alarmName: names.latencyAlarm(model.name),
      alarmDescription: `The model of ${model.name} takes longer than ${latencyP99Ms} ms (p99). Runbook: docs/runbooks/endpoint-latency.md`,
      metric: metrics.latencyP99(),
      threshold: latencyP99Ms * MICROSECONDS,
    });
  }

  private alarm(id: string, { alarmName, alarmDescription, metric, threshold }: Threshold): Alarm {
    return new Alarm(this, id, {
      alarmName,
      alarmDescription,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
