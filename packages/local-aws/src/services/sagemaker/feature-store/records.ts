import { randomBytes } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Cloud } from '../../../cloud';
import { arnOf, nameIn, resourceNotFound } from '../names';

export interface Feature {
  readonly name: string;
  readonly type: 'Integral' | 'Fractional' | 'String';
}

export interface OfflineConfig {
  readonly s3Uri: string;
  readonly kmsKeyId?: string;
  readonly database: string;
  readonly table: string;
}

export interface GroupRecord {
  readonly name: string;
  readonly arn: string;
  /** Key of its rows in the stores; another one for another group of the same name. */
  readonly key: string;
  readonly identifier: string;
  readonly eventTime: string;
  readonly features: readonly Feature[];
  readonly online: boolean;
  readonly onlineConfig?: Sdk.OnlineStoreConfig;
  readonly offline?: OfflineConfig;
  readonly roleArn?: string;
  readonly description?: string;
  readonly created: number;
  readonly modified: number;
  readonly status: Sdk.FeatureGroupStatus;
  readonly failureReason?: string;
  readonly lastUpdate?: { readonly status: Sdk.LastUpdateStatusValue; readonly reason?: string };
  readonly blocked?: string;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { Seconds: 1, Minutes: 60, Hours: 3600, Days: 86_400, Weeks: 604_800 };

/** Milliseconds of a time to live; undefined if there is none. */
export function ttlMs(
  ttl: { readonly Unit?: string | undefined; readonly Value?: number | undefined } | undefined,
): number | undefined {
  const seconds = UNIT_SECONDS[ttl?.Unit ?? ''];
  return seconds === undefined || ttl?.Value === undefined ? undefined : seconds * ttl.Value * 1000;
}

/** A group with what reading and writing a record needs at once. */
export interface LiveGroup {
  readonly record: GroupRecord;
  /** Position of each feature in stored rows; definitions are only ever added to. */
  readonly positions: ReadonlyMap<string, number>;
  readonly identifierAt: number;
  readonly eventTimeAt: number;
  readonly eventTimeType: 'String' | 'Fractional';
  readonly ttl: number | undefined;
}

function live(record: GroupRecord): LiveGroup {
  const positions = new Map(record.features.map(({ name }, index) => [name, index]));
  const eventTimeAt = positions.get(record.eventTime) ?? 0;
  return {
    record,
    positions,
    identifierAt: positions.get(record.identifier) ?? 0,
    eventTimeAt,
    eventTimeType: record.features[eventTimeAt]?.type === 'Fractional' ? 'Fractional' : 'String',
    ttl: ttlMs(record.onlineConfig?.TtlDuration),
  };
}

/** Feature groups, also held in memory for the way of a record. */
export class GroupStore {
  private readonly table;
  private readonly groups = new Map<string, LiveGroup>();

  constructor(private readonly cloud: Cloud) {
    this.table = cloud.storage.table<GroupRecord>('sagemaker/feature-groups');
    for (const { value } of this.table.entries()) this.groups.set(value.name, live(value));
  }

  arn(name: string): string {
    return arnOf(this.cloud, `feature-group/${name}`);
  }

  newKey(): string {
    return randomBytes(6).toString('hex');
  }

  /** By name or ARN. */
  live(reference: string | undefined): LiveGroup | undefined {
    return this.groups.get(nameIn('feature-group', reference ?? ''));
  }

  group(reference: string | undefined): GroupRecord {
    const found = this.live(reference);
    if (found === undefined) throw resourceNotFound(notFoundText(reference));
    return found.record;
  }

  all(): readonly GroupRecord[] {
    return [...this.groups.values()].map(({ record }) => record);
  }

  async save(record: GroupRecord): Promise<GroupRecord> {
    const next = { ...record, modified: this.cloud.clock.now() };
    this.groups.set(next.name, live(next));
    await this.table.put(next.name, next);
    return next;
  }

  async remove(name: string): Promise<void> {
    this.groups.delete(name);
    await this.table.remove(name);
  }
}

export function notFoundText(reference: string | undefined): string {
  return `Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name ${nameIn('feature-group', reference ?? '')}`;
}

/** Root of a group's offline store. */
export function offlineRoot(cloud: Pick<Cloud, 'account' | 'region'>, { name, offline, created }: GroupRecord): string {
  const base = (offline?.s3Uri ?? '').replace(/\/+$/, '');
  return `${base}/${cloud.account}/sagemaker/${cloud.region}/offline-store/${name}-${Math.floor(created / 1000)}`;
}
