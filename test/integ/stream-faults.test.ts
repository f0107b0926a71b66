import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateStreamCommand, GetRecordsCommand, GetShardIteratorCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { Control } from '../../bin/cli/control';
import { startLocal, stopLocal } from '../../bin/cli/local-process';
import { clientOf } from '../../bin/cli/target';
import { KinesisEventStream } from '../../lambda/adapters/event-stream';

let stateDir: string;
let control: Control;
let client: KinesisClient;

beforeAll(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'stream-faults-'));
  const server = await startLocal({ stateDir, port: 0, startAt: '2030-01-01T00:00:00.000Z', python: 'python3' });
  control = new Control(server);
  client = new KinesisClient({ ...clientOf(server), maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await stopLocal(stateDir);
  rmSync(stateDir, { recursive: true, force: true });
});

test('of a batch that fails in part only the failed records are sent again: each one is in the stream once', async () => {
  await client.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
  await control.advance(60_000);
  await control.addFault({ kind: 'partial', service: 'kinesis', operation: 'PutRecords', partial: 0.5, count: 2 });

  const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
  await new KinesisEventStream(client, 's').put(keys.map((partitionKey) => ({ partitionKey, data: {} })));

  const shard = { StreamName: 's', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' } as const;
  const { ShardIterator } = await client.send(new GetShardIteratorCommand(shard));
  const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
  expect(Records.map(({ PartitionKey }) => PartitionKey).sort()).toEqual(keys.toSorted());
  expect(await control.faults()).toEqual([]);
});
