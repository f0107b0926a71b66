import { gunzipSync } from 'node:zlib';
import { CreateDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { CreateStreamCommand, DescribeStreamSummaryCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { KilledCloud } from './killed-cloud';
import { eventually, limitOf, pause, planOf, underKills } from './killing';

const PLAN = planOf('FIREHOSE_KILLS', 2, 1500, 0.1);

let cloud: KilledCloud;
const acknowledged: string[] = [];
const attempted = new Set<string>();
const read = new Set<string>();
const arrived = new Set<string>();

const s3 = (): S3Client => cloud.client(S3Client);
const kinesis = (): KinesisClient => cloud.client(KinesisClient);

beforeAll(async () => {
  cloud = await KilledCloud.start();
  const RoleARN = await cloud.role('delivery', 'firehose');
  await s3().send(new CreateBucketCommand({ Bucket: 'lake' }));
  await kinesis().send(new CreateStreamCommand({ StreamName: 's', ShardCount: 2 }));
  const KinesisStreamARN = await eventually(async () => {
    const { StreamDescriptionSummary: summary } = await kinesis().send(new DescribeStreamSummaryCommand({ StreamName: 's' }));
    return summary?.StreamStatus === 'ACTIVE' ? summary.StreamARN : undefined;
  });
  await cloud.client(FirehoseClient).send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'lake',
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: { KinesisStreamARN, RoleARN },
      ExtendedS3DestinationConfiguration: {
        RoleARN,
        BucketARN: 'arn:aws:s3:::lake',
        BufferingHints: { IntervalInSeconds: 1, SizeInMBs: 1 },
        CompressionFormat: 'GZIP',
      },
    }),
  );
});
afterAll(() => cloud.stop());

async function work(round: number, isDown: () => boolean): Promise<void> {
  const client = kinesis();
  for (let index = 0; !isDown(); index += 1) {
    const ids = [0, 1, 2].map((part) => `${round}-${index}-${part}`);
    for (const id of ids) attempted.add(id);
    const Records = ids.map((id) => ({ PartitionKey: id, Data: Buffer.from(`${JSON.stringify({ id })}\n`) }));
    const answer = await client.send(new PutRecordsCommand({ StreamName: 's', Records })).catch(() => undefined);
    if (answer?.FailedRecordCount === 0) acknowledged.push(...ids);
    await pause(5);
  }
}

/** Reads what is new in the bucket: every object that is listed is whole. */
async function collect(): Promise<void> {
  let token: string | undefined;
  do {
    const page = await s3().send(new ListObjectsV2Command({ Bucket: 'lake', ContinuationToken: token }));
    for (const { Key = '' } of page.Contents ?? []) {
      if (read.has(Key)) continue;
      const { Body } = await s3().send(new GetObjectCommand({ Bucket: 'lake', Key }));
      const text = gunzipSync(Buffer.from((await Body?.transformToByteArray()) ?? [])).toString();
      expect(text.endsWith('\n')).toBe(true);
      for (const line of text.trimEnd().split('\n')) arrived.add((JSON.parse(line) as { id: string }).id);
      read.add(Key);
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

test(
  `every acknowledged record reaches S3 through Firehose over ${PLAN.kills} kills, and no object is half written`,
  async () => {
    await underKills(cloud, PLAN, { work, check: collect });

    await eventually(async () => {
      await collect();
      return acknowledged.every((id) => arrived.has(id)) ? true : undefined;
    });
    expect(acknowledged.length).toBeGreaterThan(PLAN.kills);
    expect([...arrived].filter((id) => !attempted.has(id))).toEqual([]);
  },
  limitOf(PLAN),
);
