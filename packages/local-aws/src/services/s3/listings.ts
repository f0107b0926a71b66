import type * as Sdk from '@aws-sdk/client-s3';
import type { Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { HIGHEST } from '../../storage/storage';
import { findBucket } from './object-bytes';
import type { ObjectRecord, S3Store } from './store';

const MAX_PAGE = 1000;

function pageSize(asked: number | undefined): number {
  return Math.min(asked ?? MAX_PAGE, MAX_PAGE);
}

interface Listed {
  readonly Key?: string;
  readonly Prefix?: string;
}

/** Whether text comes before other text in S3's order, that of UTF-8 bytes (which JavaScript's own is not beyond U+FFFF). */
function precedes(text: string, other: string): boolean {
  return Buffer.compare(Buffer.from(text), Buffer.from(other)) < 0;
}

/** One page of a listing in UTF-8 order, with common prefixes folded; `after` is exclusive. */
function listPage(
  store: S3Store,
  bucket: string,
  prefix: string,
  delimiter: string | undefined,
  after: string,
  max: number,
): { items: (Listed & { record?: ObjectRecord })[]; truncated: boolean } {
  const items: (Listed & { record?: ObjectRecord })[] = [];
  const seen = new Set<string>();
  const start = precedes(prefix, after) ? after : prefix;
  for (const { value } of store.objects.entries({ start: [bucket, start], end: [bucket, prefix + HIGHEST] })) {
    if (value.deleted === true || !precedes(after, value.key) || !value.key.startsWith(prefix)) continue;
    const cut = delimiter === undefined ? -1 : value.key.indexOf(delimiter, prefix.length);
    const folded = cut < 0 || delimiter === undefined ? undefined : value.key.slice(0, cut + delimiter.length);
    if (folded !== undefined && (seen.has(folded) || !precedes(after, folded))) continue;
    if (items.length === max) return { items, truncated: max > 0 };
    if (folded === undefined) items.push({ Key: value.key, record: value });
    else {
      seen.add(folded);
      items.push({ Prefix: folded });
    }
  }
  return { items, truncated: false };
}

interface Version {
  readonly value: ObjectRecord;
  readonly latest: boolean;
}

/** Every version under a prefix: keys in order, the newest version of each first. */
function* versionsOf(store: S3Store, bucket: string, prefix: string, from: string): Iterable<Version> {
  const start = precedes(prefix, from) ? from : prefix;
  for (const { value } of store.objects.entries({ start: [bucket, start], end: [bucket, prefix + HIGHEST] })) {
    if (!value.key.startsWith(prefix)) continue;
    yield { value, latest: true };
    for (const older of store.versions.under([bucket, value.key], { reverse: true })) yield { value: older.value, latest: false };
  }
}

function versionPage(store: S3Store, input: Sdk.ListObjectVersionsCommandInput): object {
  const { name } = findBucket(store, input.Bucket);
  if (input.Delimiter !== undefined)
    throw new AwsError('NotImplemented', 'The local AWS lists versions without a delimiter.', { status: 501 });
  const max = pageSize(input.MaxKeys);
  const page: Version[] = [];
  let truncated = false;
  // The markers name the last version of the page before.
  let passed = input.KeyMarker === undefined;
  for (const version of versionsOf(store, name, input.Prefix ?? '', input.KeyMarker ?? '')) {
    if (!passed && version.value.key === input.KeyMarker) {
      passed = version.value.versionId === input.VersionIdMarker;
      continue;
    }
    passed = true;
    truncated = page.length === max;
    if (truncated) break;
    page.push(version);
  }
  const shape = ({ value, latest }: Version) => ({
    Key: value.key,
    VersionId: value.versionId,
    IsLatest: latest,
    LastModified: new Date(value.modified),
  });
  const last = page.at(-1)?.value;
  return {
    Name: name,
    Prefix: input.Prefix ?? '',
    MaxKeys: max,
    IsTruncated: truncated && max > 0,
    Versions: page
      .filter(({ value }) => value.deleted !== true)
      .map((version) => ({
        ...shape(version),
        ETag: `"${version.value.etag}"`,
        Size: version.value.size,
        StorageClass: 'STANDARD',
      })),
    DeleteMarkers: page.filter(({ value }) => value.deleted === true).map(shape),
    ...(truncated ? { NextKeyMarker: last?.key, NextVersionIdMarker: last?.versionId } : {}),
  };
}

/** What the operations share. */
function listScope(store: S3Store) {
  const page = (bucket: string, prefix: string, delimiter: string | undefined, after: string, max: number) => {
    findBucket(store, bucket);
    const { items, truncated } = listPage(store, bucket, prefix, delimiter, after, max);
    const contents = items
      .filter((item) => item.record !== undefined)
      .map(({ record }) => ({
        Key: record?.key,
        LastModified: new Date(record?.modified ?? 0),
        ETag: `"${record?.etag}"`,
        Size: record?.size,
        StorageClass: 'STANDARD',
      }));
    const prefixes = items.filter((item) => item.Prefix !== undefined).map(({ Prefix }) => ({ Prefix }));
    const last = items.at(-1);
    return {
      Contents: contents,
      CommonPrefixes: prefixes,
      IsTruncated: truncated,
      last: last?.Key ?? `${last?.Prefix ?? ''}${HIGHEST}`,
      count: items.length,
    };
  };
  return { page };
}
type ListScope = ReturnType<typeof listScope>;

function listObjectsV2({ page }: ListScope, input: Sdk.ListObjectsV2CommandInput) {
  const after =
    input.ContinuationToken === undefined
      ? (input.StartAfter ?? '')
      : Buffer.from(input.ContinuationToken, 'base64url').toString('utf8');
  const { last, count, ...listed } = page(
    input.Bucket ?? '',
    input.Prefix ?? '',
    input.Delimiter,
    after,
    pageSize(input.MaxKeys),
  );
  const next = listed.IsTruncated ? { NextContinuationToken: Buffer.from(last).toString('base64url') } : {};
  return {
    Name: input.Bucket,
    Prefix: input.Prefix ?? '',
    Delimiter: input.Delimiter,
    MaxKeys: pageSize(input.MaxKeys),
    KeyCount: count,
    ...listed,
    ...next,
  };
}

function listObjects({ page }: ListScope, input: Sdk.ListObjectsCommandInput) {
  const {
    last,
    count: _,
    ...listed
  } = page(input.Bucket ?? '', input.Prefix ?? '', input.Delimiter, input.Marker ?? '', pageSize(input.MaxKeys));
  return {
    Name: input.Bucket,
    Prefix: input.Prefix ?? '',
    Marker: input.Marker ?? '',
    MaxKeys: pageSize(input.MaxKeys),
    ...listed,
    ...(listed.IsTruncated ? { NextMarker: last } : {}),
  };
}

export function listOperations(store: S3Store): Operations {
  const scope = listScope(store);
  return {
    ListObjectsV2: (input: Sdk.ListObjectsV2CommandInput) => listObjectsV2(scope, input),
    ListObjects: (input: Sdk.ListObjectsCommandInput) => listObjects(scope, input),
    ListObjectVersions: (input: Sdk.ListObjectVersionsCommandInput) => versionPage(store, input),
  };
}
