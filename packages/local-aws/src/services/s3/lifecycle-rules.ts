import type * as Sdk from '@aws-sdk/client-s3';
import type { Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { findBucket } from './object-bytes';
import type { S3Store } from './store';

/** A rule that is carried out: days until each of its actions, for keys with a prefix. */
export interface LifecycleRule {
  readonly prefix: string;
  readonly expireDays: number | undefined;
  readonly noncurrentDays: number | undefined;
  readonly abortDays: number | undefined;
}

/** Every member that is understood; the rest of a rule is refused. */
const SUPPORTED: Readonly<Record<string, readonly string[]>> = {
  rule: ['ID', 'Status', 'Prefix', 'Filter', 'Expiration', 'NoncurrentVersionExpiration', 'AbortIncompleteMultipartUpload'],
  Filter: ['Prefix'],
  Expiration: ['Days'],
  NoncurrentVersionExpiration: ['NoncurrentDays'],
  AbortIncompleteMultipartUpload: ['DaysAfterInitiation'],
};

function refuseOthers(part: string, value: object | undefined): void {
  for (const [name, member] of Object.entries(value ?? {})) {
    if (member === undefined || SUPPORTED[part]?.includes(name)) continue;
    const path = part === 'rule' ? name : `${part}.${name}`;
    throw new AwsError('NotImplemented', `The local AWS does not support ${path} of a lifecycle rule.`, { status: 501 });
  }
}

function checkDays(action: string, days: number | undefined, given: object | undefined): void {
  if (given === undefined || (days !== undefined && Number.isInteger(days) && days > 0)) return;
  throw new AwsError('InvalidArgument', `'Days' for ${action} action must be a positive integer`, { status: 400 });
}

/** Refuses a configuration that S3 would refuse, or whose rules would not be carried out here. */
export function checkLifecycle(configuration: Sdk.BucketLifecycleConfiguration | undefined): void {
  for (const rule of configuration?.Rules ?? []) {
    const { Filter, Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = rule;
    refuseOthers('rule', rule);
    const parts = { Filter, Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload };
    for (const [name, value] of Object.entries(parts)) refuseOthers(name, value);
    checkDays('Expiration', Expiration?.Days, Expiration);
    checkDays('NoncurrentVersionExpiration', NoncurrentVersionExpiration?.NoncurrentDays, NoncurrentVersionExpiration);
    const abort = AbortIncompleteMultipartUpload;
    checkDays('AbortIncompleteMultipartUpload', abort?.DaysAfterInitiation, abort);
    if (Expiration === undefined && NoncurrentVersionExpiration === undefined && abort === undefined)
      throw new AwsError('InvalidRequest', 'At least one action needs to be specified in a rule.', { status: 400 });
  }
}

/** The enabled rules of a configuration. */
export function rulesOf(configuration: Sdk.BucketLifecycleConfiguration | undefined): readonly LifecycleRule[] {
  return (configuration?.Rules ?? [])
    .filter(({ Status }) => Status === 'Enabled')
    .map((rule) => ({
      prefix: rule.Filter?.Prefix ?? rule.Prefix ?? '',
      expireDays: rule.Expiration?.Days,
      noncurrentDays: rule.NoncurrentVersionExpiration?.NoncurrentDays,
      abortDays: rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
    }));
}

/** Rules of a bucket; `changed` is told after each change of them. */
export function lifecycleOperations(store: S3Store, changed: () => void): Operations {
  const change = async (name: string | undefined, configuration: Sdk.BucketLifecycleConfiguration | undefined): Promise<void> => {
    const { settings, ...bucket } = findBucket(store, name);
    const { LifecycleConfiguration: _, ...others } = settings;
    const changedSettings = configuration === undefined ? others : { ...others, LifecycleConfiguration: configuration };
    await store.buckets.put(bucket.name, { ...bucket, settings: changedSettings });
    changed();
  };
  return {
    PutBucketLifecycleConfiguration: (input: Sdk.PutBucketLifecycleConfigurationCommandInput) => {
      checkLifecycle(input.LifecycleConfiguration);
      return change(input.Bucket, input.LifecycleConfiguration);
    },
    GetBucketLifecycleConfiguration: (input: Sdk.GetBucketLifecycleConfigurationCommandInput) => {
      const found = findBucket(store, input.Bucket).settings.LifecycleConfiguration;
      if (found === undefined)
        throw new AwsError('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist', { status: 404 });
      return found;
    },
    DeleteBucketLifecycle: (input: Sdk.DeleteBucketLifecycleCommandInput) => change(input.Bucket, undefined),
  };
}
