import { randomUUID } from 'node:crypto';
import type { Timer } from '../../clock/clock';
import type { Cloud } from '../../cloud';
import type { Outcome } from '../../compute/function-spec';
import { AwsError } from '../../errors';
import { sendText } from './destinations';
import type { Invoker } from './invoker';
import type { MappingRecord } from './mapping-store';
import type { ShardCursor } from './shard-cursor';
import type { LambdaStore, VersionRecord } from './store';
import {
  type Discarded,
  failureRecord,
  firstFailure,
  fitting,
  type ShardAddress,
  type StreamRecord,
  streamEvent,
} from './stream-batch';

export interface ShardReaderParts {
  readonly cloud: Cloud;
  readonly store: LambdaStore;
  readonly invoker: Invoker;
  readonly cursor: ShardCursor;
  readonly mapping: MappingRecord;
  readonly shard: ShardAddress;
}

/** Records that go to the function together, next in turn. */
interface Batch {
  readonly records: readonly StreamRecord[];
  /** Invocations that failed. */
  readonly attempts: number;
}

const RETRY_MS = 500;
const MAX_RETRY_MS = 60_000;

/**
 * Brings the records of one shard to a function: in order, one batch at a time, at least once. It is woken by writes and waits on
 * the clock only; while it reads and delivers it counts as activity, so that a jump of the clock finds the shard drained.
 */
export class ShardReader {
  private buffer: StreamRecord[] = [];
  /** Parts of the current batch that are still to be delivered, first in turn first. */
  private turn: Batch[] = [];
  private windowEnds: number | undefined;
  private refusals = 0;
  private running = false;
  private woken = false;
  private waiting: { readonly timer: Timer; readonly wakeable: boolean } | undefined;
  private stopped = false;

  constructor(private readonly parts: ShardReaderParts) {}

  /** There may be something new. */
  wake(): void {
    this.woken = true;
    if (this.running || this.stopped || this.waiting?.wakeable === false) return;
    this.running = true;
    void this.parts.cloud.activity.track(this.run());
  }

  stop(): void {
    this.stopped = true;
    this.waiting?.timer.cancel();
  }

  private async run(): Promise<void> {
    try {
      while (this.woken && !this.stopped) {
        this.woken = false;
        while (!this.stopped && (await this.step()));
        if (this.waiting?.wakeable === false) break;
      }
    } catch (error) {
      const { cloud, mapping } = this.parts;
      cloud.log('lambda', `mapping ${mapping.uuid} of ${mapping.functionName}: ${String(error)}`);
      this.backOff();
    } finally {
      this.running = false;
    }
  }

  /** Delivers one batch; false if there is nothing to do now. */
  private async step(): Promise<boolean> {
    const batch = this.turn[0] ?? (await this.nextBatch());
    if (batch === undefined || this.stopped) return false;
    return this.deliver(batch);
  }

  private async nextBatch(): Promise<Batch | undefined> {
    const { mapping, cursor, cloud } = this.parts;
    if (this.buffer.length < mapping.batchSize) this.buffer.push(...(await cursor.read(mapping.batchSize - this.buffer.length)));
    if (this.buffer.length === 0) return undefined;
    const count = fitting(this.buffer, mapping.batchSize);
    const full = count === mapping.batchSize || count < this.buffer.length;
    // While the clock stands still (also on its way in a jump) a window would never end by itself.
    if (!full && mapping.windowSeconds > 0 && !cloud.clock.snapshot().paused) {
      this.windowEnds ??= cloud.clock.now() + mapping.windowSeconds * 1000;
      if (cloud.clock.now() < this.windowEnds) {
        this.wait(this.windowEnds, true);
        return undefined;
      }
    }
    this.windowEnds = undefined;
    const batch = { records: this.buffer.splice(0, count), attempts: 0 };
    this.turn.push(batch);
    return batch;
  }

  private async deliver(batch: Batch): Promise<boolean> {
    const { mapping, store, invoker, shard } = this.parts;
    const requestId = randomUUID();
    const version = store.version(mapping.functionName, mapping.qualifier);
    const expired = this.expired(batch.records);
    if (expired > 0) {
      await this.discard(batch.records.slice(0, expired), batch.attempts, version, 'MaximumRecordAgeExceeded', requestId);
      this.replaceTurn(expired < batch.records.length ? [{ ...batch, records: batch.records.slice(expired) }] : []);
      return true;
    }
    const payload = streamEvent(batch.records, shard, version.role);
    this.measureAge(batch.records);
    let outcome: Outcome;
    try {
      outcome = await invoker.invoke(version, mapping.qualifier, payload, { requestId });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.backOff();
      return false;
    }
    this.refusals = 0;
    if (this.stopped && outcome.functionError !== undefined) return false;
    const failed = firstFailure(batch.records, outcome, mapping.reportsItemFailures);
    const done = batch.records[failed - 1];
    if (done !== undefined) await this.parts.cursor.done(done.SequenceNumber);
    if (failed < batch.records.length) return this.afterFailure(batch, failed, outcome, version, requestId);
    this.replaceTurn([]);
    return true;
  }

  /** What comes next when the records from `failed` on were not processed: a split, another try, or their end. */
  private async afterFailure(
    batch: Batch,
    failed: number,
    outcome: Outcome,
    version: VersionRecord,
    requestId: string,
  ): Promise<boolean> {
    const { mapping } = this.parts;
    const records = batch.records.slice(failed);
    // A split does not consume the retries (AWS); where the function named the record, the batch is split there.
    if (mapping.bisect && failed > 0) {
      this.replaceTurn([{ records, attempts: 0 }]);
      return true;
    }
    if (mapping.bisect && records.length > 1) {
      const middle = Math.ceil(records.length / 2);
      this.replaceTurn([
        { records: records.slice(0, middle), attempts: 0 },
        { records: records.slice(middle), attempts: 0 },
      ]);
      return true;
    }
    const attempts = batch.attempts + 1;
    if (mapping.maximumRetryAttempts >= 0 && attempts > mapping.maximumRetryAttempts) {
      await this.discard(records, attempts, version, 'RetryAttemptsExhausted', requestId, outcome);
      this.replaceTurn([]);
      return true;
    }
    this.replaceTurn([{ records, attempts }]);
    this.wait(this.parts.cloud.clock.now() + Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** (attempts - 1)), false);
    return false;
  }

  /** Number of first records that are older than the mapping lets through. */
  private expired(records: readonly StreamRecord[]): number {
    const { mapping, cloud } = this.parts;
    if (mapping.maximumRecordAgeSeconds < 0) return 0;
    const oldest = cloud.clock.now() - mapping.maximumRecordAgeSeconds * 1000;
    const first = records.findIndex((record) => record.ApproximateArrivalTimestamp.getTime() >= oldest);
    return first < 0 ? records.length : first;
  }

  private async discard(
    records: readonly StreamRecord[],
    attempts: number,
    version: VersionRecord,
    condition: Discarded['condition'],
    requestId: string,
    outcome?: Outcome,
  ): Promise<void> {
    const { mapping, cloud, cursor, shard, store } = this.parts;
    const target = mapping.onFailure;
    if (target !== undefined) {
      const functionArn = store.arn(mapping.functionName, mapping.qualifier);
      const discarded = {
        records,
        shard,
        functionArn,
        condition,
        requestId,
        attempts,
        executedVersion: version.version,
        outcome,
      };
      const text = JSON.stringify(failureRecord(discarded, cloud.clock.now()));
      await sendText(cloud, target, text, { arn: version.role, session: version.name }).catch((error: unknown) =>
        cloud.log('lambda', `on-failure destination of mapping ${mapping.uuid}: ${String(error)}`),
      );
    }
    const last = records.at(-1);
    if (last !== undefined) await cursor.done(last.SequenceNumber);
  }

  private measureAge(records: readonly StreamRecord[]): void {
    const { invoker, cloud, mapping } = this.parts;
    const arrived = records.at(-1)?.ApproximateArrivalTimestamp.getTime() ?? cloud.clock.now();
    const FunctionName = mapping.functionName;
    invoker.metrics.add('IteratorAge', 'Milliseconds', cloud.clock.now() - arrived, { FunctionName }, FunctionName);
  }

  private replaceTurn(batches: Batch[]): void {
    this.turn.splice(0, 1, ...batches);
  }

  /** Throttles, service errors and unreadable streams: they do not count as attempts. */
  private backOff(): void {
    if (this.stopped) return;
    this.refusals += 1;
    this.wait(this.parts.cloud.clock.now() + Math.min(MAX_RETRY_MS, 1000 * 2 ** (this.refusals - 1)), false);
  }

  private wait(until: number, wakeable: boolean): void {
    this.waiting?.timer.cancel();
    const timer = this.parts.cloud.clock.at(until, () => {
      this.waiting = undefined;
      this.wake();
    });
    this.waiting = { timer, wakeable };
  }
}
