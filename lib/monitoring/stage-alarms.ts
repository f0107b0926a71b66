import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Platform } from '../../core/definition';
import type { Names } from '../../core/naming';
import { createAlarm } from '../shared/alarm-row';
import { stageAlarms } from './alarm-table';

export interface StageAlarmsProps {
  /** Sources, whose deliveries are watched. */
  readonly platform: Platform;
  /** Physical names of the stage: metrics are named by them, so that no alarm ties two stacks together. */
  readonly names: Names;
  /** Who hears of it. */
  readonly onCall: IAlarmAction;
}

/** The alarms of the stage as a whole, a row of the table each: they stand beside the topic that they call, where there is room for them. */
export class StageAlarms extends Construct {
  constructor(scope: Construct, id: string, { platform, names, onCall }: StageAlarmsProps) {
    super(scope, id);
    for (const row of stageAlarms(platform, names)) createAlarm(this, row, onCall);
  }
}
