import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IAlarm, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Model } from '../../core/definition';
import { VARIANT } from '../../core/naming';
import type { PlatformStage } from '../shared/platform-stage';

export interface EndpointAlarmsProps extends PlatformStage {
  readonly model: Model;
}

const PERIOD = Duration.minutes(1);
const MICROSECONDS = 1000;

/** The two alarms that roll a canary back: share of failed invocations, and latency of the model. */
export class EndpointAlarms extends Construct {
  readonly errors: IAlarm;
  readonly latency: IAlarm;
  private readonly dimensionsMap: Record<string, string>;

  constructor(scope: Construct, id: string, props: EndpointAlarmsProps) {
    super(scope, id);
    const { model, names } = props;
    const { errorRatePercent, latencyP99Ms } = model.serving.canary.alarms;
    this.dimensionsMap = { EndpointName: names.endpoint(model.name), VariantName: VARIANT };
    this.errors = this.alarm('Errors', {
      alarmName: names.errorAlarm(model.name),
      alarmDescription: `More than ${errorRatePercent} % of invocations of ${model.name} fail. Runbook: docs/runbooks/endpoint-errors.md`,
      metric: this.metric('Invocation5XXErrors', Stats.AVERAGE),
      threshold: errorRatePercent / 100,
    });
    this.latency = this.alarm('Latency', {
      alarmName: names.latencyAlarm(model.name),
      alarmDescription: `The model of ${model.name} takes longer than ${latencyP99Ms} ms (p99). Runbook: docs/runbooks/endpoint-latency.md`,
      metric: this.metric('ModelLatency', Stats.percentile(99)),
      threshold: latencyP99Ms * MICROSECONDS,
    });
  }

  /** A metric of the endpoint's variant; latencies are in microseconds. */
  metric(metricName: string, statistic: string): Metric {
    return new Metric({ namespace: 'AWS/SageMaker', metricName, statistic, period: PERIOD, dimensionsMap: this.dimensionsMap });
  }

  private alarm(id: string, props: { alarmName: string; alarmDescription: string; metric: Metric; threshold: number }): Alarm {
    return new Alarm(this, id, {
      ...props,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
