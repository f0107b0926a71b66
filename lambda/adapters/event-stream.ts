import { type KinesisClient, PutRecordsCommand, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import { sendAll } from './unprocessed';

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
    await sendAll<PutRecordsRequestEntry>({
      items: entries,
      batchSize: MAX_BATCH,
      attempts: ATTEMPTS,
      failure: (left) => `${left} of ${entries.length} records were refused by stream ${this.streamName}`,
      send: (batch) => this.refused(batch),
    });
  }

  private async refused(batch: readonly PutRecordsRequestEntry[]): Promise<PutRecordsRequestEntry[]> {
    const { Records = [] } = await this.client.send(new PutRecordsCommand({ StreamName: this.streamName, Records: [...batch] }));
    return batch.filter((_, index) => Records[index]?.ErrorCode !== undefined);
  }
}
