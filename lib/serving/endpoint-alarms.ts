import type { IAlarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Model } from '../../core/definition';
import type { Names } from '../../core/naming';
import { createAlarm } from '../monitoring/alarm-row';
import { endpointAlarms } from '../monitoring/alarm-table';

export interface EndpointAlarmsProps {
  /** Whose canary the alarms guard. */
  readonly model: Model;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Who hears of it: between two roll-outs nothing rolls back by itself. */
  readonly onCall: IAlarmAction;
}

/** The two alarms that roll a canary back: share of failed invocations, and latency of the model. */
export class EndpointAlarms extends Construct {
  readonly errors: IAlarm;
  readonly latency: IAlarm;

  constructor(scope: Construct, id: string, { model, names, onCall }: EndpointAlarmsProps) {
    super(scope, id);
    const { errors, latency } = endpointAlarms(model, names);
    this.errors = createAlarm(this, errors, onCall);
    this.latency = createAlarm(this, latency, onCall);
  }
}
