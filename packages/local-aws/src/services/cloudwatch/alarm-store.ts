import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type { Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface StateRecord {
  readonly value: AlarmState;
  readonly reason: string;
  readonly reasonData?: string;
  /** When the reason was last written. */
  readonly updated: number;
  /** When the value last changed. */
  readonly transitioned: number;
}

export interface AlarmRecord {
  readonly name: string;
  readonly arn: string;
  readonly config: PutMetricAlarmCommandInput;
  readonly configured: number;
  readonly actionsEnabled: boolean;
  readonly state: StateRecord;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

export interface HistoryRecord {
  readonly alarm: string;
  readonly at: number;
  readonly type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action';
  readonly summary: string;
  readonly data: string;
}

const HISTORY_MS = 30 * 86_400_000;

/** Alarms with their states, and what happened to them in the last 30 days. */
export class AlarmStore {
  private readonly alarms: Table<AlarmRecord>;
  private readonly history: Table<HistoryRecord>;
  private sequence = 0;

  constructor(private readonly cloud: Cloud) {
    this.alarms = cloud.storage.table('cloudwatch/alarms');
    this.history = cloud.storage.table('cloudwatch/history');
  }

  arn(name: string): string {
    return `arn:aws:cloudwatch:${this.cloud.region}:${this.cloud.account}:alarm:${name}`;
  }

  get(name: string): AlarmRecord | undefined {
    return this.alarms.get(name);
  }

  find(name: string | undefined): AlarmRecord {
    const record = this.alarms.get(name ?? '');
    if (record === undefined) throw new AwsError('ResourceNotFound', '');
    return record;
  }

  all(prefix = ''): AlarmRecord[] {
    return [...this.alarms.entries({ start: prefix, end: `${prefix}\uffff` })].map(({ value }) => value);
  }

  put(record: AlarmRecord): Promise<void> {
    return this.alarms.put(record.name, record);
  }

  remove(name: string): Promise<void> {
    return this.alarms.remove(name);
  }

  note(alarm: string, type: HistoryRecord['type'], summary: string, data: object): void {
    const at = this.cloud.clock.now();
    this.sequence += 1;
    void this.history.put([alarm, at, `${process.hrtime.bigint()}-${this.sequence}`], {
      alarm,
      at,
      type,
      summary,
      data: JSON.stringify(data),
    });
    for (const { key } of [...this.history.entries({ start: [alarm, 0], end: [alarm, at - HISTORY_MS] })])
      void this.history.remove(key);
  }

  historyOf(alarm: string | undefined, start: number, end: number): HistoryRecord[] {
    const found =
      alarm === undefined ? this.history.entries() : this.history.entries({ start: [alarm, start], end: [alarm, end + 1] });
    return [...found].map(({ value }) => value).filter(({ at }) => at >= start && at <= end);
  }
}
