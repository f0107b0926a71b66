import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';

export interface BucketRecord {
  readonly name: string;
  readonly created: number;
  readonly versioning: 'Off' | 'Enabled' | 'Suspended';
  readonly encryption: { readonly algorithm: 'AES256' | 'aws:kms'; readonly keyId?: string; readonly bucketKey?: boolean };
  readonly policy?: string;
  /** Further configurations by name (lifecycle, public access block, logging, CORS, ownership ...), as given. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

export interface ObjectRecord {
  readonly key: string;
  readonly versionId: string;
  readonly deleted?: boolean;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly cacheControl?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly encryption: BucketRecord['encryption'];
  /** File under the objects folder; for KMS objects its bytes are sealed under `dataKey`. */
  readonly file?: string;
  /** CRC-32 of the file's bytes; absent in states of before files were checked. */
  readonly crc?: number;
  readonly dataKey?: string;
  readonly checksums?: Readonly<Record<string, string>>;
}

export interface UploadRecord {
  readonly bucket: string;
  readonly key: string;
  readonly request: Readonly<Record<string, unknown>>;
  /** Settled when the upload begins; absent in states of before parts were encrypted. */
  readonly encryption?: BucketRecord['encryption'];
  /** Epoch ms; absent in states of before uploads had an age. */
  readonly started?: number;
}

export interface PartRecord {
  readonly file: string;
  /** As of an object. */
  readonly crc?: number;
  readonly etag: string;
  readonly size: number;
  /** Epoch ms; absent in states of before parts were listed. */
  readonly modified?: number;
  /** As of an object: its bytes are sealed under it. */
  readonly dataKey?: string;
}

/** Buckets, object versions (newest under `s3/objects`, older under `s3/versions`), uploads; bytes as files. */
export class S3Store {
  readonly buckets: Table<BucketRecord>;
  readonly objects: Table<ObjectRecord>;
  /** Key `[bucket, key, sequence]`; the sequence orders the versions of a key. */
  readonly versions: Table<ObjectRecord>;
  readonly uploads: Table<UploadRecord>;
  readonly parts: Table<PartRecord>;
  readonly folder: string;
  /** Names of the files that this server has begun, until stray files are looked for no more. */
  private begun: Set<string> | undefined = new Set();

  constructor(private readonly cloud: Cloud) {
    this.buckets = cloud.storage.table('s3/buckets');
    this.objects = cloud.storage.table('s3/objects');
    this.versions = cloud.storage.table('s3/versions');
    this.uploads = cloud.storage.table('s3/uploads');
    this.parts = cloud.storage.table('s3/parts');
    this.folder = join(cloud.stateDir, 's3');
    mkdirSync(this.folder, { recursive: true });
  }

  /** Writes bytes to a new file: temporary name first, then rename, so that a killed write leaves nothing half. */
  async writeFile(data: Uint8Array): Promise<{ file: string; crc: number }> {
    const id = randomUUID();
    this.begun?.add(id);
    const file = join(id.slice(0, 2), id);
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    try {
      await writeFile(`${path}.part`, data);
      await rename(`${path}.part`, path);
    } catch (error) {
      await rm(`${path}.part`, { force: true });
      throw error;
    }
    return { file, crc: crc32(data) };
  }

  /** Bytes of a file as they were written; throws if it is damaged. */
  async readFile({ file = '', crc }: Pick<ObjectRecord, 'file' | 'crc'>): Promise<Buffer> {
    const data = await readFile(join(this.folder, file));
    if (crc !== undefined && crc32(data) !== crc) throw this.damaged(file, 'its bytes are not those that were written');
    return data;
  }

  damaged(file: string, why: string): AwsError {
    const path = join(this.folder, file);
    return new AwsError(
      'InternalError',
      `We encountered an internal error. The file ${path} of the object is damaged (${why}): restore it, or delete the object.`,
      { status: 500 },
    );
  }

  isOfThisServer(name: string): boolean {
    return this.begun?.has(name.replace(/\.part$/, '')) ?? true;
  }

  forgetBegun(): void {
    this.begun = undefined;
  }

  async removeFile(file: string | undefined): Promise<void> {
    if (file !== undefined) await rm(join(this.folder, file), { force: true });
  }

  sequence(): string {
    return `${String(this.cloud.clock.now()).padStart(15, '0')}-${process.hrtime.bigint().toString().padStart(20, '0')}`;
  }
}

export function md5(data: Uint8Array): string {
  return createHash('md5').update(data).digest('hex');
}
