import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, normalize, sep } from 'node:path';
import type { Caller, Cloud } from '../../cloud';
import { validationError } from '../../errors';

interface Listing {
  readonly Contents?: readonly { readonly Key?: string }[];
  readonly NextContinuationToken?: string;
}

export function parseS3Uri(uri: string | undefined): { bucket: string; key: string } {
  const match = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri ?? '');
  if (match === null) throw validationError(`'${uri}' is not an S3 address (s3://bucket/key)`);
  return { bucket: match[1] ?? '', key: match[2] ?? '' };
}

/** Files between S3 and a folder, as one role. */
export class S3Files {
  constructor(
    private readonly cloud: Cloud,
    private readonly caller: Caller,
  ) {}

  async read(uri: string): Promise<Buffer> {
    const { bucket, key } = parseS3Uri(uri);
    const answer = await this.cloud.call<{ Body?: Uint8Array }>('s3', 'GetObject', { Bucket: bucket, Key: key }, this.caller);
    return Buffer.from(answer.Body ?? []);
  }

  /** Copies every object under a prefix to `folder`, each by its key after the prefix (a single object by its last part). */
  async download(uri: string, folder: string): Promise<number> {
    const { bucket, key: prefix } = parseS3Uri(uri);
    const keys = (await this.keys(bucket, prefix)).filter((key) => !key.endsWith('/'));
    for (const key of keys) {
      const rest = key.slice(prefix.length).replace(/^\/+/, '');
      const target = normalize(join(folder, rest === '' ? basename(key) : rest));
      if (!target.startsWith(folder + sep)) throw validationError(`the key '${key}' leads out of its folder`);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, await this.read(`s3://${bucket}/${key}`));
    }
    return keys.length;
  }

  /** Whether any object lies under a prefix. */
  async exists(uri: string): Promise<boolean> {
    const { bucket, key } = parseS3Uri(uri);
    const input = { Bucket: bucket, Prefix: key, MaxKeys: 1 };
    const answer = await this.cloud.call<Listing>('s3', 'ListObjectsV2', input, this.caller);
    return (answer.Contents ?? []).length > 0;
  }

  async put(uri: string, body: Uint8Array, kmsKeyId?: string): Promise<void> {
    const { bucket, key } = parseS3Uri(uri);
    const sealed = kmsKeyId === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId };
    await this.cloud.call('s3', 'PutObject', { Bucket: bucket, Key: key, Body: body, ...sealed }, this.caller);
  }

  /** Copies the files of a folder, in the order of their names, under an address. */
  async upload(folder: string, uri: string, kmsKeyId?: string): Promise<number> {
    const files = await filesUnder(folder);
    for (const file of files)
      await this.put(`${uri.replace(/\/+$/, '')}/${file.split(sep).join('/')}`, await readFile(join(folder, file)), kmsKeyId);
    return files.length;
  }

  private async keys(bucket: string, prefix: string): Promise<string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const input = { Bucket: bucket, Prefix: prefix, ContinuationToken: token };
      const answer: Listing = await this.cloud.call<Listing>('s3', 'ListObjectsV2', input, this.caller);
      keys.push(...(answer.Contents ?? []).map(({ Key = '' }) => Key));
      token = answer.NextContinuationToken;
    } while (token !== undefined);
    return keys;
  }
}

/** Paths of the plain files under a folder, relative to it and sorted. */
export async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
}
