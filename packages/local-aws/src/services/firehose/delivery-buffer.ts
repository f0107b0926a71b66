import type { Timer } from '../../clock/clock';
import type { Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { Delivery, SourceRecord } from './delivery';
import { bufferLimits } from './destination';
import type { Source } from './sources';

/** Writes to a source after which it is looked whether the buffer is full; the records wait in the source until then. */
const LOOK_AFTER = 256;
const RETRY_MS = 60_000;

/** The buffer of one source: written to S3 when it is full, or when its interval on the clock ends. */
export class DeliveryBuffer {
  private records: SourceRecord[] = [];
  private bytes = 0;
  private timer: Timer | undefined;
  private unseen = 0;
  private turn: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly source: Source,
    private readonly delivery: () => Delivery,
  ) {}

  /** There may be something new. */
  wake(): void {
    if (this.stopped) return;
    this.unseen += 1;
    const { ms } = bufferLimits(this.delivery().stream.destination);
    this.timer ??= this.cloud.clock.after(ms, () => {
      this.timer = undefined;
      return this.inTurn(() => this.drain(true));
    });
    if (this.unseen % LOOK_AFTER === 0) void this.cloud.activity.track(this.inTurn(() => this.drain(false)));
  }

  /** Ends without writing: what is not in S3 is read again at the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    await this.turn;
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(work).catch((error: unknown) => this.failed(error));
    return this.turn;
  }

  /** Reads to the end of the source and writes what is full, or `all`. */
  private async drain(all: boolean): Promise<void> {
    const { bytes: limit } = bufferLimits(this.delivery().stream.destination);
    for (let page = await this.source.read(); page.length > 0 && !this.stopped; page = await this.source.read()) {
      for (const record of page) {
        if (this.records.length > 0 && this.bytes + record.data.length > limit) await this.write();
        this.records.push(record);
        this.bytes += record.data.length;
      }
    }
    if (all && !this.stopped) await this.write();
  }

  private async write(): Promise<void> {
    const last = this.records.at(-1);
    if (last === undefined) return;
    await this.delivery().write(this.records);
    await this.source.commit(last);
    this.records = [];
    this.bytes = 0;
  }

  /** Firehose tries again for long; here until it succeeds. */
  private async failed(error: unknown): Promise<void> {
    this.records = [];
    this.bytes = 0;
    this.source.rewind();
    if (this.stopped) return;
    const code = error instanceof AwsError ? error.code : 'InternalError';
    await this.delivery().report(code, error instanceof Error ? error.message : String(error));
    this.timer?.cancel();
    this.timer = this.cloud.clock.after(RETRY_MS, () => {
      this.timer = undefined;
      return this.inTurn(() => this.drain(true));
    });
  }
}
