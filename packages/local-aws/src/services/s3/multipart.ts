import { createHash, randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-s3';
import type { Call, Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { checkedChecksums } from './checksums';
import { copySource } from './copy-source';
import { findVersion } from './find-version';
import { multipartListings } from './multipart-listings';
import { findBucket, ObjectBytes } from './object-bytes';
import { md5, type PartRecord, type S3Store, type UploadRecord } from './store';

const MAX_PARTS = 10_000;
const MIN_PART = 5 * 1024 * 1024;

function noSuchUpload(): AwsError {
  return new AwsError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { status: 404 },
  );
}

/** The bytes of a source that a copied part takes. Throws `InvalidArgument` for a range that the source has not. */
function copiedRange(source: Buffer, range: string | undefined): Buffer {
  if (range === undefined) return source;
  const match = /^bytes=(\d+)-(\d+)$/.exec(range);
  if (match === null)
    throw new AwsError('InvalidArgument', 'The x-amz-copy-source-range value must be of the form bytes=first-last');
  const [first, last] = [Number(match[1]), Number(match[2])];
  if (first > last || last >= source.length)
    throw new AwsError('InvalidArgument', `Range specified is not valid for source object of size: ${source.length}`);
  return source.subarray(first, last + 1);
}

const PLAIN = { algorithm: 'AES256' } as const;

/** What the operations share. */
function multipartScope(cloud: Cloud, store: S3Store) {
  const bytes = new ObjectBytes(cloud, store);
  const find = (id: string | undefined): UploadRecord => {
    const upload = store.uploads.get(id ?? '');
    if (upload === undefined) throw noSuchUpload();
    return upload;
  };
  const discard = async (id: string): Promise<void> => {
    for (const { key, value } of [...store.parts.under([id])]) {
      await store.removeFile(value.file);
      await store.parts.remove(key);
    }
    await store.uploads.remove(id);
  };
  const keepPart = async (
    { UploadId = '', PartNumber: number = 0 }: { UploadId?: string | undefined; PartNumber?: number | undefined },
    upload: UploadRecord,
    data: Buffer,
    call: Call,
  ): Promise<PartRecord> => {
    if (!(number >= 1 && number <= MAX_PARTS))
      throw new AwsError('InvalidArgument', `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`);
    const written = await bytes.write(upload.bucket, upload.key, data, upload.encryption ?? PLAIN, call);
    const part: PartRecord = { ...written, etag: md5(data), size: data.length, modified: cloud.clock.now() };
    const former = store.parts.get([UploadId, number]);
    await store.parts.put([UploadId, number], part);
    await store.removeFile(former?.file);
    return part;
  };
  return { store, bytes, cloud, find, keepPart, discard };
}
type MultipartScope = ReturnType<typeof multipartScope>;

async function createMultipartUpload({ store, bytes, cloud }: MultipartScope, input: Sdk.CreateMultipartUploadCommandInput) {
  const bucket = findBucket(store, input.Bucket);
  const id = randomUUID();
  const { Bucket, Key, ContentType, ContentEncoding, Metadata, ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled } = input;
  const request = {
    Bucket,
    Key,
    ContentType,
    ContentEncoding,
    Metadata,
    ServerSideEncryption,
    SSEKMSKeyId,
    BucketKeyEnabled,
  };
  const encryption = bytes.encryptionOf(bucket, input);
  await store.uploads.put(id, { bucket: bucket.name, key: Key ?? '', request, encryption, started: cloud.clock.now() });
  return { Bucket, Key, UploadId: id };
}

async function uploadPart({ find, keepPart }: MultipartScope, input: Sdk.UploadPartCommandInput, call: Call) {
  const upload = find(input.UploadId);
  const data = (input.Body ?? Buffer.alloc(0)) as Buffer;
  const checksums = await checkedChecksums(input, data);
  const { etag } = await keepPart(input, upload, data, call);
  return { ETag: `"${etag}"`, ...checksums };
}

async function uploadPartCopy(
  { find, bytes, store, keepPart, cloud }: MultipartScope,
  input: Sdk.UploadPartCopyCommandInput,
  call: Call,
) {
  const upload = find(input.UploadId);
  const { bucket, key, versionId } = copySource(input.CopySource);
  const source = await bytes.read(bucket, findVersion(store, bucket, key, versionId), call);
  const { etag } = await keepPart(input, upload, copiedRange(source, input.CopySourceRange), call);
  return { CopyPartResult: { ETag: `"${etag}"`, LastModified: new Date(cloud.clock.now()) } };
}

async function completeMultipartUpload(
  { find, store, bytes, discard, cloud }: MultipartScope,
  input: Sdk.CompleteMultipartUploadCommandInput,
  call: Call,
) {
  const id = input.UploadId ?? '';
  const upload = find(id);
  const wanted = input.MultipartUpload?.Parts ?? [];
  if (wanted.length === 0)
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  if (wanted.some(({ PartNumber }, index) => (PartNumber ?? 0) <= (wanted[index - 1]?.PartNumber ?? 0)))
    throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order. Parts must be ordered by part number.');
  const parts = wanted.map(({ PartNumber, ETag }) => {
    const part = store.parts.get([id, PartNumber ?? 0]);
    if (part === undefined || part.etag !== ETag?.replaceAll('"', ''))
      throw new AwsError('InvalidPart', 'One or more of the specified parts could not be found.');
    return part;
  });
  if (parts.slice(0, -1).some(({ size }) => size < MIN_PART))
    throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
  const { bucket, key, encryption = PLAIN } = upload;
  const data = Buffer.concat(await Promise.all(parts.map((part) => bytes.read(bucket, { ...part, key, encryption }, call))));
  const digest = createHash('md5')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part.etag, 'hex'))))
    .digest('hex');
  const record = await bytes.put(
    { ...upload.request, Bucket: upload.bucket, Key: upload.key, IfNoneMatch: input.IfNoneMatch, IfMatch: input.IfMatch },
    data,
    call,
    `${digest}-${parts.length}`,
  );
  await discard(id);
  return {
    Bucket: upload.bucket,
    Key: upload.key,
    ETag: `"${record.etag}"`,
    VersionId: record.versionId === 'null' ? undefined : record.versionId,
    Location: `${cloud.endpoint}/${upload.bucket}/${upload.key}`,
  };
}

async function abortMultipartUpload({ find, discard }: MultipartScope, input: Sdk.AbortMultipartUploadCommandInput) {
  find(input.UploadId);
  await discard(input.UploadId ?? '');
}

export function multipartOperations(cloud: Cloud, store: S3Store): Operations {
  const scope = multipartScope(cloud, store);
  const { find } = scope;
  return {
    ...multipartListings(store, find),
    CreateMultipartUpload: (input: Sdk.CreateMultipartUploadCommandInput) => createMultipartUpload(scope, input),
    UploadPart: (input: Sdk.UploadPartCommandInput, call: Call) => uploadPart(scope, input, call),
    UploadPartCopy: (input: Sdk.UploadPartCopyCommandInput, call: Call) => uploadPartCopy(scope, input, call),
    CompleteMultipartUpload: (input: Sdk.CompleteMultipartUploadCommandInput, call: Call) =>
      completeMultipartUpload(scope, input, call),
    AbortMultipartUpload: (input: Sdk.AbortMultipartUploadCommandInput) => abortMultipartUpload(scope, input),
  };
}
