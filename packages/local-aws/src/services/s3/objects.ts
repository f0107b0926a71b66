import { createHash } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-s3';
import type { Call, Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { byteRange } from './byte-range';
import { copySource } from './copy-source';
import { findVersion } from './find-version';
import { ObjectBytes } from './object-bytes';
import { ObjectRemoval } from './object-removal';
import type { ObjectRecord, S3Store } from './store';

function sseHeaders(record: ObjectRecord): object {
  const { algorithm, keyId, bucketKey } = record.encryption;
  return {
    ServerSideEncryption: algorithm,
    ...(algorithm === 'aws:kms' ? { SSEKMSKeyId: keyId, BucketKeyEnabled: bucketKey } : {}),
  };
}

function head(record: ObjectRecord, checksumMode?: string): Record<string, unknown> {
  return {
    ...(checksumMode === 'ENABLED' ? record.checksums : {}),
    ContentLength: record.size,
    ContentType: record.contentType,
    ContentEncoding: record.contentEncoding === '' ? undefined : record.contentEncoding,
    CacheControl: record.cacheControl,
    ETag: `"${record.etag}"`,
    LastModified: new Date(record.modified),
    AcceptRanges: 'bytes',
    Metadata: record.metadata,
    VersionId: record.versionId === 'null' ? undefined : record.versionId,
    ...sseHeaders(record),
  };
}

/** What the operations share. */
function objectScope(cloud: Cloud, store: S3Store) {
  const bytes = new ObjectBytes(cloud, store);
  const removal = new ObjectRemoval(cloud, store, bytes);
  const version = (bucket: string | undefined, key: string | undefined, versionId?: string): ObjectRecord =>
    findVersion(store, bucket, key, versionId);
  const read = async (input: Sdk.GetObjectCommandInput, call: Call): Promise<Record<string, unknown>> => {
    const record = version(input.Bucket, input.Key, input.VersionId);
    if (input.IfNoneMatch !== undefined && input.IfNoneMatch.replaceAll('"', '') === record.etag)
      throw new AwsError('NotModified', '', { status: 304 });
    const data = await bytes.read(input.Bucket ?? '', record, call).catch((error: unknown) => {
      if (error instanceof AwsError || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      // Overwritten between the look-up and the read: the new version is the answer.
      if (version(input.Bucket, input.Key, input.VersionId).file === record.file)
        throw store.damaged(record.file ?? '', 'it is gone');
      return undefined;
    });
    if (data === undefined) return read(input, call);
    const range = byteRange(input.Range, data.length);
    if (range === undefined) return { ...head(record, input.ChecksumMode), Body: data };
    const part = data.subarray(range[0], range[1] + 1);
    return {
      ...head(record),
      ContentLength: part.length,
      ContentRange: `bytes ${range[0]}-${range[1]}/${data.length}`,
      Body: part,
    };
  };
  return { bytes, version, removal, read };
}
type ObjectScope = ReturnType<typeof objectScope>;

async function putObject({ bytes }: ObjectScope, input: Sdk.PutObjectCommandInput, call: Call) {
  const data = (input.Body ?? Buffer.alloc(0)) as Buffer;
  if (input.ContentMD5 !== undefined && createHash('md5').update(data).digest('base64') !== input.ContentMD5)
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  const record = await bytes.put(input, data, call);
  return {
    ETag: `"${record.etag}"`,
    VersionId: record.versionId === 'null' ? undefined : record.versionId,
    ...record.checksums,
    ...sseHeaders(record),
  };
}

async function copyObject({ version, bytes }: ObjectScope, input: Sdk.CopyObjectCommandInput, call: Call) {
  const { bucket, key, versionId } = copySource(input.CopySource);
  const original = version(bucket, key, versionId);
  const data = await bytes.read(bucket, original, call);
  const kept =
    input.MetadataDirective === 'REPLACE'
      ? input
      : { ...input, ContentType: original.contentType, Metadata: { ...original.metadata } };
  const record = await bytes.put(kept, data, call);
  return { CopyObjectResult: { ETag: `"${record.etag}"`, LastModified: new Date(record.modified) }, ...sseHeaders(record) };
}

async function deleteObject({ removal }: ObjectScope, input: Sdk.DeleteObjectCommandInput) {
  const [result] = await removal.remove(input.Bucket, [{ Key: input.Key, VersionId: input.VersionId }]);
  return result;
}

async function deleteObjects({ removal }: ObjectScope, input: Sdk.DeleteObjectsCommandInput) {
  const objects = input.Delete?.Objects ?? [];
  const results = await removal.remove(input.Bucket, objects);
  const deleted = results.map((result, index) => ({ Key: objects[index]?.Key, ...result }));
  return { Deleted: input.Delete?.Quiet === true ? [] : deleted };
}

export function objectOperations(cloud: Cloud, store: S3Store): Operations {
  const scope = objectScope(cloud, store);
  const { read, version } = scope;
  return {
    PutObject: (input: Sdk.PutObjectCommandInput, call: Call) => putObject(scope, input, call),
    GetObject: read,
    HeadObject: (input: Sdk.HeadObjectCommandInput) =>
      head(version(input.Bucket, input.Key, input.VersionId), input.ChecksumMode),
    CopyObject: (input: Sdk.CopyObjectCommandInput, call: Call) => copyObject(scope, input, call),
    DeleteObject: (input: Sdk.DeleteObjectCommandInput) => deleteObject(scope, input),
    DeleteObjects: (input: Sdk.DeleteObjectsCommandInput) => deleteObjects(scope, input),
  };
}
