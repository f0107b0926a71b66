import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../cloud';
import { signalsOf } from '../../signals/signals';
import { trackedMetric } from './alarms';
import type { PolicyRecord, ScalingStore, TargetRecord } from './store';

const PRINCIPAL = 'application-autoscaling.amazonaws.com';
const DEFAULT_COOLDOWN_S = 300;
const MINUTE_MS = 60_000;

interface EndpointDescription {
  readonly ProductionVariants?: readonly { readonly VariantName?: string; readonly DesiredInstanceCount?: number }[];
}

/** Scales when CloudWatch says that an alarm of a policy stands in ALARM, as far as cooldowns and limits allow. */
export class Scaler {
  private readonly watched = new Set<string>();
  private readonly busy = new Set<string>();

  constructor(
    private readonly cloud: Cloud,
    private readonly store: ScalingStore,
  ) {}

  start(): void {
    for (const { value } of this.store.policies.entries()) this.watch(value);
  }

  watch({ arn, name, ...scalable }: PolicyRecord): void {
    if (this.watched.has(arn)) return;
    this.watched.add(arn);
    signalsOf(this.cloud).subscribe(arn, () => {
      const policy = this.store.policies.get([...this.store.key(scalable), name]);
      if (policy === undefined || this.busy.has(arn)) return;
      this.busy.add(arn);
      const work = this.act(policy)
        .catch((error: unknown) => this.cloud.log('application-autoscaling', `${policy.resourceId}: ${String(error)}`))
        .finally(() => this.busy.delete(arn));
      void this.cloud.activity.track(work);
    });
  }

  private async act(policy: PolicyRecord): Promise<void> {
    const { high, low } = policy.alarms;
    const { MetricAlarms } = await this.call<{ MetricAlarms: readonly { AlarmName: string }[] }>('cloudwatch', 'DescribeAlarms', {
      AlarmNames: [high, low],
      StateValue: 'ALARM',
    });
    const raised = MetricAlarms.map(({ AlarmName }) => AlarmName);
    const direction = raised.includes(high) ? 'out' : raised.includes(low) ? 'in' : undefined;
    const target = this.store.targets.get(this.store.key(policy));
    if (direction === undefined || target === undefined || target.suspended[direction]) return;
    if (this.cooling(policy, direction)) return;
    const current = await this.capacity(policy);
    const value = await this.recentValue(policy);
    if (current === undefined || value === undefined) return;
    const wanted = this.wanted(policy, target, direction, current, value);
    if (wanted !== current) await this.scale(policy, direction, current, wanted);
  }

  /** Capacity that brings the metric back to the target; out adds at least one, in takes away at least one. */
  private wanted(policy: PolicyRecord, target: TargetRecord, direction: 'in' | 'out', current: number, value: number): number {
    const proportional = Math.ceil((current * value) / (policy.configuration.TargetValue ?? 1));
    const step = direction === 'out' ? Math.max(proportional, current + 1) : Math.min(proportional, current - 1);
    return Math.min(target.max, Math.max(target.min, step));
  }

  private cooling(policy: PolicyRecord, direction: 'in' | 'out'): boolean {
    const last = this.store.activitiesOf(policy.namespace, policy.resourceId).find(({ failed }) => !failed);
    if (last === undefined) return false;
    const { ScaleInCooldown = DEFAULT_COOLDOWN_S, ScaleOutCooldown = DEFAULT_COOLDOWN_S } = policy.configuration;
    // Scaling in waits for its own cooldown after any activity; scaling out waits only for an earlier scaling out.
    const seconds = direction === 'in' ? ScaleInCooldown : last.direction === 'out' ? ScaleOutCooldown : 0;
    return this.cloud.clock.now() < last.at + seconds * 1000;
  }

  private async capacity({ resourceId }: PolicyRecord): Promise<number | undefined> {
    const [, EndpointName, , variant] = resourceId.split('/');
    const { ProductionVariants } = await this.call<EndpointDescription>('sagemaker', 'DescribeEndpoint', { EndpointName });
    return ProductionVariants?.find(({ VariantName }) => VariantName === variant)?.DesiredInstanceCount;
  }

  private async recentValue(policy: PolicyRecord): Promise<number | undefined> {
    const { Statistic, ...metric } = trackedMetric(policy);
    const now = Math.floor(this.cloud.clock.now() / MINUTE_MS) * MINUTE_MS;
    const { Datapoints } = await this.call<{ Datapoints: readonly { Timestamp: Date; [name: string]: unknown }[] }>(
      'cloudwatch',
      'GetMetricStatistics',
      {
        ...metric,
        StartTime: new Date(now - 5 * MINUTE_MS),
        EndTime: new Date(now),
        Period: 60,
        Statistics: [Statistic],
      },
    );
    const newest = [...Datapoints].sort((a, b) => b.Timestamp.getTime() - a.Timestamp.getTime())[0];
    return newest === undefined ? undefined : Number(newest[Statistic]);
  }

  private async scale(policy: PolicyRecord, direction: 'in' | 'out', current: number, wanted: number): Promise<void> {
    const [, EndpointName = '', , VariantName = ''] = policy.resourceId.split('/');
    const DesiredWeightsAndCapacities = [{ VariantName, DesiredInstanceCount: wanted }];
    const alarm = direction === 'out' ? policy.alarms.high : policy.alarms.low;
    const { namespace, resourceId, dimension } = policy;
    const activity = {
      namespace,
      resourceId,
      dimension,
      id: randomUUID(),
      at: this.cloud.clock.now(),
      direction,
      description: `Setting desired instance count to ${wanted}.`,
      cause: `monitor alarm ${alarm} in state ALARM triggered policy ${policy.name} (from ${current} to ${wanted})`,
    };
    try {
      await this.call('sagemaker', 'UpdateEndpointWeightsAndCapacities', { EndpointName, DesiredWeightsAndCapacities });
      await this.store.record({ ...activity, failed: false });
    } catch (error) {
      await this.store.record({ ...activity, failed: true });
      throw error;
    }
  }

  private call<Output>(service: string, operation: string, input: object): Promise<Output> {
    return this.cloud.call<Output>(service, operation, input, this.cloud.asService(PRINCIPAL));
  }
}
