import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { SecureBucket, type SecureBucketProps } from '../../../lib/shared/secure-bucket';
import { testApp } from '../../support/app';

function template(props: Partial<SecureBucketProps> = {}): Template {
  const stack = new Stack(testApp(), 'Stack', {
    stackName: 'a-stack',
  });
  const accessLogs = new Bucket(stack, 'Logs');
  new SecureBucket(stack, 'Objects', { key: new Key(stack, 'Key'), removal: RemovalPolicy.RETAIN, accessLogs, ...props });
  return Template.fromStack(stack);
}

/** What CloudFormation is told of the bucket. */
function bucket(props?: Partial<SecureBucketProps>) {
  const buckets = Object.entries(template(props).findResources('AWS::S3::Bucket'));
  return buckets.find(([id]) => id.startsWith('Objects'))?.[1];
}

test('objects are encrypted with the key of their class, versioned and shut to the public', () => {
  expect(bucket()?.Properties).toMatchObject({
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: {
            SSEAlgorithm: 'aws:kms',
            KMSMasterKeyID: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] },
          },
        },
      ],
    },
    VersioningConfiguration: { Status: 'Enabled' },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  });
});

test('nobody reads or writes it without TLS', () => {
  template().hasResourceProperties('AWS::S3::BucketPolicy', {
    Bucket: { Ref: Match.stringLikeRegexp('^Objects') },
    PolicyDocument: {
      Statement: [
        { Effect: 'Deny', Action: 's3:*', Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ],
    },
  });
});

test('accesses are logged below the name of its stack and its own', () => {
  expect(bucket()?.Properties.LoggingConfiguration).toEqual({
    DestinationBucketName: { Ref: expect.stringMatching(/^Logs/) },
    LogFilePrefix: 'a-stack/objects/',
  });
});

test('superseded versions go after a month and uploads that were given up after a week; objects stay', () => {
  expect(bucket()?.Properties.LifecycleConfiguration.Rules).toEqual([
    {
      Id: 'superseded',
      Status: 'Enabled',
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    },
  ]);
});

test('a caller may let versions and objects go at another time', () => {
  const rules = bucket({ noncurrentExpiration: Duration.days(3), expiration: Duration.days(9) })?.Properties;

  expect(rules.LifecycleConfiguration.Rules).toMatchObject([
    { NoncurrentVersionExpiration: { NoncurrentDays: 3 }, ExpirationInDays: 9 },
  ]);
});

test.each([
  [RemovalPolicy.RETAIN, 'Retain'],
  [RemovalPolicy.DESTROY, 'Delete'],
])('when it leaves the stack: %s', (removal, expected) => {
  expect(bucket({ removal })).toMatchObject({ DeletionPolicy: expected, UpdateReplacePolicy: expected });
});
