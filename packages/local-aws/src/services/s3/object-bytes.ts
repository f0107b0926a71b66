import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { type Call, type Cloud, forwarded } from '../../cloud';
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
type Sealed = Pick<ObjectRecord, 'key' | 'encryption' | 'file' | 'crc' | 'dataKey'>;

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
  ): Promise<{ file: string; crc: number; dataKey?: string }> {
    if (encryption.algorithm !== 'aws:kms') return this.store.writeFile(data);
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
    const written = await this.store.writeFile(Buffer.concat([iv, cipher.getAuthTag(), sealed]));
    return { ...written, dataKey: Buffer.from(made.CiphertextBlob).toString('base64') };
  }

  async read(bucket: string, record: Sealed, call: Call): Promise<Buffer> {
    const bytes = await this.store.readFile(record);
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
    try {
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
    } catch {
      throw this.store.damaged(record.file ?? '', 'its bytes do not open under their key');
    }
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
