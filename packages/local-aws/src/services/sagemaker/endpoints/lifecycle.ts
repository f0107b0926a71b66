import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../../cloud';
import type { TagStore } from '../tags';
import type { EndpointEvents } from './events';
import type { Fleets } from './fleets';
import type { EndpointRecord, EndpointStore, Fleet } from './records';
import type { Rollouts } from './rollout';

export interface LifecycleOptions {
  readonly cloud: Cloud;
  readonly store: EndpointStore;
  readonly fleets: Fleets;
  readonly rollouts: Rollouts;
  readonly events: EndpointEvents;
  readonly tagStore: TagStore;
}

/** What happens to endpoints after the operation that asked for it has answered, and again after a restart. */
export class Lifecycle {
  private stopped = false;
  private readonly under = new Set<Promise<void>>();

  constructor(private readonly options: LifecycleOptions) {}

  create(name: string): void {
    this.inBackground(() => this.bringUp(name));
  }

  async update(record: EndpointRecord): Promise<void> {
    await this.options.events.state(record);
    await this.options.events.deployment(record);
    this.options.rollouts.run(record.name);
  }

  /** New counts and weights take hold at once: instances are simulated. */
  async resize(record: EndpointRecord): Promise<void> {
    await this.options.events.state(record);
    this.inBackground(() => this.settleSize(record.name));
  }

  delete(name: string): void {
    this.inBackground(() => this.remove(name));
  }

  /** Brings back what ran before, in the background; work that was under way goes on. */
  start(): void {
    const { store, rollouts, fleets } = this.options;
    for (const record of store.all()) {
      this.removeStrayFolders(record);
      if (record.status === 'Creating') this.create(record.name);
      else if (record.status === 'Deleting') this.delete(record.name);
      else if (record.status !== 'Failed') this.inBackground(() => fleets.launch(record.name, record.blue));
      if (record.deployment !== undefined) rollouts.run(record.name);
      else if (record.status === 'Updating') this.inBackground(() => this.settleSize(record.name));
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.options.rollouts.halt();
    await this.options.fleets.stop();
    await Promise.all(this.under);
    await this.options.rollouts.idle();
  }

  private inBackground(work: () => Promise<void>): void {
    const done = work().catch((error: unknown) => this.options.cloud.log('sagemaker', `endpoints: ${String(error)}`));
    this.under.add(done);
    void this.options.cloud.activity.track(done).then(() => this.under.delete(done));
  }

  private async bringUp(name: string): Promise<void> {
    const { store, fleets, events } = this.options;
    const record = store.endpoint(name);
    const failure = await fleets.launch(name, record.blue).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (this.stopped) return;
    if (failure === undefined) return events.state(await store.save({ ...record, status: 'InService' }));
    await fleets.terminate(name, record.blue);
    await events.state(await store.save({ ...record, status: 'Failed', failureReason: failure.slice(0, 1024) }));
  }

  private async settleSize(name: string): Promise<void> {
    const { store, events } = this.options;
    const record = store.endpoint(name);
    const settle = (fleet: Fleet): Fleet => ({
      ...fleet,
      variants: fleet.variants.map((variant) => ({
        ...variant,
        currentCount: variant.desiredCount,
        currentWeight: variant.desiredWeight,
      })),
    });
    await events.state(await store.save({ ...record, status: 'InService', blue: settle(record.blue) }));
  }

  private async remove(name: string): Promise<void> {
    const { store, fleets, tagStore, cloud } = this.options;
    const record = store.endpoint(name);
    await fleets.terminate(name, record.blue);
    fleets.forget(name);
    rmSync(join(cloud.stateDir, 'endpoints', name), { recursive: true, force: true });
    await tagStore.remove(record.arn);
    await store.remove(name);
  }

  /** Folders of fleets that ended while the server was killed. */
  private removeStrayFolders(record: EndpointRecord): void {
    const folder = join(this.options.cloud.stateDir, 'endpoints', record.name);
    if (!existsSync(folder)) return;
    const kept = [record.blue.id, record.deployment?.green.id];
    for (const id of readdirSync(folder)) if (!kept.includes(id)) rmSync(join(folder, id), { recursive: true, force: true });
  }
}
