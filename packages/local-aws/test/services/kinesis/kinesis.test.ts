import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  StartStreamEncryptionCommand,
} from '@aws-sdk/client-kinesis';
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { LocalCloud } from '../../../src/server';

const START = Date.UTC(2030, 0, 1);
const HOUR_MS = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'kinesis-'));
let cloud: LocalCloud;
let client: KinesisClient;

async function options() {
  return { region: cloud.region, endpoint: cloud.endpoint, credentials: await cloud.identities.root(), maxAttempts: 1 };
}

async function open(): Promise<void> {
  cloud = await LocalCloud.start({ stateDir: folder, startAt: START });
  client = new KinesisClient(await options());
}

async function close(): Promise<void> {
  client.destroy();
  await cloud.stop();
}

async function read(stream: string, shard: string, position: object): Promise<string[]> {
  const input = { StreamName: stream, ShardId: shard, ...position };
  const { ShardIterator } = await client.send(new GetShardIteratorCommand(input as never));
  const { Records } = await client.send(new GetRecordsCommand({ ShardIterator }));
  return (Records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString());
}

beforeAll(open);
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const SHARD = 'shardId-000000000000';

test('records of a shard keep their order and can be read from every kind of position, over HTTP/2', async () => {
  await client.send(new CreateStreamCommand({ StreamName: 'one', ShardCount: 1 }));
  const put = (text: string) =>
    client.send(new PutRecordCommand({ StreamName: 'one', PartitionKey: 'k', Data: Buffer.from(text) }));
  const first = await put('a');
  const second = await put('b');
  await client.send(
    new PutRecordsCommand({
      StreamName: 'one',
      Records: ['c', 'd'].map((text) => ({ PartitionKey: text, Data: Buffer.from(text) })),
    }),
  );

  expect(first.ShardId).toBe(SHARD);
  expect(BigInt(second.SequenceNumber ?? '0') > BigInt(first.SequenceNumber ?? '0')).toBe(true);
  expect(first.SequenceNumber).toHaveLength(56);
  expect(await read('one', SHARD, { ShardIteratorType: 'TRIM_HORIZON' })).toEqual(['a', 'b', 'c', 'd']);
  expect(await read('one', SHARD, { ShardIteratorType: 'LATEST' })).toEqual([]);
  const at = { StartingSequenceNumber: second.SequenceNumber };
  expect(await read('one', SHARD, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', ...at })).toEqual(['b', 'c', 'd']);
  expect(await read('one', SHARD, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', ...at })).toEqual(['c', 'd']);
  const later = { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(START + HOUR_MS) };
  expect(await read('one', SHARD, later)).toEqual([]);
});

test('a stream on demand has four shards over the whole hash space, and spreads its keys', async () => {
  await client.send(new CreateStreamCommand({ StreamName: 'demand', StreamModeDetails: { StreamMode: 'ON_DEMAND' } }));
  const { Shards } = await client.send(new ListShardsCommand({ StreamName: 'demand' }));
  const keys = Array.from({ length: 64 }, (_, index) => ({ PartitionKey: `key-${index}`, Data: Buffer.from('x') }));
  const { Records, FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName: 'demand', Records: keys }));

  expect(Shards?.map(({ ShardId }) => ShardId)).toEqual([0, 1, 2, 3].map((index) => `shardId-00000000000${index}`));
  expect(Shards?.at(-1)?.HashKeyRange?.EndingHashKey).toBe(String(2n ** 128n - 1n));
  expect(FailedRecordCount).toBe(0);
  expect(new Set(Records?.map(({ ShardId }) => ShardId)).size).toBe(4);
});

test('bad requests get the errors of Kinesis', async () => {
  const many = Array.from({ length: 501 }, () => ({ PartitionKey: 'k', Data: Buffer.from('x') }));
  await expect(client.send(new PutRecordsCommand({ StreamName: 'one', Records: many }))).rejects.toThrow(
    'Member must have length less than or equal to 500',
  );
  await expect(
    client.send(new PutRecordCommand({ StreamName: 'one', PartitionKey: 'k', Data: Buffer.alloc(1024 * 1024) })),
  ).rejects.toThrow('Member must have length less than or equal to 1048576');
  const ExplicitHashKey = String(2n ** 128n);
  await expect(
    client.send(new PutRecordCommand({ StreamName: 'one', PartitionKey: 'k', Data: Buffer.from('x'), ExplicitHashKey })),
  ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  await expect(client.send(new DescribeStreamCommand({ StreamName: 'none' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Stream none under account 000000000000 not found.',
  });
  await expect(client.send(new CreateStreamCommand({ StreamName: 'one', ShardCount: 1 }))).rejects.toMatchObject({
    name: 'ResourceInUseException',
  });
});

test('an encrypted stream takes and gives nothing once its key is disabled', async () => {
  const kms = new KMSClient(await options());
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.KeyId;
  await client.send(new CreateStreamCommand({ StreamName: 'sealed', ShardCount: 1 }));
  await client.send(new StartStreamEncryptionCommand({ StreamName: 'sealed', EncryptionType: 'KMS', KeyId }));
  const record = { StreamName: 'sealed', PartitionKey: 'k', Data: Buffer.from('x') };
  await client.send(new PutRecordCommand(record));
  expect(await read('sealed', SHARD, { ShardIteratorType: 'TRIM_HORIZON' })).toEqual(['x']);
  await kms.send(new DisableKeyCommand({ KeyId }));
  await cloud.clock.advance(5 * 60_000);

  await expect(client.send(new PutRecordCommand(record))).rejects.toMatchObject({ name: 'KMSDisabledException' });
  await expect(read('sealed', SHARD, { ShardIteratorType: 'TRIM_HORIZON' })).rejects.toMatchObject({
    name: 'KMSDisabledException',
  });
  kms.destroy();
});

test('records survive a restart, iterators end after five minutes, and retention ends the records', async () => {
  const from = { StreamName: 'one', ShardId: SHARD, ShardIteratorType: 'TRIM_HORIZON' as const };
  const { ShardIterator } = await client.send(new GetShardIteratorCommand(from));
  await close();
  await open();
  const put = await client.send(new PutRecordCommand({ StreamName: 'one', PartitionKey: 'k', Data: Buffer.from('e') }));

  expect(await read('one', SHARD, { ShardIteratorType: 'TRIM_HORIZON' })).toEqual(['a', 'b', 'c', 'd', 'e']);
  await cloud.clock.advance(HOUR_MS);
  await expect(client.send(new GetRecordsCommand({ ShardIterator }))).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
  await cloud.clock.advance(24 * HOUR_MS);
  const next = await client.send(new PutRecordCommand({ StreamName: 'one', PartitionKey: 'k', Data: Buffer.from('f') }));
  expect(await read('one', SHARD, { ShardIteratorType: 'TRIM_HORIZON' })).toEqual(['f']);
  expect((next.SequenceNumber ?? '') > (put.SequenceNumber ?? '')).toBe(true);
});
