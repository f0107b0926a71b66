import type * as Sdk from '@aws-sdk/client-s3';
import type { Timer } from '../../clock/clock';
import type { Cloud } from '../../cloud';
import { type LifecycleRule, rulesOf } from './lifecycle-rules';
import type { BucketRecord, S3Store } from './store';

const DAY_MS = 86_400_000;

/** What rules do to a bucket, as clients would do it. */
export interface LifecycleActions {
  /** Without a version: a marker in a bucket with versions, gone in one without. */
  deleteObject(bucket: string, key: string, versionId?: string): Promise<unknown>;
  abortUpload(id: string): Promise<unknown>;
}

interface Due {
  readonly at: number;
  act(): Promise<unknown>;
}

/** S3 counts days from the midnight (UTC) that follows. */
function midnightAfter(epochMs: number, days: number): number {
  return Math.ceil((epochMs + days * DAY_MS) / DAY_MS) * DAY_MS;
}

/**
 * Carries out the rules of buckets at the midnights of the clock at which something is due. What comes into being after a look cannot be due
 * before the shortest time of the rules has passed, so that most midnights cost nothing.
 */
export class Lifecycle {
  private timer: Timer | undefined;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: S3Store,
    private readonly actions: LifecycleActions,
  ) {}

  /** Looks for what is due next; to be called at the start and when the rules of a bucket have changed. */
  arm(): void {
    this.timer?.cancel();
    this.timer = undefined;
    const next = Math.min(...this.buckets().map(({ bucket, rules }) => this.nextOf(bucket, rules)));
    if (Number.isFinite(next)) this.timer = this.cloud.clock.at(next, () => this.sweep());
  }

  stop(): void {
    this.timer?.cancel();
  }

  private buckets(): { bucket: BucketRecord; rules: readonly LifecycleRule[] }[] {
    return [...this.store.buckets.entries()]
      .map(({ value }) => ({
        bucket: value,
        rules: rulesOf(value.settings.LifecycleConfiguration as Sdk.BucketLifecycleConfiguration | undefined),
      }))
      .filter(({ rules }) => rules.length > 0);
  }

  private nextOf(bucket: BucketRecord, rules: readonly LifecycleRule[]): number {
    const days = rules.flatMap(({ expireDays, noncurrentDays, abortDays }) => [expireDays, noncurrentDays, abortDays]);
    let next = midnightAfter(this.cloud.clock.now(), Math.min(...days.filter((count) => count !== undefined)));
    for (const { at } of this.candidates(bucket, rules)) next = Math.min(next, at);
    return next;
  }

  private async sweep(): Promise<void> {
    const now = this.cloud.clock.now();
    for (const { bucket, rules } of this.buckets()) {
      const due = [...this.candidates(bucket, rules)].filter(({ at }) => at <= now);
      for (const { act } of due) await act();
    }
    this.arm();
  }

  private *candidates(bucket: BucketRecord, rules: readonly LifecycleRule[]): Generator<Due> {
    for (const { prefix, expireDays, noncurrentDays, abortDays } of rules) {
      if (expireDays !== undefined) yield* this.current(bucket.name, prefix, expireDays);
      if (noncurrentDays !== undefined) yield* this.noncurrent(bucket.name, prefix, noncurrentDays);
      if (abortDays !== undefined) yield* this.uploads(bucket.name, prefix, abortDays);
    }
  }

  /** Current objects; a marker that hides nothing any more goes too. */
  private *current(bucket: string, prefix: string, days: number): Generator<Due> {
    for (const { value } of this.store.objects.under([bucket])) {
      const { key, versionId, modified } = value;
      if (!key.startsWith(prefix)) continue;
      const hides = value.deleted === true && [...this.store.versions.under([bucket, key], { limit: 1 })].length > 0;
      if (hides) continue;
      const version = value.deleted === true ? versionId : undefined;
      yield { at: midnightAfter(modified, days), act: () => this.actions.deleteObject(bucket, key, version) };
    }
  }

  private *noncurrent(bucket: string, prefix: string, days: number): Generator<Due> {
    for (const { key: place, value } of this.store.versions.under([bucket])) {
      const { key, versionId } = value;
      if (!key.startsWith(prefix)) continue;
      // The sequence of a version begins with the instant at which another one took its place.
      const since = Number(String((place as readonly unknown[])[2]).slice(0, 15));
      yield { at: midnightAfter(since, days), act: () => this.actions.deleteObject(bucket, key, versionId) };
    }
  }

  private *uploads(bucket: string, prefix: string, days: number): Generator<Due> {
    for (const { key: id, value } of this.store.uploads.entries()) {
      if (value.bucket !== bucket || !value.key.startsWith(prefix) || value.started === undefined) continue;
      yield { at: midnightAfter(value.started, days), act: () => this.actions.abortUpload(String(id)) };
    }
  }
}
