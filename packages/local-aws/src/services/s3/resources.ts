import type { ResourceContext, ResourceProperties, ResourceType } from '../../cloud';

const LATER = 'kept and shown; nothing here acts on it yet';

/** CloudFormation's lifecycle rule as S3's API writes it; what the API refuses here keeps its name, so that it is told. */
function lifecycleRule({ Id, Prefix, ExpirationInDays, NoncurrentVersionExpirationInDays, ...rule }: ResourceProperties): object {
  return {
    ...rule,
    ID: Id,
    Filter: { Prefix: Prefix ?? '' },
    ...(ExpirationInDays === undefined ? {} : { Expiration: { Days: Number(ExpirationInDays) } }),
    ...(NoncurrentVersionExpirationInDays === undefined
      ? {}
      : { NoncurrentVersionExpiration: { NoncurrentDays: Number(NoncurrentVersionExpirationInDays) } }),
  };
}

async function configure(
  name: string,
  properties: ResourceProperties,
  previous: ResourceProperties,
  context: ResourceContext,
): Promise<void> {
  const put = (operation: string, input: object): Promise<unknown> => context.call('s3', operation, { Bucket: name, ...input });
  const versioning =
    properties.VersioningConfiguration?.Status ?? (previous.VersioningConfiguration === undefined ? undefined : 'Suspended');
  if (versioning !== undefined) await put('PutBucketVersioning', { VersioningConfiguration: { Status: versioning } });
  const rules = properties.BucketEncryption?.ServerSideEncryptionConfiguration;
  if (rules !== undefined) {
    const api = rules.map((rule: ResourceProperties) => ({
      ApplyServerSideEncryptionByDefault: rule.ServerSideEncryptionByDefault,
      BucketKeyEnabled: rule.BucketKeyEnabled,
    }));
    await put('PutBucketEncryption', { ServerSideEncryptionConfiguration: { Rules: api } });
  }
  const block = properties.PublicAccessBlockConfiguration;
  if (block !== undefined) await put('PutPublicAccessBlock', { PublicAccessBlockConfiguration: block });
  const lifecycle = properties.LifecycleConfiguration?.Rules;
  if (lifecycle !== undefined)
    await put('PutBucketLifecycleConfiguration', { LifecycleConfiguration: { Rules: lifecycle.map(lifecycleRule) } });
  else if (previous.LifecycleConfiguration !== undefined) await put('DeleteBucketLifecycle', {});
  if (properties.LoggingConfiguration !== undefined)
    await put('PutBucketLogging', { BucketLoggingStatus: properties.LoggingConfiguration });
  if (properties.CorsConfiguration !== undefined) await put('PutBucketCors', { CORSConfiguration: properties.CorsConfiguration });
  if (properties.OwnershipControls !== undefined)
    await put('PutBucketOwnershipControls', { OwnershipControls: properties.OwnershipControls });
  if (context.tags.length > 0) await put('PutBucketTagging', { Tagging: { TagSet: context.tags } });
}

function attributesOf(name: string, region: string): Record<string, string> {
  return {
    Arn: `arn:aws:s3:::${name}`,
    DomainName: `${name}.s3.amazonaws.com`,
    RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
    WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com`,
  };
}

const bucket: ResourceType = {
  type: 'AWS::S3::Bucket',
  enforced: ['BucketName', 'BucketEncryption', 'LifecycleConfiguration', 'VersioningConfiguration', 'Tags'],
  stored: {
    PublicAccessBlockConfiguration: 'every request is signed here, so nothing is public',
    LoggingConfiguration: LATER,
    CorsConfiguration: LATER,
    OwnershipControls: 'one account, no ACLs',
    AccessControl: 'one account, no ACLs',
    IntelligentTieringConfigurations: LATER,
  },
  async create(properties, context) {
    const name: string = properties.BucketName ?? context.generateName(63, true);
    await context.call('s3', 'CreateBucket', { Bucket: name });
    try {
      await configure(name, properties, {}, context);
    } catch (error) {
      await this.delete(name, properties, context);
      throw error;
    }
    return { id: name, attributes: attributesOf(name, context.region) };
  },
  async update(id, properties, previous, context) {
    await configure(id, properties, previous, context);
    return { id, attributes: attributesOf(id, context.region) };
  },
  async delete(id, _properties, context) {
    await context.call('s3', 'DeleteBucket', { Bucket: id }).catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'NoSuchBucket') throw error;
    });
  },
};

const bucketPolicy: ResourceType = {
  type: 'AWS::S3::BucketPolicy',
  enforced: ['Bucket', 'PolicyDocument'],
  stored: {},
  async create(properties, context) {
    await context.call('s3', 'PutBucketPolicy', { Bucket: properties.Bucket, Policy: JSON.stringify(properties.PolicyDocument) });
    return { id: properties.Bucket };
  },
  async update(id, properties, _previous, context) {
    await context.call('s3', 'PutBucketPolicy', { Bucket: id, Policy: JSON.stringify(properties.PolicyDocument) });
    return { id };
  },
  async delete(id, _properties, context) {
    await context.call('s3', 'DeleteBucketPolicy', { Bucket: id }).catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'NoSuchBucket') throw error;
    });
  },
};

export const s3Resources: readonly ResourceType[] = [bucket, bucketPolicy];
