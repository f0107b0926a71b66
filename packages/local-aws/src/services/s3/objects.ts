import { createHash, randomBytes } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-s3';
import type { Call, Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { byteRange } from './byte-range';
import { copySource } from './copy-source';
import { findVersion } from './find-version';
import { findBucket, ObjectBytes } from './object-bytes';
import type { BucketRecord, ObjectRecord, S3Store } from './store';

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

export function objectOperations(cloud: Cloud, store: S3Store): Operations {
  const bytes = new ObjectBytes(cloud, store);
  const version = (bucket: string | undefined, key: string | undefined, versionId?: string): ObjectRecord =>
    findVersion(store, bucket, key, versionId);

  /** Removes objects in one transaction, so that a killed call has removed all of them or none. */
  const remove = async (bucketName: string | undefined, objects: readonly Sdk.ObjectIdentifier[]): Promise<object[]> => {
    const bucket = findBucket(store, bucketName);
    const gone: (string | undefined)[] = [];
    const results = await cloud.storage.transaction(() =>
      objects.map(({ Key = '', VersionId }) => removeOne(bucket, Key, VersionId, gone)),
    );
    for (const file of gone) await store.removeFile(file);
    return results;
  };

  const removeOne = (bucket: BucketRecord, key: string, versionId: string | undefined, gone: (string | undefined)[]): object => {
    const current = store.objects.get([bucket.name, key]);
    if (versionId !== undefined) return removeVersion(bucket, key, versionId, current, gone);
    if (bucket.versioning === 'Off') {
      gone.push(current?.file);
      if (current !== undefined) void store.objects.remove([bucket.name, key]);
      return {};
    }
    const marker = {
      key,
      versionId: bucket.versioning === 'Enabled' ? randomBytes(16).toString('hex') : 'null',
      deleted: true,
      size: 0,
      etag: '',
      modified: cloud.clock.now(),
      contentType: '',
      metadata: {},
      encryption: bucket.encryption,
    };
    gone.push(bytes.replace(bucket, marker, current));
    return { DeleteMarker: true, VersionId: marker.versionId };
  };

  const removeVersion = (
    bucket: BucketRecord,
    key: string,
    versionId: string,
    current: ObjectRecord | undefined,
    gone: (string | undefined)[],
  ): object => {
    const older = [...store.versions.under([bucket.name, key], { reverse: true })];
    if (current?.versionId === versionId) {
      gone.push(current.file);
      const next = older[0];
      if (next === undefined) void store.objects.remove([bucket.name, key]);
      else {
        void store.objects.put([bucket.name, key], next.value);
        void store.versions.remove(next.key);
      }
    } else {
      for (const entry of older.filter(({ value }) => value.versionId === versionId)) {
        gone.push(entry.value.file);
        void store.versions.remove(entry.key);
      }
    }
    return { VersionId: versionId };
  };

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

  return {
    PutObject: async (input: Sdk.PutObjectCommandInput, call: Call) => {
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
    },
    GetObject: read,
    HeadObject: (input: Sdk.HeadObjectCommandInput) =>
      head(version(input.Bucket, input.Key, input.VersionId), input.ChecksumMode),
    CopyObject: async (input: Sdk.CopyObjectCommandInput, call: Call) => {
      const { bucket, key, versionId } = copySource(input.CopySource);
      const original = version(bucket, key, versionId);
      const data = await bytes.read(bucket, original, call);
      const kept =
        input.MetadataDirective === 'REPLACE'
          ? input
          : { ...input, ContentType: original.contentType, Metadata: { ...original.metadata } };
      const record = await bytes.put(kept, data, call);
      return { CopyObjectResult: { ETag: `"${record.etag}"`, LastModified: new Date(record.modified) }, ...sseHeaders(record) };
    },
    DeleteObject: async (input: Sdk.DeleteObjectCommandInput) => {
      const [result] = await remove(input.Bucket, [{ Key: input.Key, VersionId: input.VersionId }]);
      return result;
    },
    DeleteObjects: async (input: Sdk.DeleteObjectsCommandInput) => {
      const objects = input.Delete?.Objects ?? [];
      const results = await remove(input.Bucket, objects);
      const deleted = results.map((result, index) => ({ Key: objects[index]?.Key, ...result }));
      return { Deleted: input.Delete?.Quiet === true ? [] : deleted };
    },
  };
}
