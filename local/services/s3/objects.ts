import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-s3';
import { type Call, type Cloud, forwarded, type Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { checkedChecksums } from './checksums';
import { type BucketRecord, md5, type ObjectRecord, type S3Store } from './store';

export function findBucket(store: S3Store, name: string | undefined): BucketRecord {
  const bucket = store.buckets.get(name ?? '');
  if (bucket === undefined)
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', { status: 404, members: { BucketName: name } });
  return bucket;
}

export function noSuchKey(key: string | undefined): AwsError {
  return new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404, members: { Key: key } });
}

function deleteMarker(): AwsError {
  return new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', { status: 405 });
}

/** What a write says of the object besides its bytes. */
export interface PutRequest {
  readonly Bucket?: string | undefined;
  readonly Key?: string | undefined;
  readonly ContentType?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly Metadata?: Record<string, string> | undefined;
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfMatch?: string | undefined;
}

/** Bytes in a file, and what opens them. */
type Sealed = Pick<ObjectRecord, 'key' | 'encryption' | 'file' | 'dataKey'>;

function kmsError(error: unknown): AwsError {
  if (!(error instanceof AwsError)) throw error;
  if (error.code === 'AccessDeniedException') return new AwsError('AccessDenied', error.message, { status: 403 });
  return new AwsError(`KMS.${error.code}`, error.message, { status: 400 });
}

/** Reads and writes of object bytes, sealed under KMS data keys where the object or its bucket says so. */
export class ObjectBytes {
  constructor(
    private readonly cloud: Cloud,
    private readonly store: S3Store,
  ) {}

  private context(bucket: string, key: string, encryption: ObjectRecord['encryption']): Record<string, string> {
    return { 'aws:s3:arn': encryption.bucketKey === true ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${key}` };
  }

  async write(
    bucket: string,
    key: string,
    data: Uint8Array,
    encryption: ObjectRecord['encryption'],
    call: Call,
  ): Promise<{ file: string; dataKey?: string }> {
    if (encryption.algorithm !== 'aws:kms') return { file: await this.store.writeFile(data) };
    const input = {
      KeyId: encryption.keyId ?? 'alias/aws/s3',
      KeySpec: 'AES_256',
      EncryptionContext: this.context(bucket, key, encryption),
    };
    const made = await this.cloud
      .call<{ Plaintext: Uint8Array; CiphertextBlob: Uint8Array }>('kms', 'GenerateDataKey', input, forwarded(call.caller, 's3'))
      .catch((error) => {
        throw kmsError(error);
      });
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', made.Plaintext, iv);
    const sealed = Buffer.concat([cipher.update(data), cipher.final()]);
    const file = await this.store.writeFile(Buffer.concat([iv, cipher.getAuthTag(), sealed]));
    return { file, dataKey: Buffer.from(made.CiphertextBlob).toString('base64') };
  }

  async read(bucket: string, record: Sealed, call: Call): Promise<Buffer> {
    const bytes = await this.store.readFile(record.file ?? '');
    if (record.dataKey === undefined) return bytes;
    const input = {
      CiphertextBlob: Buffer.from(record.dataKey, 'base64'),
      EncryptionContext: this.context(bucket, record.key, record.encryption),
    };
    const opened = await this.cloud
      .call<{ Plaintext: Uint8Array }>('kms', 'Decrypt', input, forwarded(call.caller, 's3'))
      .catch((error) => {
        throw kmsError(error);
      });
    const decipher = createDecipheriv('aes-256-gcm', opened.Plaintext, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
  }

  encryptionOf(bucket: BucketRecord, request: PutRequest): ObjectRecord['encryption'] {
    if (request.ServerSideEncryption === undefined) return bucket.encryption;
    if (request.ServerSideEncryption === 'AES256') return { algorithm: 'AES256' };
    const keyId = request.SSEKMSKeyId ?? bucket.encryption.keyId;
    const bucketKey = request.BucketKeyEnabled ?? bucket.encryption.bucketKey ?? false;
    return { algorithm: 'aws:kms', bucketKey, ...(keyId === undefined ? {} : { keyId }) };
  }

  /** Stores a new current version of a key, keeping or replacing the old one as the bucket's versioning says. */
  async put(request: PutRequest, data: Uint8Array, call: Call, etag?: string): Promise<ObjectRecord> {
    const bucket = findBucket(this.store, request.Bucket);
    const key = request.Key ?? '';
    if (Buffer.byteLength(key) > 1024) throw new AwsError('KeyTooLongError', 'Your key is too long');
    const checksums = etag === undefined ? await checkedChecksums(request, data) : {};
    const encryption = this.encryptionOf(bucket, request);
    const written = await this.write(bucket.name, key, data, encryption, call);
    const record: ObjectRecord = {
      key,
      versionId: bucket.versioning === 'Enabled' ? randomBytes(16).toString('hex') : 'null',
      size: data.length,
      etag: etag ?? (encryption.algorithm === 'aws:kms' ? createHash('md5').update(written.file).digest('hex') : md5(data)),
      modified: this.cloud.clock.now(),
      contentType: request.ContentType ?? 'binary/octet-stream',
      metadata: request.Metadata ?? {},
      encryption,
      checksums,
      ...written,
      ...(request.ContentEncoding === undefined
        ? {}
        : { contentEncoding: request.ContentEncoding.replace(/,?aws-chunked,?/, '') }),
      ...(request.CacheControl === undefined ? {} : { cacheControl: request.CacheControl }),
    };
    const write = this.cloud.storage.transaction(() => {
      const current = this.store.objects.get([bucket.name, key]);
      const live = current?.deleted === true ? undefined : current;
      if (request.IfNoneMatch === '*' && live !== undefined)
        throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
          status: 412,
        });
      if (request.IfMatch !== undefined && live === undefined) throw noSuchKey(key);
      if (request.IfMatch !== undefined && `"${live?.etag}"` !== request.IfMatch && live?.etag !== request.IfMatch) {
        throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
          status: 412,
        });
      }
      return this.replace(bucket, record, current);
    });
    const replaced = await write.catch(async (error: unknown) => {
      await this.store.removeFile(record.file);
      throw error;
    });
    await this.store.removeFile(replaced);
    return record;
  }

  /** Inside a transaction: makes `record` current; returns the file of a version that is gone for good. */
  replace(bucket: BucketRecord, record: ObjectRecord, current: ObjectRecord | undefined): string | undefined {
    void this.store.objects.put([bucket.name, record.key], record);
    if (current === undefined) return undefined;
    if (bucket.versioning === 'Off' || (bucket.versioning === 'Suspended' && current.versionId === 'null')) return current.file;
    const dropped = bucket.versioning === 'Suspended' ? this.dropNullVersion(bucket.name, record.key) : undefined;
    void this.store.versions.put([bucket.name, record.key, this.store.sequence()], current);
    return dropped;
  }

  /** A key has one null version: a new one takes the place of that from before the bucket had versions. Returns its file. */
  private dropNullVersion(bucket: string, key: string): string | undefined {
    for (const { key: at, value } of [...this.store.versions.under([bucket, key])]) {
      if (value.versionId !== 'null') continue;
      void this.store.versions.remove(at);
      return value.file;
    }
    return undefined;
  }
}

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

/** First and last byte of a `Range` header; undefined for none. Throws `InvalidRange`. */
function byteRange(range: string | undefined, size: number): [number, number] | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range ?? '');
  if (match === null) return undefined;
  const [, from = '', to = ''] = match;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (start > end) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', { status: 416 });
  return [start, end];
}

export function objectOperations(cloud: Cloud, store: S3Store): Operations {
  const bytes = new ObjectBytes(cloud, store);
  const version = (bucket: string | undefined, key: string | undefined, versionId?: string): ObjectRecord => {
    findBucket(store, bucket);
    const current = store.objects.get([bucket ?? '', key ?? '']);
    if (versionId === undefined || current?.versionId === versionId) {
      if (versionId !== undefined && current?.deleted === true) throw deleteMarker();
      if (current === undefined || current.deleted === true) throw noSuchKey(key);
      return current;
    }
    for (const { value } of store.versions.under([bucket ?? '', key ?? ''])) {
      if (value.versionId !== versionId) continue;
      if (value.deleted === true) throw deleteMarker();
      return value;
    }
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', { status: 404 });
  };

  const remove = async (bucketName: string | undefined, key: string, versionId?: string): Promise<object> => {
    const bucket = findBucket(store, bucketName);
    const gone: (string | undefined)[] = [];
    const result = await cloud.storage.transaction(() => {
      const current = store.objects.get([bucket.name, key]);
      if (versionId !== undefined) return removeVersion(bucket, key, versionId, current, gone);
      if (current === undefined && bucket.versioning === 'Off') return {};
      if (bucket.versioning === 'Off') {
        gone.push(current?.file);
        void store.objects.remove([bucket.name, key]);
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
    });
    for (const file of gone) await store.removeFile(file);
    return result;
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
      // Overwritten between the look-up and the read: the new version is the answer.
      if (error instanceof AwsError || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
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
      const [source = '', query = ''] = decodeURIComponent(input.CopySource ?? '')
        .replace(/^\//, '')
        .split('?versionId=');
      const cut = source.indexOf('/');
      const [bucket, key] = [source.slice(0, cut), source.slice(cut + 1)];
      const original = version(bucket, key, query === '' ? undefined : query);
      const data = await bytes.read(bucket, original, call);
      const kept =
        input.MetadataDirective === 'REPLACE'
          ? input
          : { ...input, ContentType: original.contentType, Metadata: { ...original.metadata } };
      const record = await bytes.put(kept, data, call);
      return { CopyObjectResult: { ETag: `"${record.etag}"`, LastModified: new Date(record.modified) }, ...sseHeaders(record) };
    },
    DeleteObject: (input: Sdk.DeleteObjectCommandInput) => remove(input.Bucket, input.Key ?? '', input.VersionId),
    DeleteObjects: async (input: Sdk.DeleteObjectsCommandInput) => {
      const deleted: object[] = [];
      for (const object of input.Delete?.Objects ?? [])
        deleted.push({ Key: object.Key, ...(await remove(input.Bucket, object.Key ?? '', object.VersionId)) });
      return { Deleted: input.Delete?.Quiet === true ? [] : deleted };
    },
  };
}
