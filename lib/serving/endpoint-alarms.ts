import type { IAlarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Model } from '../../core/definition';
import type { Names } from '../../core/naming';
import { type AlarmRow, COUNTED, createAlarm } from '../shared/alarm-row';
import { EndpointMetrics } from './endpoint-metrics';

export interface EndpointAlarmsProps {
  /** Whose canary the alarms guard. */
  readonly model: Model;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Who hears of it: between two roll-outs nothing rolls back by itself. */
  readonly onCall: IAlarmAction;
}

const MICROSECONDS = 1000;

/** The two alarms that roll a canary back: share of failed invocations, and latency of the model. */
export class EndpointAlarms extends Construct {
  readonly errors: IAlarm;
  readonly latency: IAlarm;

  constructor(scope: Construct, id: string, { model, names, onCall }: EndpointAlarmsProps) {
    super(scope, id);
    const { errors, latency } = endpointRows(model, names);
    this.errors = createAlarm(this, errors, onCall);
    this.latency = createAlarm(this, latency, onCall);
  }
}

function endpointRows(model: Model, names: Names): { readonly errors: AlarmRow; readonly latency: AlarmRow } {
  const { errorRatePercent, latencyP99Ms } = model.serving.canary.alarms;
  const metrics = new EndpointMetrics(names.endpoint(model.name));
  return {
    errors: {
      ...COUNTED,
      id: 'Errors',
      alarmName: names.errorAlarm(model.name),
      meaning: `More than ${errorRatePercent} % of invocations of ${model.name} fail`,
      runbook: 'endpoint-errors',
      metric: metrics.failureRate(),
      threshold: errorRatePercent / 100,
      breaches: [1, 1],
    },
    latency: {
      ...COUNTED,
      id: 'Latency',
      alarmName: names.latencyAlarm(model.name),
      meaning: `The model of ${model.name} takes longer than ${latencyP99Ms} ms (p99)`,
      runbook: 'endpoint-latency',
      metric: metrics.latencyP99(),
      threshold: latencyP99Ms * MICROSECONDS,
      breaches: [1, 1],
    },
  };
}
