import type { TargetTrackingScalingPolicyConfiguration } from '@aws-sdk/client-application-auto-scaling';
import type { Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';

/** What is scaled: `endpoint/<name>/variant/<variant>` and its dimension. */
export interface Scalable {
  readonly namespace: string;
  readonly resourceId: string;
  readonly dimension: string;
}

export interface TargetRecord extends Scalable {
  readonly arn: string;
  readonly min: number;
  readonly max: number;
  readonly role: string;
  readonly created: number;
  readonly suspended: { readonly in: boolean; readonly out: boolean };
}

export interface PolicyRecord extends Scalable {
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  readonly configuration: TargetTrackingScalingPolicyConfiguration;
  readonly alarms: { readonly high: string; readonly low: string };
}

export interface ActivityRecord extends Scalable {
  readonly id: string;
  readonly at: number;
  readonly direction: 'in' | 'out';
  readonly description: string;
  readonly cause: string;
  readonly failed: boolean;
}

/** Scalable targets, their policies, and what scaling was done. */
export class ScalingStore {
  readonly targets: Table<TargetRecord>;
  readonly policies: Table<PolicyRecord>;
  private readonly activities: Table<ActivityRecord>;

  constructor(cloud: Cloud) {
    this.targets = cloud.storage.table('application-autoscaling/targets');
    this.policies = cloud.storage.table('application-autoscaling/policies');
    this.activities = cloud.storage.table('application-autoscaling/activities');
  }

  key({ namespace, resourceId, dimension }: Scalable): string[] {
    return [namespace, resourceId, dimension];
  }

  target(scalable: Scalable): TargetRecord {
    const found = this.targets.get(this.key(scalable));
    if (found === undefined) {
      const { namespace, resourceId, dimension } = scalable;
      throw new AwsError(
        'ObjectNotFoundException',
        `No scalable target registered for service namespace: ${namespace}, resource ID: ${resourceId}, scalable dimension: ${dimension}`,
      );
    }
    return found;
  }

  policiesOf(scalable: Scalable): PolicyRecord[] {
    return [...this.policies.under(this.key(scalable))].map(({ value }) => value);
  }

  async record(activity: ActivityRecord): Promise<void> {
    await this.activities.put([...this.key(activity), activity.at, activity.id], activity);
  }

  /** Newest first. */
  activitiesOf(namespace: string, resourceId: string | undefined): ActivityRecord[] {
    const prefix = resourceId === undefined ? [namespace] : [namespace, resourceId];
    return [...this.activities.under(prefix)].map(({ value }) => value).reverse();
  }
}
