import type { Caller, Cloud } from '../../cloud';
import type { SourceRecord } from './delivery';
import type { DeliveryStreamRecord, FirehoseStore } from './store';

/** Where the records of a buffer come from: they stay there until they are in S3. */
export interface Source {
  /** The next records after those that were read, a few at a time; none at the end. */
  read(): Promise<SourceRecord[]>;
  /** Makes durable that everything up to `last` is in S3. */
  commit(last: SourceRecord): Promise<void>;
  /** Goes back to what is not in S3 yet. */
  rewind(): void;
}

interface Page {
  readonly Records: {
    readonly Data: Uint8Array;
    readonly ApproximateArrivalTimestamp: Date;
    readonly SequenceNumber: string;
  }[];
}

/** One shard of a Kinesis stream, from the moment on at which the delivery stream was made. */
export class ShardSource implements Source {
  private readonly caller: Caller;
  private readonly key: [string, string];
  private lastRead: string | undefined;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: FirehoseStore,
    private readonly stream: DeliveryStreamRecord,
    private readonly shardId: string,
  ) {
    this.caller = cloud.asRole(stream.source?.roleArn ?? '', 'firehose', 'firehose', stream.arn);
    this.key = [stream.incarnation, shardId];
  }

  async read(): Promise<SourceRecord[]> {
    const after = this.lastRead ?? this.store.positions.get(this.key);
    const position =
      after === undefined
        ? { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(this.stream.created) }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: after };
    const input = { StreamARN: this.stream.source?.streamArn, ShardId: this.shardId, ...position };
    const { ShardIterator } = await this.cloud.call<{ ShardIterator: string }>('kinesis', 'GetShardIterator', input, this.caller);
    const { Records } = await this.cloud.call<Page>('kinesis', 'GetRecords', { ShardIterator }, this.caller);
    this.lastRead = Records.at(-1)?.SequenceNumber ?? this.lastRead;
    return Records.map(({ Data, ApproximateArrivalTimestamp, SequenceNumber }) => ({
      data: Data,
      arrived: ApproximateArrivalTimestamp.getTime(),
      sequence: SequenceNumber,
    }));
  }

  commit({ sequence }: SourceRecord): Promise<void> {
    return this.store.positions.put(this.key, sequence);
  }

  rewind(): void {
    this.lastRead = undefined;
  }
}

const CHUNK = 1000;

/** What was put to the delivery stream itself. */
export class DirectSource implements Source {
  private lastRead = '';

  constructor(
    private readonly cloud: Cloud,
    private readonly store: FirehoseStore,
    private readonly incarnation: string,
  ) {}

  async read(): Promise<SourceRecord[]> {
    const range = { start: [this.incarnation, `${this.lastRead}!`], end: [this.incarnation, '\uffff'], limit: CHUNK };
    const records = [...this.store.direct.entries(range)].map(({ key, value }) => ({
      data: value.data,
      arrived: value.at,
      sequence: Array.isArray(key) ? String(key[1]) : '',
    }));
    this.lastRead = records.at(-1)?.sequence ?? this.lastRead;
    return records;
  }

  async commit({ sequence }: SourceRecord): Promise<void> {
    await this.cloud.storage.transaction(() => {
      const range = { start: [this.incarnation, ''], end: [this.incarnation, `${sequence}!`] };
      for (const { key } of [...this.store.direct.entries(range)]) void this.store.direct.remove(key);
    });
  }

  rewind(): void {
    this.lastRead = '';
  }
}
