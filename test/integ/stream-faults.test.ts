import { CreateStreamCommand, GetRecordsCommand, GetShardIteratorCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { KinesisEventStream } from '../../lambda/adapters/event-stream';
import { CloudBench } from '../local/support/cloud-bench';

let bench: CloudBench;

beforeAll(async () => {
  bench = await CloudBench.start({ startAt: Date.UTC(2030, 0, 1) });
});
afterAll(() => bench.stop());

test('of a batch that fails in part only the failed records are sent again: each one is in the stream once', async () => {
  const client = await bench.client(KinesisClient);
  await client.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
  await bench.cloud.clock.advance(60_000);
  await bench.cloud.faults.add({ kind: 'partial', service: 'kinesis', operation: 'PutRecords', partial: 0.5, count: 2 });

  const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
  await new KinesisEventStream(client, 's').put(keys.map((partitionKey) => ({ partitionKey, data: {} })));

  const shard = { StreamName: 's', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' } as const;
  const { ShardIterator } = await client.send(new GetShardIteratorCommand(shard));
  const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
  expect(Records.map(({ PartitionKey }) => PartitionKey).sort()).toEqual(keys.toSorted());
  expect(bench.cloud.faults.list()).toEqual([]);
});
