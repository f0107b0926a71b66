import type { Timer } from '../../../clock/clock';
import type { Cloud } from '../../../cloud';
import { publish } from '../events';
import type { TagStore } from '../tags';
import type { OfflineCatalog } from './catalog';
import { describeGroup } from './describe';
import type { OfflineStore } from './offline';
import type { OnlineStore } from './online';
import type { GroupRecord, GroupStore } from './records';

const SWEEP_MS = 24 * 3_600_000;

export interface GroupLifecycleOptions {
  readonly cloud: Cloud;
  readonly store: GroupStore;
  readonly online: OnlineStore;
  readonly offline: OfflineStore;
  readonly catalog: OfflineCatalog;
  readonly tagStore: TagStore;
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** What happens to feature groups after the operation that asked for it has answered, and again after a restart. */
export class GroupLifecycle {
  private readonly under = new Set<Promise<void>>();
  private sweeper: Timer | undefined;

  constructor(private readonly options: GroupLifecycleOptions) {}

  create(name: string): void {
    this.inBackground(() => this.bringUp(name));
  }

  update(name: string): void {
    this.inBackground(() => this.addColumns(name));
  }

  delete(name: string): void {
    this.inBackground(() => this.remove(name));
  }

  start(): void {
    for (const { name, status, lastUpdate } of this.options.store.all()) {
      if (status === 'Creating') this.create(name);
      else if (status === 'Deleting') this.delete(name);
      else if (lastUpdate?.status === 'InProgress') this.update(name);
    }
    this.options.offline.start();
    this.armSweep();
  }

  async stop(): Promise<void> {
    this.sweeper?.cancel();
    await Promise.all(this.under);
    await this.options.offline.stop();
  }

  private inBackground(work: () => Promise<void>): void {
    const done = work().catch((error: unknown) => this.options.cloud.log('sagemaker', `feature groups: ${textOf(error)}`));
    this.under.add(done);
    void this.options.cloud.activity.track(done).then(() => this.under.delete(done));
  }

  private async bringUp(name: string): Promise<void> {
    const { store, catalog } = this.options;
    const record = store.group(name);
    const failure = await catalog.create(record).then(() => undefined, textOf);
    const outcome =
      failure === undefined ? { status: 'Created' } : { status: 'CreateFailed', failureReason: failure.slice(0, 1024) };
    await this.tell(await store.save({ ...record, ...outcome } as GroupRecord));
  }

  private async addColumns(name: string): Promise<void> {
    const { store, catalog } = this.options;
    const failure = await catalog.addColumns(store.group(name)).then(() => undefined, textOf);
    const lastUpdate = failure === undefined ? { status: 'Successful' } : { status: 'Failed', reason: failure.slice(0, 1024) };
    await this.tell(await store.save({ ...store.group(name), lastUpdate } as GroupRecord));
  }

  /** S3 objects and the Glue table outlive the group. */
  private async remove(name: string): Promise<void> {
    const { store, online, offline, tagStore } = this.options;
    const record = store.group(name);
    await offline.flush(name);
    await offline.forget(record);
    await online.sweep(record.key, () => true);
    await tagStore.remove(record.arn);
    await store.remove(name);
  }

  /** Expired records are not seen any more from their instant on; their room is given back once a day. */
  private armSweep(): void {
    const { cloud, store, online } = this.options;
    this.sweeper = cloud.clock.after(SWEEP_MS, async () => {
      const now = cloud.clock.now();
      for (const { key } of store.all()) await online.sweep(key, ({ expires }) => expires !== null && expires <= now);
      this.armSweep();
    });
  }

  private tell(record: GroupRecord): Promise<void> {
    return publish(
      this.options.cloud,
      'SageMaker Feature Group State Change',
      [record.arn],
      describeGroup(this.options.cloud, record),
    );
  }
}
