import type * as Sdk from '@aws-sdk/client-s3';
import type { Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { findBucket } from './object-bytes';
import type { PartRecord, S3Store, UploadRecord } from './store';

const MAX_PAGE = 1000;
const STORAGE_CLASS = 'STANDARD';

const partNumber = (key: unknown): number => Number((key as readonly unknown[])[1]);

function listedPart(number: number, { etag, size, modified = 0 }: PartRecord): object {
  return { PartNumber: number, ETag: `"${etag}"`, Size: size, LastModified: new Date(modified) };
}

/** Uploads of a bucket, by key and then by their beginning, as S3 lists them. */
function uploadsOf(store: S3Store, bucket: string, prefix: string): { id: string; upload: UploadRecord }[] {
  return [...store.uploads.entries()]
    .map(({ key, value }) => ({ id: String(key), upload: value }))
    .filter(({ upload }) => upload.bucket === bucket && upload.key.startsWith(prefix))
    .sort(
      (a, b) =>
        Buffer.compare(Buffer.from(a.upload.key), Buffer.from(b.upload.key)) ||
        (a.upload.started ?? 0) - (b.upload.started ?? 0) ||
        (a.id < b.id ? -1 : 1),
    );
}

/** What is under way in uploads of parts. */
export function multipartListings(store: S3Store, find: (id: string | undefined) => UploadRecord): Operations {
  return {
    ListParts: (input: Sdk.ListPartsCommandInput) => {
      find(input.UploadId);
      const { Bucket, Key, UploadId = '' } = input;
      const after = Number(input.PartNumberMarker ?? 0);
      const max = Math.min(input.MaxParts ?? MAX_PAGE, MAX_PAGE);
      const rest = [...store.parts.under([UploadId])]
        .map(({ key, value }) => ({ number: partNumber(key), part: value }))
        .filter(({ number }) => number > after);
      const page = rest.slice(0, max);
      const IsTruncated = rest.length > page.length;
      return {
        ...{ Bucket, Key, UploadId, MaxParts: max, PartNumberMarker: String(after), IsTruncated, StorageClass: STORAGE_CLASS },
        ...(IsTruncated ? { NextPartNumberMarker: String(page.at(-1)?.number ?? after) } : {}),
        Parts: page.map(({ number, part }) => listedPart(number, part)),
      };
    },
    ListMultipartUploads: (input: Sdk.ListMultipartUploadsCommandInput) => {
      const { name } = findBucket(store, input.Bucket);
      const { Prefix = '', KeyMarker = '', UploadIdMarker = '', Delimiter } = input;
      if (Delimiter !== undefined)
        throw new AwsError('NotImplemented', 'A delimiter of uploads is not implemented by the local AWS', { status: 501 });
      const max = Math.min(input.MaxUploads ?? MAX_PAGE, MAX_PAGE);
      const all = uploadsOf(store, name, Prefix);
      const begun = all.findIndex(({ id, upload }) => upload.key === KeyMarker && id === UploadIdMarker);
      const rest =
        begun >= 0
          ? all.slice(begun + 1)
          : all.filter(({ upload }) => Buffer.compare(Buffer.from(upload.key), Buffer.from(KeyMarker)) > 0);
      const page = rest.slice(0, max);
      const IsTruncated = rest.length > page.length;
      const last = page.at(-1);
      return {
        ...{ Bucket: name, Prefix, KeyMarker, UploadIdMarker, MaxUploads: max, IsTruncated },
        ...(IsTruncated && last !== undefined ? { NextKeyMarker: last.upload.key, NextUploadIdMarker: last.id } : {}),
        Uploads: page.map(({ id, upload }) => ({
          UploadId: id,
          Key: upload.key,
          Initiated: new Date(upload.started ?? 0),
          StorageClass: STORAGE_CLASS,
        })),
      };
    },
  };
}
