import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionCode } from '@aws-sdk/client-lambda';
import type { Call, Cloud } from '../../cloud';
import { unzip } from '../../compute/unzip';
import { AwsError } from '../../errors';
import type { CodeRecord } from './store';

const MAX_UPLOAD = 50 * 1024 * 1024;

interface S3Object {
  readonly Body?:
    | { transformToByteArray?(): Promise<Uint8Array>; [Symbol.asyncIterator]?(): AsyncIterator<Uint8Array> }
    | Uint8Array;
}

async function bytesOf(body: S3Object['Body']): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  if (body instanceof Uint8Array) return Buffer.from(body);
  if (body.transformToByteArray !== undefined) return Buffer.from(await body.transformToByteArray());
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The unpacked code of functions, one folder per function and archive. */
export class CodeStore {
  constructor(private readonly cloud: Cloud) {}

  folder(name: string, code: CodeRecord): string {
    return join(
      this.cloud.stateDir,
      'lambda',
      'code',
      name,
      code.sha256.replaceAll('/', '_').replaceAll('+', '-').replaceAll('=', ''),
    );
  }

  /** Gets the archive (inline, or from S3 in the name of the caller) and unpacks it. */
  async take(name: string, code: FunctionCode | undefined, call: Call): Promise<CodeRecord> {
    const zip = await this.archive(code, call);
    const record = { sha256: createHash('sha256').update(zip).digest('base64'), size: zip.length };
    const folder = this.folder(name, record);
    if (existsSync(folder)) return record;
    const unpacking = `${folder}.${process.pid}.part`;
    rmSync(unpacking, { recursive: true, force: true });
    mkdirSync(unpacking, { recursive: true });
    unzip(zip, unpacking);
    // A folder is there either whole or not at all.
    renameSync(unpacking, folder);
    return record;
  }

  forget(name: string): void {
    rmSync(join(this.cloud.stateDir, 'lambda', 'code', name), { recursive: true, force: true });
  }

  private async archive(code: FunctionCode | undefined, call: Call): Promise<Buffer> {
    if (code?.ImageUri !== undefined)
      throw new AwsError('InvalidParameterValueException', 'The local AWS runs functions from zip archives, not from images.', {
        status: 400,
      });
    if (code?.ZipFile !== undefined) {
      if (code.ZipFile.length > MAX_UPLOAD)
        throw new AwsError(
          'RequestEntityTooLargeException',
          `Request must be smaller than ${MAX_UPLOAD} bytes for the CreateFunction operation`,
          { status: 413 },
        );
      return Buffer.from(code.ZipFile);
    }
    const source = { Bucket: code?.S3Bucket, Key: code?.S3Key, VersionId: code?.S3ObjectVersion };
    if (source.Bucket === undefined || source.Key === undefined)
      throw new AwsError('InvalidParameterValueException', 'Please provide a source for function code.', { status: 400 });
    try {
      return await bytesOf((await this.cloud.call<S3Object>('s3', 'GetObject', source, call.caller)).Body);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const text = `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`;
      throw new AwsError('InvalidParameterValueException', text, { status: 400 });
    }
  }
}
