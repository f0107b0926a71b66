import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { asBucket } from './interfaces';

export interface SecureBucketProps {
  /** Key that encrypts the objects. */
  readonly key: IKey;
  /** What happens to the bucket when it leaves the stack. */
  readonly removal: RemovalPolicy;
  /** Bucket that receives the server access logs. */
  readonly accessLogs: Bucket;
  /**
   * After how long superseded versions go.
   *
   * @default Duration.days(30)
   */
  readonly noncurrentExpiration?: Duration;
  /**
   * After how long objects go.
   *
   * @default - objects stay
   */
  readonly expiration?: Duration;
}

const DEFAULTS = { noncurrentExpiration: Duration.days(30) } as const;

/** A bucket as every data class needs it: CMK, TLS only, no public access, versioned, logged. */
export class SecureBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: SecureBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Resource', {
      encryption: BucketEncryption.KMS,
      encryptionKey: props.key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      removalPolicy: props.removal,
      serverAccessLogsBucket: asBucket(props.accessLogs),
      serverAccessLogsPrefix: `${Stack.of(this).stackName}/${id.toLowerCase()}/`,
      lifecycleRules: [
        {
          id: 'superseded',
          noncurrentVersionExpiration: props.noncurrentExpiration ?? DEFAULTS.noncurrentExpiration,
          abortIncompleteMultipartUploadAfter: Duration.days(7),
          ...(props.expiration === undefined ? {} : { expiration: props.expiration }),
        },
      ],
    });
  }
}
