import { type KinesisClient, PutRecordsCommand, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';

/** One record for a stream. */
export interface StreamRecord {
  readonly partitionKey: string;
  readonly data: object;
}

export interface EventStream {
  /** Puts all records, in order per key; rejects when some could not be put after retries. */
  put(records: readonly StreamRecord[]): Promise<void>;
}

const MAX_BATCH = 500;
const ATTEMPTS = 4;
const FIRST_WAIT_MS = 50;

/** A Kinesis stream; entries that fail inside a successful answer are sent again, and only those. */
export class KinesisEventStream implements EventStream {
  constructor(
    private readonly client: KinesisClient,
    private readonly streamName: string,
  ) {}

  async put(records: readonly StreamRecord[]): Promise<void> {
    const entries = records.map(({ partitionKey, data }) => ({
      PartitionKey: partitionKey,
      Data: Buffer.from(JSON.stringify(data)),
    }));
    for (let start = 0; start < entries.length; start += MAX_BATCH) await this.putBatch(entries.slice(start, start + MAX_BATCH));
  }

  private async putBatch(entries: PutRecordsRequestEntry[]): Promise<void> {
    let waiting = entries;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * FIRST_WAIT_MS * 2 ** attempt));
      const { Records = [] } = await this.client.send(new PutRecordsCommand({ StreamName: this.streamName, Records: waiting }));
      waiting = waiting.filter((_, index) => Records[index]?.ErrorCode !== undefined);
      if (waiting.length === 0) return;
    }
    throw new Error(`${waiting.length} of ${entries.length} records were refused by stream ${this.streamName}`);
  }
}
