import type { IRestApi, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';

// CDK's classes declare some optional members as `T | undefined` where its interfaces say `?: T`. With exactOptionalPropertyTypes these
// are different types for the same objects; here, and only here, the one is taken for the other.

export function asBucket(bucket: Bucket): IBucket {
  return bucket as unknown as IBucket;
}

export function asVpc(vpc: Vpc): IVpc {
  return vpc as unknown as IVpc;
}

export function asRestApi(api: RestApi): IRestApi {
  return api as unknown as IRestApi;
}
