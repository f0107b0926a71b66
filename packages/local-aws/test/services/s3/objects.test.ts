import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { CloudBench, failure } from '../../support/cloud-bench';

let bench: CloudBench;
let client: S3Client;

beforeAll(async () => {
  bench = await CloudBench.start();
  client = await bench.client(S3Client);
});
afterAll(() => bench.stop());

const bucket = async (Bucket: string, Status?: 'Enabled'): Promise<void> => {
  await client.send(new CreateBucketCommand({ Bucket }));
  if (Status !== undefined) await version(Bucket, Status);
};
const version = (Bucket: string, Status: 'Enabled' | 'Suspended') =>
  client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
const put = (Bucket: string, Key: string, Body: string, more: Partial<PutObjectCommandInput> = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = async (Bucket: string, Key: string, more: Partial<GetObjectCommandInput> = {}): Promise<string | undefined> => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Body?.transformToString();
};
const remove = (Bucket: string, Key: string, VersionId?: string) =>
  client.send(new DeleteObjectCommand({ Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) }));
/** Number of files that hold bytes of objects. */
const files = (): number =>
  readdirSync(join(bench.stateDir, 's3'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

test('an object comes back with its bytes, type, metadata and tag; a range gives a part', async () => {
  await bucket('plain');
  const { ETag } = await put('plain', 'a key/é+😀', 'hello', {
    ContentType: 'text/plain',
    Metadata: { who: 'me' },
    CacheControl: 'no-cache',
  });

  expect(ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
  expect(await client.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'a key/é+😀' }))).toMatchObject({
    ContentLength: 5,
    ContentType: 'text/plain',
    Metadata: { who: 'me' },
    CacheControl: 'no-cache',
    ETag,
    ServerSideEncryption: 'AES256',
  });
  expect(await get('plain', 'a key/é+😀')).toBe('hello');
  for (const [Range, part] of [
    ['bytes=1-2', 'el'],
    ['bytes=3-', 'lo'],
    ['bytes=-2', 'lo'],
    ['bytes=0-99', 'hello'],
  ] as const)
    expect(await get('plain', 'a key/é+😀', { Range })).toBe(part);
  expect(await failure(get('plain', 'a key/é+😀', { Range: 'bytes=5-6' }))).toMatchObject({ name: 'InvalidRange', status: 416 });
  expect(await failure(get('plain', 'none'))).toMatchObject({ name: 'NoSuchKey', status: 404 });
  expect(await failure(get('nobucket', 'none'))).toMatchObject({ name: 'NoSuchBucket', status: 404 });
  expect(await failure(put('plain', 'k'.repeat(1025), 'x'))).toMatchObject({ name: 'KeyTooLongError' });
});

test('without versions an overwrite and a deletion leave no bytes behind', async () => {
  await bucket('off');
  const before = files();
  await put('off', 'k', '1');
  await put('off', 'k', '2');
  expect(await get('off', 'k')).toBe('2');
  expect(files()).toBe(before + 1);

  expect(await remove('off', 'k')).not.toHaveProperty('DeleteMarker');
  expect(files()).toBe(before);
  expect((await remove('off', 'k')).$metadata.httpStatusCode).toBe(204);
});

test('versions are kept; a deletion hides the key behind a marker, and deleting the marker shows it again', async () => {
  await bucket('versions', 'Enabled');
  const { VersionId: one } = await put('versions', 'k', '1');
  const { VersionId: two } = await put('versions', 'k', '2');
  const { DeleteMarker, VersionId: marker } = await remove('versions', 'k');

  expect(DeleteMarker).toBe(true);
  expect(new Set([one, two, marker]).size).toBe(3);
  expect(await failure(get('versions', 'k'))).toMatchObject({ name: 'NoSuchKey', status: 404 });
  expect(await get('versions', 'k', { VersionId: one })).toBe('1');
  expect(await get('versions', 'k', { VersionId: two })).toBe('2');
  expect(await failure(get('versions', 'k', { VersionId: marker }))).toMatchObject({ name: 'MethodNotAllowed', status: 405 });
  expect(await failure(get('versions', 'k', { VersionId: 'none' }))).toMatchObject({ name: 'NoSuchVersion', status: 404 });
  const listed = await client.send(new ListObjectVersionsCommand({ Bucket: 'versions' }));
  expect(listed.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
    [two, false],
    [one, false],
  ]);
  expect(listed.DeleteMarkers?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([[marker, true]]);

  await put('versions', 'k', '3');
  expect(await failure(get('versions', 'k', { VersionId: marker }))).toMatchObject({ name: 'MethodNotAllowed', status: 405 });
  await remove('versions', 'k', (await client.send(new HeadObjectCommand({ Bucket: 'versions', Key: 'k' }))).VersionId);
  await remove('versions', 'k', marker);
  expect(await get('versions', 'k')).toBe('2');
  await remove('versions', 'k', two);
  expect(await get('versions', 'k')).toBe('1');
});

test('a suspended bucket has one null version per key and keeps the older ones', async () => {
  await bucket('suspended');
  await put('suspended', 'k', 'null 1');
  await version('suspended', 'Enabled');
  const { VersionId } = await put('suspended', 'k', 'one');
  await version('suspended', 'Suspended');
  const before = files();
  await put('suspended', 'k', 'null 2');
  await put('suspended', 'k', 'null 3');

  expect(files()).toBe(before);
  expect(await get('suspended', 'k')).toBe('null 3');
  expect(await get('suspended', 'k', { VersionId: 'null' })).toBe('null 3');
  expect(await get('suspended', 'k', { VersionId })).toBe('one');
  const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket: 'suspended' }));
  expect(Versions?.map((one) => one.VersionId)).toEqual(['null', VersionId]);
});

test('conditional writes hold: none over something, one over the tag it names; a refused one leaves no bytes', async () => {
  await bucket('conditions', 'Enabled');
  const { ETag } = await put('conditions', 'k', '1', { IfNoneMatch: '*' });
  const before = files();

  expect(await failure(put('conditions', 'k', '2', { IfNoneMatch: '*' }))).toMatchObject({
    name: 'PreconditionFailed',
    status: 412,
  });
  expect(await failure(put('conditions', 'k', '2', { IfMatch: '"other"' }))).toMatchObject({
    name: 'PreconditionFailed',
    status: 412,
  });
  expect(await failure(put('conditions', 'none', '2', { IfMatch: ETag }))).toMatchObject({ name: 'NoSuchKey', status: 404 });
  expect(files()).toBe(before);
  await put('conditions', 'k', '2', { IfMatch: ETag });
  expect(await get('conditions', 'k')).toBe('2');
  await remove('conditions', 'k');
  await put('conditions', 'k', '3', { IfNoneMatch: '*' });

  const race = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => put('conditions', 'race', String(index), { IfNoneMatch: '*' })),
  );
  expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a reader never fails while its key is overwritten', async () => {
  await bucket('busy');
  await put('busy', 'k', '0');
  const writes = (async () => {
    for (let index = 1; index <= 60; index += 1) await put('busy', 'k', String(index));
  })();
  const seen: number[] = [];
  const reads = Array.from({ length: 4 }, async () => {
    for (let index = 0; index < 60; index += 1) seen.push(Number(await get('busy', 'k')));
  });
  await Promise.all([writes, ...reads]);

  expect(seen.every((value) => value >= 0 && value <= 60)).toBe(true);
  expect(await get('busy', 'k')).toBe('60');
});

test('checksums are verified and shown to who asks; a wrong one stores nothing', async () => {
  await bucket('sums');
  for (const [ChecksumAlgorithm, sum] of [
    ['CRC32', 'y/Q5Jg=='],
    ['CRC32C', '4waSgw=='],
    ['CRC64NVME', 'rosUhgp5mIg='],
    ['SHA1', '98O8HYCOBHMq32eZZczDTKeuNEE='],
    ['SHA256', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU='],
  ] as const) {
    const member = `Checksum${ChecksumAlgorithm}`;
    expect(await put('sums', ChecksumAlgorithm, '123456789', { ChecksumAlgorithm })).toMatchObject({ [member]: sum });
    const shown = await client.send(new GetObjectCommand({ Bucket: 'sums', Key: ChecksumAlgorithm, ChecksumMode: 'ENABLED' }));
    expect(shown).toMatchObject({ [member]: sum });
    expect(await shown.Body?.transformToString()).toBe('123456789');
  }
  expect(await failure(put('sums', 'wrong', '123456789', { ChecksumCRC32: 'AAAAAA==' }))).toMatchObject({
    name: 'BadDigest',
    message: 'The CRC32 you specified did not match the calculated checksum.',
    status: 400,
  });
  expect(await failure(put('sums', 'wrong', '1', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }))).toMatchObject({
    name: 'BadDigest',
  });
  expect(await failure(get('sums', 'wrong'))).toMatchObject({ name: 'NoSuchKey' });
});

test('a bucket goes when it is empty, of old versions, markers and odd keys too', async () => {
  await bucket('full', 'Enabled');
  const { VersionId } = await put('full', '\u{1f600}', '1');
  const { VersionId: marker } = await remove('full', '\u{1f600}');
  const gone = () => client.send(new DeleteBucketCommand({ Bucket: 'full' }));

  expect(await failure(gone())).toMatchObject({ name: 'BucketNotEmpty', status: 409 });
  const Objects = [VersionId, marker].map((id) => ({ Key: '\u{1f600}', VersionId: id }));
  const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket: 'full', Delete: { Objects } }));
  expect(Deleted).toHaveLength(2);
  await gone();
  expect(await failure(gone())).toMatchObject({ name: 'NoSuchBucket', status: 404 });
  expect(await failure(bucket('Not_A_Name'))).toMatchObject({ name: 'InvalidBucketName' });
  await bucket('full');
  expect(await failure(bucket('full'))).toMatchObject({ name: 'BucketAlreadyOwnedByYou', status: 409 });
});
