import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { CloudBench, failure } from '../../support/cloud-bench';

const Bucket = 'uploads';
const BIG = Buffer.alloc(5 * 1024 * 1024, 'a');
let bench: CloudBench;
let client: S3Client;

beforeAll(async () => {
  bench = await CloudBench.start();
  client = await bench.client(S3Client);
  await client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => bench.stop());

const begin = async (Key: string): Promise<string> =>
  String((await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'text/plain' }))).UploadId);
const part = async (Key: string, UploadId: string, PartNumber: number, Body: Buffer | string) => ({
  PartNumber,
  ETag: (await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }))).ETag,
});
const complete = (Key: string, UploadId: string, Parts: { PartNumber: number; ETag: string | undefined }[], more: object = {}) =>
  client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: Parts as never }, ...more }));
const files = (): number =>
  readdirSync(join(bench.stateDir, 's3'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

test('parts become one object in order of their numbers, whatever the order they came in', async () => {
  const id = await begin('whole');
  const second = await part('whole', id, 7, 'end');
  await part('whole', id, 2, 'replaced below');
  const first = await part('whole', id, 2, BIG);
  expect(await failure(client.send(new GetObjectCommand({ Bucket, Key: 'whole' })))).toMatchObject({ name: 'NoSuchKey' });

  const { ETag } = await complete('whole', id, [first, second]);

  const md5 = (data: Buffer | string) => createHash('md5').update(data).digest();
  expect(ETag).toBe(
    `"${createHash('md5')
      .update(Buffer.concat([md5(BIG), md5('end')]))
      .digest('hex')}-2"`,
  );
  const { Body, ContentType, ContentLength } = await client.send(new GetObjectCommand({ Bucket, Key: 'whole' }));
  expect([ContentType, ContentLength]).toEqual(['text/plain', BIG.length + 3]);
  expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(Buffer.concat([BIG, Buffer.from('end')]))).toBe(true);
  expect(files()).toBe(1);
  expect(await failure(complete('whole', id, [first]))).toMatchObject({ name: 'NoSuchUpload', status: 404 });
});

test('parts lie sealed under the key of the object, and cannot be completed once that is disabled', async () => {
  const kms = await bench.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const sealed = async (Key: string) => {
    const encryption = { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: KeyMetadata?.Arn };
    const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...encryption }));
    return { id: UploadId, parts: [await part(Key, UploadId, 1, 'plain words')] };
  };
  const kept = await sealed('kept');
  const lost = await sealed('lost');
  const folder = join(bench.stateDir, 's3');
  const texts = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  expect(texts.filter((text) => text.includes('plain words'))).toEqual([]);

  await complete('kept', kept.id, kept.parts);
  const { Body, ServerSideEncryption } = await client.send(new GetObjectCommand({ Bucket, Key: 'kept' }));
  expect([await Body?.transformToString(), ServerSideEncryption]).toEqual(['plain words', 'aws:kms']);

  await kms.send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
  expect(await failure(complete('lost', lost.id, lost.parts))).toMatchObject({ name: 'KMS.DisabledException', status: 400 });
  await client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'lost', UploadId: lost.id }));
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'kept' }));
});

test('what cannot be completed is refused, and the upload stays open', async () => {
  const id = await begin('bad');
  const one = await part('bad', id, 1, 'small');
  const two = await part('bad', id, 2, 'end');

  expect(await failure(complete('bad', id, [two, one]))).toMatchObject({ name: 'InvalidPartOrder' });
  expect(await failure(complete('bad', id, [one, two]))).toMatchObject({ name: 'EntityTooSmall' });
  expect(await failure(complete('bad', id, [{ PartNumber: 1, ETag: '"other"' }]))).toMatchObject({ name: 'InvalidPart' });
  expect(await failure(complete('bad', id, [{ PartNumber: 3, ETag: one.ETag }]))).toMatchObject({ name: 'InvalidPart' });
  expect(await failure(complete('bad', id, []))).toMatchObject({ name: 'MalformedXML' });
  expect(await failure(part('bad', id, 0, 'x'))).toMatchObject({ name: 'InvalidArgument' });
  expect(await failure(part('bad', id, 10_001, 'x'))).toMatchObject({ name: 'InvalidArgument' });
  const wrong = { Bucket, Key: 'bad', UploadId: id, PartNumber: 1, Body: 'x', ChecksumCRC32: 'AAAAAA==' };
  expect(await failure(client.send(new UploadPartCommand(wrong)))).toMatchObject({ name: 'BadDigest' });

  await complete('bad', id, [one]);
});

test('a condition holds for the completion too; an aborted upload leaves nothing', async () => {
  await client.send(new PutObjectCommand({ Bucket, Key: 'taken', Body: 'first' }));
  const before = files();
  const id = await begin('taken');
  const only = await part('taken', id, 1, 'second');

  expect(await failure(complete('taken', id, [only], { IfNoneMatch: '*' }))).toMatchObject({
    name: 'PreconditionFailed',
    status: 412,
  });
  await client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'taken', UploadId: id }));

  expect(files()).toBe(before);
  expect(await failure(part('taken', id, 1, 'x'))).toMatchObject({ name: 'NoSuchUpload' });
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'taken' }));
  expect(await Body?.transformToString()).toBe('first');
});

test('a part can be a range of another object, of the version that is named', async () => {
  await client.send(new PutObjectCommand({ Bucket, Key: 'source/a b', Body: Buffer.concat([BIG, Buffer.from('0123456789')]) }));
  const UploadId = await begin('copied');
  const at = { Bucket, Key: 'copied', UploadId, CopySource: `${Bucket}/source/a%20b` };
  const take = (PartNumber: number, CopySourceRange: string) =>
    client.send(new UploadPartCopyCommand({ ...at, PartNumber, CopySourceRange }));

  const first = await take(1, `bytes=0-${BIG.length - 1}`);
  const second = await take(2, `bytes=${BIG.length + 2}-${BIG.length + 4}`);
  const beyond = await failure(take(3, `bytes=0-${BIG.length + 10}`));

  expect(beyond).toMatchObject({ name: 'InvalidArgument', message: expect.stringContaining(`size: ${BIG.length + 10}`) });
  const numbered = [first, second].map(({ CopyPartResult }, index) => ({ PartNumber: index + 1, ETag: CopyPartResult?.ETag }));
  await complete('copied', UploadId, numbered);
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'copied', Range: 'bytes=-4' }));
  expect(await Body?.transformToString()).toBe('a234');
  expect(await failure(client.send(new UploadPartCopyCommand({ ...at, PartNumber: 1 })))).toMatchObject({ name: 'NoSuchUpload' });
});

test('what is under way is listed, page by page', async () => {
  await client.send(new CreateBucketCommand({ Bucket: 'listed' }));
  const start = async (Key: string) =>
    String((await client.send(new CreateMultipartUploadCommand({ Bucket: 'listed', Key }))).UploadId);
  const ids = [await start('b'), await start('a/2'), await start('a/1'), await start('b')];
  for (const PartNumber of [3, 1, 2])
    await client.send(
      new UploadPartCommand({ Bucket: 'listed', Key: 'b', UploadId: ids[0], PartNumber, Body: 'x'.repeat(PartNumber) }),
    );
  const uploads = (more: object) => client.send(new ListMultipartUploadsCommand({ Bucket: 'listed', ...more }));
  const parts = (more: object) => client.send(new ListPartsCommand({ Bucket: 'listed', Key: 'b', UploadId: ids[0], ...more }));

  const page = await uploads({ MaxUploads: 3 });
  const next = await uploads({ KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker });
  const some = await parts({ MaxParts: 2 });
  const others = await parts({ PartNumberMarker: some.NextPartNumberMarker });

  expect(page.IsTruncated).toBe(true);
  expect([...(page.Uploads ?? []), ...(next.Uploads ?? [])].map(({ UploadId }) => UploadId)).toEqual([
    ids[2],
    ids[1],
    ids[0],
    ids[3],
  ]);
  expect((await uploads({ Prefix: 'a/' })).Uploads).toHaveLength(2);
  expect([...(some.Parts ?? []), ...(others.Parts ?? [])].map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  expect([some.IsTruncated, others.IsTruncated]).toEqual([true, false]);
});
