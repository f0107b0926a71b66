import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketLifecycleCommand,
  type LifecycleRule,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { CloudBench, failure } from '../../support/cloud-bench';

const NOON = Date.UTC(2030, 0, 1, 12);
const HOUR_MS = 3_600_000;
let bench: CloudBench;
let client: S3Client;

beforeEach(async () => {
  bench = await CloudBench.start({ startAt: NOON });
  bench.cloud.clock.pause();
  client = await bench.client(S3Client);
});
afterEach(() => bench.stop());

async function bucket(Bucket: string, versioned: boolean): Promise<void> {
  await client.send(new CreateBucketCommand({ Bucket }));
  if (versioned) await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
}
const put = (Bucket: string, Key: string) => client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
const rules = (Bucket: string, ...Rules: Partial<LifecycleRule>[]) =>
  client.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket,
      LifecycleConfiguration: { Rules: Rules.map((rule) => ({ Status: 'Enabled', Filter: { Prefix: '' }, ...rule })) },
    }),
  );
/** Keys with their current state and the number of versions behind it. */
async function content(Bucket: string): Promise<Record<string, string>> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
  const all = [...Versions.map((it) => ({ ...it, kind: 'object' })), ...DeleteMarkers.map((it) => ({ ...it, kind: 'marker' }))];
  return Object.fromEntries(
    all
      .filter(({ IsLatest }) => IsLatest)
      .map(({ Key, kind }) => [Key, `${kind} + ${all.filter((other) => other.Key === Key).length - 1}`]),
  );
}
const files = () =>
  readdirSync(join(bench.stateDir, 's3'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
const hours = (count: number) => bench.cloud.clock.advance(count * HOUR_MS);

test('an object expires at the midnight after its days, with its bytes, and only under the prefix of its rule', async () => {
  await bucket('plain', false);
  await put('plain', 'log/a');
  await put('plain', 'data/a');
  await rules('plain', { Filter: { Prefix: 'log/' }, Expiration: { Days: 1 } });
  await hours(6);
  await put('plain', 'log/b');

  await hours(29.9);
  expect(await content('plain')).toEqual({ 'log/a': 'object + 0', 'log/b': 'object + 0', 'data/a': 'object + 0' });
  await hours(0.1);
  expect(await content('plain')).toEqual({ 'data/a': 'object + 0' });
  expect(files()).toBe(1);
});

test('in a bucket with versions a marker takes the place, superseded versions go after their days, then the marker', async () => {
  await bucket('versions', true);
  await put('versions', 'k');
  await put('versions', 'k');
  await rules('versions', { Expiration: { Days: 2 }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } });

  await hours(36);
  expect(await content('versions')).toEqual({ k: 'object + 0' });
  await hours(24);
  expect(await content('versions')).toEqual({ k: 'marker + 1' });
  await hours(24);
  expect(await content('versions')).toEqual({ k: 'marker + 0' });
  await hours(24);
  expect(await content('versions')).toEqual({});
});

test('an upload that nobody completes is given up', async () => {
  await bucket('uploads', false);
  await rules('uploads', { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } });
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: 'uploads', Key: 'k' }));
  const part = () =>
    client.send(new UploadPartCommand({ Bucket: 'uploads', Key: 'k', UploadId, PartNumber: 1, Body: Buffer.from('x') }));

  await hours(7 * 24 + 11);
  await part();
  await hours(1);
  expect(await failure(part())).toMatchObject({ name: 'NoSuchUpload', status: 404 });
});

test('rules hold over a restart, also for the midnights in between; without rules nothing expires', async () => {
  for (const name of ['kept', 'gone']) {
    await bucket(name, false);
    await put(name, 'k');
    await rules(name, { Expiration: { Days: 1 } });
  }
  await client.send(new DeleteBucketLifecycleCommand({ Bucket: 'kept' }));
  await rules('gone', { Expiration: { Days: 1 } }, { Status: 'Disabled', Expiration: { Days: 9 } });
  await bench.restart();
  client = await bench.client(S3Client);
  await hours(72);

  expect([await content('kept'), await content('gone')]).toEqual([{ k: 'object + 0' }, {}]);
});

test.each<[Partial<LifecycleRule>, string, string]>([
  [{ Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] }, 'NotImplemented', 'does not support Transitions of a lifecycle rule'],
  [{ Filter: { Tag: { Key: 'a', Value: 'b' } }, Expiration: { Days: 1 } }, 'NotImplemented', 'does not support Filter.Tag'],
  [{ Expiration: { Date: new Date(0) } }, 'NotImplemented', 'does not support Expiration.Date'],
  [
    { NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 } },
    'NotImplemented',
    'does not support NoncurrentVersionExpiration.NewerNoncurrentVersions',
  ],
  [{ Expiration: { Days: 0 } }, 'InvalidArgument', "'Days' for Expiration action must be a positive integer"],
  [{}, 'InvalidRequest', 'At least one action needs to be specified in a rule.'],
])('refuses the rule %j', async (rule, name, message) => {
  await bucket('refusing', false);
  expect(await failure(rules('refusing', rule))).toMatchObject({ name, message: expect.stringContaining(message) });
});
