import type { FlexibleTimeWindow, Target } from '@aws-sdk/client-scheduler';
import type { Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';

export interface ScheduleRecord {
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly created: number;
  readonly modified: number;
  readonly expression: string;
  readonly timezone: string;
  readonly description?: string;
  readonly start?: number;
  readonly end?: number;
  readonly enabled: boolean;
  readonly deleteAfterCompletion: boolean;
  readonly kmsKeyArn?: string;
  readonly flexibleTimeWindow: FlexibleTimeWindow;
  readonly target: Target;
}

export interface GroupRecord {
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

export const DEFAULT_GROUP = 'default';

/** Schedules and their groups. */
export class ScheduleStore {
  private readonly schedules: Table<ScheduleRecord>;
  readonly groups: Table<GroupRecord>;

  constructor(private readonly cloud: Cloud) {
    this.schedules = cloud.storage.table('scheduler/schedules');
    this.groups = cloud.storage.table('scheduler/groups');
  }

  arn(group: string, name: string): string {
    return `arn:aws:scheduler:${this.cloud.region}:${this.cloud.account}:schedule/${group}/${name}`;
  }

  groupArn(group: string): string {
    return `arn:aws:scheduler:${this.cloud.region}:${this.cloud.account}:schedule-group/${group}`;
  }

  group(name = DEFAULT_GROUP): GroupRecord {
    const known = this.groups.get(name);
    if (known !== undefined) return known;
    if (name === DEFAULT_GROUP) return { name, arn: this.groupArn(name), created: 0, tags: [] };
    throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, { status: 404 });
  }

  get(group: string, name: string): ScheduleRecord | undefined {
    return this.schedules.get([group, name]);
  }

  find(name: string | undefined, group = DEFAULT_GROUP): ScheduleRecord {
    const record = this.get(group, name ?? '');
    if (record === undefined)
      throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, { status: 404 });
    return record;
  }

  inGroup(group?: string): ScheduleRecord[] {
    const found = group === undefined ? this.schedules.entries() : this.schedules.under([group]);
    return [...found].map(({ value }) => value);
  }

  put(record: ScheduleRecord): Promise<void> {
    return this.schedules.put([record.group, record.name], record);
  }

  remove(record: ScheduleRecord): Promise<void> {
    return this.schedules.remove([record.group, record.name]);
  }
}
