import type * as Sdk from '@aws-sdk/client-s3';
import type { Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { findBucket } from './objects';
import type { BucketRecord, ObjectRecord, S3Store } from './store';

/** Bucket configurations that are one document each: operation suffix -> member of the request and answer. */
const SETTINGS: Readonly<Record<string, { member: string; missing: string }>> = {
  LifecycleConfiguration: { member: 'LifecycleConfiguration', missing: 'NoSuchLifecycleConfiguration' },
  Cors: { member: 'CORSConfiguration', missing: 'NoSuchCORSConfiguration' },
  Logging: { member: 'BucketLoggingStatus', missing: '' },
  OwnershipControls: { member: 'OwnershipControls', missing: 'OwnershipControlsNotFoundError' },
  NotificationConfiguration: { member: 'NotificationConfiguration', missing: '' },
};

function policyOperations(store: S3Store): Operations {
  return {
    PutBucketPolicy: async (input: Sdk.PutBucketPolicyCommandInput) => {
      const bucket = findBucket(store, input.Bucket);
      await store.buckets.put(bucket.name, { ...bucket, policy: String(input.Policy) });
    },
    GetBucketPolicy: (input: Sdk.GetBucketPolicyCommandInput) => {
      const { policy } = findBucket(store, input.Bucket);
      if (policy === undefined) throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', { status: 404 });
      return { Policy: policy };
    },
    DeleteBucketPolicy: async (input: Sdk.DeleteBucketPolicyCommandInput) => {
      const { policy: _, ...bucket } = findBucket(store, input.Bucket);
      await store.buckets.put(bucket.name, bucket);
    },
  };
}

function settingOperations(store: S3Store): Operations {
  const operations: Record<string, (input: Record<string, unknown> & { Bucket?: string }) => unknown> = {};
  for (const [suffix, { member, missing }] of Object.entries(SETTINGS)) {
    operations[`PutBucket${suffix}`] = async (input) => {
      const bucket = findBucket(store, input.Bucket);
      await store.buckets.put(bucket.name, { ...bucket, settings: { ...bucket.settings, [member]: input[member] } });
    };
    operations[`GetBucket${suffix}`] = (input) => {
      const value = findBucket(store, input.Bucket).settings[member];
      if (value === undefined && missing !== '') throw new AwsError(missing, `The ${member} does not exist`, { status: 404 });
      return suffix === 'Cors' || suffix === 'LifecycleConfiguration' ? value : { [member]: value };
    };
  }
  return {
    ...operations,
    PutPublicAccessBlock: async (input: Sdk.PutPublicAccessBlockCommandInput) => {
      const bucket = findBucket(store, input.Bucket);
      await store.buckets.put(bucket.name, {
        ...bucket,
        settings: { ...bucket.settings, PublicAccessBlockConfiguration: input.PublicAccessBlockConfiguration },
      });
    },
    GetPublicAccessBlock: (input: Sdk.GetPublicAccessBlockCommandInput) => ({
      PublicAccessBlockConfiguration: findBucket(store, input.Bucket).settings.PublicAccessBlockConfiguration,
    }),
    PutBucketTagging: async (input: Sdk.PutBucketTaggingCommandInput) => {
      const bucket = findBucket(store, input.Bucket);
      const tags = (input.Tagging?.TagSet ?? []).map((tag) => ({ Key: tag.Key ?? '', Value: tag.Value ?? '' }));
      await store.buckets.put(bucket.name, { ...bucket, tags });
    },
    GetBucketTagging: (input: Sdk.GetBucketTaggingCommandInput) => ({ TagSet: findBucket(store, input.Bucket).tags }),
  };
}

function encryptionOperations(store: S3Store): Operations {
  return {
    PutBucketEncryption: async (input: Sdk.PutBucketEncryptionCommandInput) => {
      const bucket = findBucket(store, input.Bucket);
      const rule = input.ServerSideEncryptionConfiguration?.Rules?.[0];
      const given = rule?.ApplyServerSideEncryptionByDefault;
      const keyId = given?.KMSMasterKeyID;
      const encryption: BucketRecord['encryption'] =
        given?.SSEAlgorithm === 'aws:kms'
          ? { algorithm: 'aws:kms', bucketKey: rule?.BucketKeyEnabled === true, ...(keyId === undefined ? {} : { keyId }) }
          : { algorithm: 'AES256' };
      await store.buckets.put(bucket.name, { ...bucket, encryption });
    },
    GetBucketEncryption: (input: Sdk.GetBucketEncryptionCommandInput) => {
      const { algorithm, keyId, bucketKey } = findBucket(store, input.Bucket).encryption;
      return {
        ServerSideEncryptionConfiguration: {
          Rules: [
            {
              ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm, KMSMasterKeyID: keyId },
              BucketKeyEnabled: bucketKey === true,
            },
          ],
        },
      };
    },
    PutBucketVersioning: async (input: Sdk.PutBucketVersioningCommandInput) => {
      const bucket = findBucket(store, input.Bucket);
      await store.buckets.put(bucket.name, {
        ...bucket,
        versioning: input.VersioningConfiguration?.Status === 'Enabled' ? 'Enabled' : 'Suspended',
      });
    },
    GetBucketVersioning: (input: Sdk.GetBucketVersioningCommandInput) => {
      const { versioning } = findBucket(store, input.Bucket);
      return versioning === 'Off' ? {} : { Status: versioning };
    },
  };
}

interface Listed {
  readonly Key?: string;
  readonly Prefix?: string;
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
  const start = after > prefix ? after : prefix;
  for (const { value } of store.objects.entries({ start: [bucket, start], end: [bucket, `${prefix}\uffff`] })) {
    if (value.deleted === true || value.key <= after || !value.key.startsWith(prefix)) continue;
    const cut = delimiter === undefined ? -1 : value.key.indexOf(delimiter, prefix.length);
    const folded = cut < 0 || delimiter === undefined ? undefined : value.key.slice(0, cut + delimiter.length);
    if (folded !== undefined && (seen.has(folded) || folded <= after)) continue;
    if (items.length === max) return { items, truncated: true };
    if (folded === undefined) items.push({ Key: value.key, record: value });
    else {
      seen.add(folded);
      items.push({ Prefix: folded });
    }
  }
  return { items, truncated: false };
}

function listOperations(store: S3Store): Operations {
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
      last: last?.Key ?? `${last?.Prefix ?? ''}\uffff`,
      count: items.length,
    };
  };
  return {
    ListObjectsV2: (input: Sdk.ListObjectsV2CommandInput) => {
      const after =
        input.ContinuationToken === undefined
          ? (input.StartAfter ?? '')
          : Buffer.from(input.ContinuationToken, 'base64url').toString('utf8');
      const { last, count, ...listed } = page(
        input.Bucket ?? '',
        input.Prefix ?? '',
        input.Delimiter,
        after,
        input.MaxKeys ?? 1000,
      );
      const next = listed.IsTruncated ? { NextContinuationToken: Buffer.from(last).toString('base64url') } : {};
      return {
        Name: input.Bucket,
        Prefix: input.Prefix ?? '',
        Delimiter: input.Delimiter,
        MaxKeys: input.MaxKeys ?? 1000,
        KeyCount: count,
        ...listed,
        ...next,
      };
    },
    ListObjects: (input: Sdk.ListObjectsCommandInput) => {
      const {
        last,
        count: _,
        ...listed
      } = page(input.Bucket ?? '', input.Prefix ?? '', input.Delimiter, input.Marker ?? '', input.MaxKeys ?? 1000);
      return {
        Name: input.Bucket,
        Prefix: input.Prefix ?? '',
        Marker: input.Marker ?? '',
        MaxKeys: input.MaxKeys ?? 1000,
        ...listed,
        ...(listed.IsTruncated ? { NextMarker: last } : {}),
      };
    },
    ListObjectVersions: (input: Sdk.ListObjectVersionsCommandInput) => {
      findBucket(store, input.Bucket);
      const bucket = input.Bucket ?? '';
      const all = [
        ...[...store.objects.under([bucket])].map(({ value }) => ({ value, latest: true })),
        ...[...store.versions.under([bucket], { reverse: true })].map(({ value }) => ({ value, latest: false })),
      ].filter(({ value }) => value.key.startsWith(input.Prefix ?? ''));
      const shape = ({ value, latest }: { value: ObjectRecord; latest: boolean }) => ({
        Key: value.key,
        VersionId: value.versionId,
        IsLatest: latest,
        LastModified: new Date(value.modified),
        ETag: `"${value.etag}"`,
        Size: value.size,
      });
      return {
        Name: bucket,
        IsTruncated: false,
        Versions: all.filter(({ value }) => value.deleted !== true).map(shape),
        DeleteMarkers: all.filter(({ value }) => value.deleted === true).map(shape),
      };
    },
  };
}

export function bucketOperations(cloud: Cloud, store: S3Store): Operations {
  return {
    ...policyOperations(store),
    ...settingOperations(store),
    ...encryptionOperations(store),
    ...listOperations(store),
    CreateBucket: async (input: Sdk.CreateBucketCommandInput) => {
      const name = input.Bucket ?? '';
      if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name))
        throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
      if (store.buckets.get(name) !== undefined)
        throw new AwsError(
          'BucketAlreadyOwnedByYou',
          'Your previous request to create the named bucket succeeded and you already own it.',
          { status: 409 },
        );
      await store.buckets.put(name, {
        name,
        created: cloud.clock.now(),
        versioning: 'Off',
        encryption: { algorithm: 'AES256' },
        settings: {},
        tags: [],
      });
      return { Location: `/${name}` };
    },
    HeadBucket: (input: Sdk.HeadBucketCommandInput) => {
      findBucket(store, input.Bucket);
      return { BucketRegion: cloud.region };
    },
    ListBuckets: () => ({
      Buckets: [...store.buckets.entries()].map(({ value }) => ({ Name: value.name, CreationDate: new Date(value.created) })),
    }),
    GetBucketLocation: (input: Sdk.GetBucketLocationCommandInput) => {
      findBucket(store, input.Bucket);
      return { LocationConstraint: cloud.region };
    },
    DeleteBucket: async (input: Sdk.DeleteBucketCommandInput) => {
      const bucket = findBucket(store, input.Bucket);
      const full =
        [...store.objects.under([bucket.name], { limit: 1 }), ...store.versions.under([bucket.name], { limit: 1 })].length > 0;
      if (full)
        throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', {
          status: 409,
          members: { BucketName: bucket.name },
        });
      await store.buckets.remove(bucket.name);
    },
  };
}
