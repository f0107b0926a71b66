import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CloudBench } from '../../support/cloud-bench';

const KEYS = ['B', 'a', 'a/1', 'a/2', 'a/b/3', 'a0', 'b', 'é', '\uffee', '\u{1f600}', '\u{1f600}/x'];
let bench: CloudBench;
let client: S3Client;

beforeAll(async () => {
  bench = await CloudBench.start();
  client = await bench.client(S3Client);
  await client.send(new CreateBucketCommand({ Bucket: 'keys' }));
  for (const Key of [...KEYS].reverse()) await client.send(new PutObjectCommand({ Bucket: 'keys', Key, Body: Key }));
  await client.send(new CreateBucketCommand({ Bucket: 'keys2' }));
  await client.send(new PutObjectCommand({ Bucket: 'keys2', Key: 'other', Body: 'x' }));
});
afterAll(() => bench.stop());

/** Every page of a listing: keys, and common prefixes in brackets. */
async function pages(input: Partial<ListObjectsV2CommandInput>): Promise<string[][]> {
  const all: string[][] = [];
  for (let ContinuationToken: string | undefined, more = true; more; ) {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: 'keys', ...input, ...(ContinuationToken === undefined ? {} : { ContinuationToken }) }),
    );
    const keys = (page.Contents ?? []).map(({ Key }) => Key ?? '');
    const prefixes = (page.CommonPrefixes ?? []).map(({ Prefix }) => `[${Prefix}]`);
    expect(page.KeyCount).toBe(keys.length + prefixes.length);
    all.push([...keys, ...prefixes]);
    more = page.IsTruncated === true;
    ContinuationToken = page.NextContinuationToken;
  }
  return all;
}

test('keys come in order of their UTF-8 bytes, on one page or on many', async () => {
  expect(await pages({})).toEqual([KEYS]);
  expect(await pages({ MaxKeys: 4 })).toEqual([KEYS.slice(0, 4), KEYS.slice(4, 8), KEYS.slice(8)]);
  expect((await pages({ MaxKeys: 1 })).flat()).toEqual(KEYS);
  expect(await pages({ MaxKeys: 0 })).toEqual([[]]);
});

test.each([
  [{ Prefix: 'a' }, [['a', 'a/1', 'a/2', 'a/b/3', 'a0']]],
  [{ Prefix: 'a/' }, [['a/1', 'a/2', 'a/b/3']]],
  [{ Prefix: '\u{1f600}' }, [['\u{1f600}', '\u{1f600}/x']]],
  [{ Prefix: 'none' }, [[]]],
  [{ StartAfter: 'a/2' }, [KEYS.slice(4)]],
  [{ StartAfter: '\uffee' }, [['\u{1f600}', '\u{1f600}/x']]],
  [{ Delimiter: '/' }, [['B', 'a', 'a0', 'b', 'é', '\uffee', '\u{1f600}', '[a/]', '[\u{1f600}/]']]],
  [{ Delimiter: '/', Prefix: 'a/' }, [['a/1', 'a/2', '[a/b/]']]],
  [
    { Delimiter: '/', MaxKeys: 3 },
    [
      ['B', 'a', '[a/]'],
      ['a0', 'b', 'é'],
      ['\uffee', '\u{1f600}', '[\u{1f600}/]'],
    ],
  ],
])('%j lists %j', async (input, expected) => {
  expect(await pages(input)).toEqual(expected);
});

test('the older operation pages by markers', async () => {
  const first = await client.send(new ListObjectsCommand({ Bucket: 'keys', MaxKeys: 6 }));
  const second = await client.send(
    new ListObjectsCommand({ Bucket: 'keys', ...(first.NextMarker === undefined ? {} : { Marker: first.NextMarker }) }),
  );
  expect([...(first.Contents ?? []), ...(second.Contents ?? [])].map(({ Key }) => Key)).toEqual(KEYS);
});

test('versions are listed by key, newest first, in pages that neither lose nor repeat one', async () => {
  const Bucket = 'versioned';
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const expected: string[] = [];
  for (const Key of ['a', 'b', 'c']) {
    const ids: string[] = [];
    for (const Body of ['1', '2', '3'])
      ids.unshift(String((await client.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId));
    if (Key === 'b') ids.unshift(String((await client.send(new DeleteObjectCommand({ Bucket, Key }))).VersionId));
    expected.push(...ids.map((id) => `${Key} ${id}`));
  }

  const found: string[] = [];
  let marker: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (let more = true; more; ) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 3, ...marker }));
    const all = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key, VersionId }) => `${Key} ${VersionId}`);
    expect(all.length).toBeLessThanOrEqual(3);
    found.push(...all.sort((one, other) => expected.indexOf(one) - expected.indexOf(other)));
    more = page.IsTruncated === true;
    marker = { KeyMarker: page.NextKeyMarker ?? '', VersionIdMarker: page.NextVersionIdMarker ?? '' };
  }

  expect(found).toEqual(expected);
  const under = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'b' }));
  expect([under.Versions?.length, under.DeleteMarkers?.length]).toEqual([3, 1]);
});

test('the place of a bucket stands alone in its answer, where clients look for it', async () => {
  const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket: 'keys' }));

  expect(LocationConstraint).toBe('eu-west-1');
});
