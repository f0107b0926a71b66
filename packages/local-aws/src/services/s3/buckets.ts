import type * as Sdk from '@aws-sdk/client-s3';
import type { Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { findBucket } from './object-bytes';
import type { BucketRecord, S3Store } from './store';

/** Bucket configurations that are one document each: operation suffix -> member of the request and answer. */
const SETTINGS: Readonly<Record<string, { member: string; missing: string }>> = {
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
      return suffix === 'Cors' ? value : { [member]: value };
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

export function bucketOperations(cloud: Cloud, store: S3Store): Operations {
  return {
    ...policyOperations(store),
    ...settingOperations(store),
    ...encryptionOperations(store),
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
