import type * as Sdk from '@aws-sdk/client-firehose';
import type { Cloud, Operations } from '../../cloud';
import type { DeliveryRunner } from './runner';
import { type FirehoseStore, invalidArgument } from './store';

const MAX_RECORD = 1000 * 1024;
const MAX_BATCH = 500;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** PutRecord and PutRecordBatch, for delivery streams that read no stream. */
export function writeOperations(cloud: Cloud, store: FirehoseStore, runner: DeliveryRunner): Operations {
  let count = 0;
  const put = async (name: string | undefined, records: readonly Sdk._Record[]): Promise<string[]> => {
    const stream = store.stream(name);
    if (stream.source !== undefined)
      throw invalidArgument(`This operation is not permitted on KinesisStreamAsSource delivery stream type.`);
    const large = records.find(({ Data }) => (Data?.length ?? 0) > MAX_RECORD);
    if (large !== undefined) throw invalidArgument(`A record has at most ${MAX_RECORD} bytes; given ${large.Data?.length}`);
    const at = cloud.clock.now();
    const clock = String(Math.floor(at)).padStart(15, '0');
    const ids = records.map(() => {
      count += 1;
      return `${clock}-${process.hrtime.bigint().toString().padStart(20, '0')}-${String(count).padStart(10, '0')}`;
    });
    await cloud.storage.transaction(() => {
      for (const [index, { Data }] of records.entries())
        void store.direct.put([stream.incarnation, ids[index] ?? ''], { data: Data ?? Buffer.alloc(0), at });
    });
    runner.wake(stream.name);
    return ids;
  };
  return {
    PutRecord: async (input: Sdk.PutRecordCommandInput) => {
      const [RecordId] = await put(input.DeliveryStreamName, input.Record === undefined ? [] : [input.Record]);
      return { RecordId, Encrypted: false };
    },
    PutRecordBatch: async (input: Sdk.PutRecordBatchCommandInput) => {
      const records = input.Records ?? [];
      const bytes = records.reduce((sum, { Data }) => sum + (Data?.length ?? 0), 0);
      if (records.length < 1 || records.length > MAX_BATCH || bytes > MAX_BATCH_BYTES)
        throw invalidArgument(
          `A batch has 1 to ${MAX_BATCH} records and ${MAX_BATCH_BYTES} bytes; given ${records.length} records, ${bytes} bytes`,
        );
      const ids = await put(input.DeliveryStreamName, records);
      return { FailedPutCount: 0, Encrypted: false, RequestResponses: ids.map((RecordId) => ({ RecordId })) };
    },
  };
}
