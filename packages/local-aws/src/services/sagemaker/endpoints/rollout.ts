import type { Timer } from '../../../clock/clock';
import type { Cloud } from '../../../cloud';
import { RollbackAlarms } from './alarms';
import { deploymentSteps, type Step } from './deployment-plan';
import type { EndpointEvents } from './events';
import { type Fleets, instancesOf } from './fleets';
import type { Deployment, EndpointRecord, EndpointStore } from './records';

/** How often the alarms are read while traffic is watched; alarms that tell of their change are read at once. */
const WATCH_MS = 15_000;

interface Watch {
  readonly timer: Timer;
  readonly unsubscribe: () => void;
}

type Deploying = EndpointRecord & { readonly deployment: Deployment };

function deadlineOf({ config, started }: Deployment): number {
  const limit = config?.BlueGreenUpdatePolicy?.MaximumExecutionTimeoutInSeconds;
  return limit === undefined ? Number.POSITIVE_INFINITY : started + limit * 1000;
}

function stepsOf({ config, green }: Deployment): readonly Step[] {
  return deploymentSteps(config, instancesOf(green));
}

/**
 * Blue/green updates: launch the green fleet, give it traffic step by step, watch the alarms in each, then end the blue fleet; any
 * trouble gives all traffic back to blue, which stays what the endpoint serves until the last step is over. Where a deployment stands
 * is stored, so it goes on after a restart with the time that has passed.
 */
export class Rollouts {
  private readonly watches = new Map<string, Watch>();
  private readonly queues = new Map<string, Promise<void>>();
  private stopped = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: EndpointStore,
    private readonly fleets: Fleets,
    private readonly events: EndpointEvents,
  ) {}

  /** Brings the green fleet of a stored deployment up, and goes on from where it stands. */
  run(name: string): void {
    this.enqueue(name, () => this.launch(name));
  }

  /** From now on nothing changes any more; what is under way is left for the next start. */
  halt(): void {
    this.stopped = true;
    for (const name of [...this.watches.keys()]) this.endWatch(name);
  }

  async idle(): Promise<void> {
    await Promise.all(this.queues.values());
  }

  /** One thing at a time per endpoint; each is active work that never waits for the clock. */
  private enqueue(name: string, work: () => Promise<void>): Promise<void> {
    const done = (this.queues.get(name) ?? Promise.resolve())
      .then(work)
      .catch((error: unknown) => this.cloud.log('sagemaker', `deployment of ${name}: ${String(error)}`));
    this.queues.set(name, done);
    return this.cloud.activity.track(done);
  }

  private current(name: string): Deploying | undefined {
    const record = this.stopped ? undefined : this.store.find(name);
    return record?.deployment === undefined ? undefined : (record as Deploying);
  }

  private async launch(name: string): Promise<void> {
    const record = this.current(name);
    if (record === undefined) return;
    const { deployment } = record;
    const raised = deployment.phase === 'launching' ? await this.alarms(deployment).trouble() : undefined;
    if (raised !== undefined) return this.rollBack(record, `at the start of the deployment, ${raised}`);
    try {
      await this.fleets.launch(name, deployment.green);
    } catch (error) {
      if (!this.stopped) await this.rollBack(record, error instanceof Error ? error.message : String(error));
      return;
    }
    await (deployment.phase === 'launching' ? this.enter(record, 0) : this.proceed(name));
  }

  private async enter(record: Deploying, index: number): Promise<void> {
    const { deployment } = record;
    const steps = stepsOf(deployment);
    const step = steps[index];
    if (step === undefined) return this.finish(record);
    const now = this.cloud.clock.now();
    const total = instancesOf(deployment.green);
    const capacity = index === steps.length - 1 ? `full capacity of ${total}` : `canary capacity of ${step.instances}`;
    const traffic = {
      status: 'ActivatingTraffic',
      message: `Activating traffic on ${capacity} instance(s).`,
      since: now,
    } as const;
    const baking = {
      status: 'Baking',
      message: `Baking for ${step.bakeSeconds} seconds (${step.setBy}) with traffic enabled on ${capacity} instance(s).`,
      since: now,
    } as const;
    const stages = step.bakeSeconds === 0 ? [traffic] : [traffic, baking];
    const next = { ...deployment, phase: 'baking', step: index, stepStarted: now, stages } as const;
    await this.events.deployment(await this.store.save({ ...record, deployment: next }));
    await this.proceed(record.name);
  }

  /** Looks whether the deployment may go on, and goes on if its time has come. */
  private async proceed(name: string): Promise<void> {
    const record = this.current(name);
    if (record === undefined || record.deployment.phase !== 'baking') return;
    const { deployment } = record;
    const trouble = await this.alarms(deployment).trouble();
    if (trouble !== undefined) return this.rollBack(record, trouble);
    const now = this.cloud.clock.now();
    const deadline = deadlineOf(deployment);
    if (now >= deadline) return this.rollBack(record, 'the deployment exceeded MaximumExecutionTimeoutInSeconds');
    const end = deployment.stepStarted + (stepsOf(deployment)[deployment.step]?.bakeSeconds ?? 0) * 1000;
    if (now >= end) return this.enter(record, deployment.step + 1);
    this.watch(name, deployment, Math.min(now + WATCH_MS, end, deadline));
  }

  private watch(name: string, deployment: Deployment, at: number): void {
    this.endWatch(name);
    const check = (): Promise<void> => this.enqueue(name, () => this.proceed(name));
    this.watches.set(name, {
      timer: this.cloud.clock.at(at, check),
      unsubscribe: this.alarms(deployment).watch(() => void check()),
    });
  }

  private endWatch(name: string): void {
    const watch = this.watches.get(name);
    watch?.timer.cancel();
    watch?.unsubscribe();
    this.watches.delete(name);
  }

  private alarms({ config, green }: Deployment): RollbackAlarms {
    const names = (config?.AutoRollbackConfiguration?.Alarms ?? []).flatMap(({ AlarmName }) => AlarmName ?? []);
    return new RollbackAlarms(this.cloud, names, green.variants[0]?.container.roleArn ?? '');
  }

  private async finish({ deployment, failureReason: _, ...record }: Deploying): Promise<void> {
    await this.settle({ ...record, blue: deployment.green }, deployment, record.blue);
  }

  private async rollBack({ deployment, ...record }: Deploying, reason: string): Promise<void> {
    this.cloud.log('sagemaker', `update of ${record.name} to ${deployment.green.configName} is rolled back: ${reason}`);
    const failureReason = `The update to endpoint configuration ${deployment.green.configName} was rolled back: ${reason}`;
    await this.settle({ ...record, failureReason: failureReason.slice(0, 1024) }, deployment, deployment.green);
  }

  private async settle(record: EndpointRecord, { config }: Deployment, ending: Deployment['green']): Promise<void> {
    this.endWatch(record.name);
    const last = config === undefined ? {} : { lastDeploymentConfig: config };
    const settled = await this.store.save({ ...record, ...last, status: 'InService' });
    await this.fleets.terminate(record.name, ending);
    await this.events.deployment(settled);
    await this.events.state(settled);
  }
}
