import { ANY, actionsOn, type ContextValue, type Input, type Right, type Rights, type RightsOf } from '../../iam/rights';
import { copySource } from './copy-source';

const BUCKETS = 'arn:aws:s3:::';
const bucketArn = (bucket: string | undefined): string => `${BUCKETS}${bucket ?? ''}`;
const objectArn = (bucket: string | undefined, key: string | undefined): string => `${bucketArn(bucket)}/${key ?? ''}`;

/** Actions of bucket operations whose names differ from the operation's. */
const BUCKET_ACTIONS: Readonly<Record<string, string>> = {
  PutBucketPolicy: 'PutBucketPolicy',
  GetBucketPolicy: 'GetBucketPolicy',
  DeleteBucketPolicy: 'DeleteBucketPolicy',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
  DeleteBucketLifecycle: 'PutLifecycleConfiguration',
  PutBucketCors: 'PutBucketCORS',
  GetBucketCors: 'GetBucketCORS',
  PutBucketLogging: 'PutBucketLogging',
  GetBucketLogging: 'GetBucketLogging',
  PutBucketOwnershipControls: 'PutBucketOwnershipControls',
  GetBucketOwnershipControls: 'GetBucketOwnershipControls',
  PutBucketNotificationConfiguration: 'PutBucketNotification',
  GetBucketNotificationConfiguration: 'GetBucketNotification',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
  PutBucketTagging: 'PutBucketTagging',
  GetBucketTagging: 'GetBucketTagging',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  GetBucketEncryption: 'GetEncryptionConfiguration',
  PutBucketVersioning: 'PutBucketVersioning',
  GetBucketVersioning: 'GetBucketVersioning',
  CreateBucket: 'CreateBucket',
  DeleteBucket: 'DeleteBucket',
  HeadBucket: 'ListBucket',
  GetBucketLocation: 'GetBucketLocation',
};

function present(values: Readonly<Record<string, unknown>>): Record<string, ContextValue> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)] as const])),
  );
}

const listed =
  (action: string): RightsOf =>
  (input) => [
    {
      action: `s3:${action}`,
      resource: bucketArn(input.Bucket),
      context: present({ 's3:prefix': input.Prefix, 's3:delimiter': input.Delimiter, 's3:max-keys': input.MaxKeys }),
    },
  ];

const onObject =
  (action: string): RightsOf =>
  (input) => [{ action: `s3:${action}`, resource: objectArn(input.Bucket, input.Key) }];

const versioned =
  (action: string): RightsOf =>
  (input) => [
    {
      action: `s3:${action}${input.VersionId === undefined ? '' : 'Version'}`,
      resource: objectArn(input.Bucket, input.Key),
      context: present({ 's3:VersionId': input.VersionId }),
    },
  ];

/** Writing an object; its tags need a right of their own. */
const written: RightsOf = (input) => {
  const resource = objectArn(input.Bucket, input.Key);
  const context = present({
    's3:x-amz-server-side-encryption': input.ServerSideEncryption,
    's3:x-amz-server-side-encryption-aws-kms-key-id': input.SSEKMSKeyId,
    's3:x-amz-storage-class': input.StorageClass,
    's3:x-amz-acl': input.ACL,
  });
  const tagging: Right[] = input.Tagging === undefined ? [] : [{ action: 's3:PutObjectTagging', resource }];
  return [{ action: 's3:PutObject', resource, context }, ...tagging];
};

function copied(input: Input): readonly Right[] {
  const { bucket, key, versionId } = copySource(input.CopySource);
  const action = versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  return [{ action, resource: objectArn(bucket, key) }];
}

/** Rights of S3's operations. Source: Service Authorization Reference, "Amazon S3", and "Required permissions for S3 API operations". */
export const s3Rights: Rights = {
  ...Object.fromEntries(
    Object.entries(BUCKET_ACTIONS).map(([operation, action]): [string, RightsOf] => [
      operation,
      (input) => [{ action: `s3:${action}`, resource: bucketArn(input.Bucket) }],
    ]),
  ),
  ...actionsOn('s3', [['AbortMultipartUpload', ({ Bucket, Key }: Input) => objectArn(Bucket, Key)]]),
  ListParts: onObject('ListMultipartUploadParts'),
  ListBuckets: (input, scope) => [{ action: 's3:ListAllMyBuckets', resource: String(ANY(input, scope)) }],
  ListObjects: listed('ListBucket'),
  ListObjectsV2: listed('ListBucket'),
  ListObjectVersions: listed('ListBucketVersions'),
  ListMultipartUploads: listed('ListBucketMultipartUploads'),
  GetObject: versioned('GetObject'),
  HeadObject: versioned('GetObject'),
  DeleteObject: versioned('DeleteObject'),
  DeleteObjects: (input, scope) =>
    ((input.Delete?.Objects ?? []) as Input[]).flatMap((object) =>
      versioned('DeleteObject')({ Bucket: input.Bucket, ...object }, scope),
    ),
  PutObject: written,
  CopyObject: (input, scope) => [...copied(input), ...written(input, scope)],
  CreateMultipartUpload: written,
  UploadPart: onObject('PutObject'),
  UploadPartCopy: (input, scope) => [...copied(input), ...onObject('PutObject')(input, scope)],
  CompleteMultipartUpload: onObject('PutObject'),
};
