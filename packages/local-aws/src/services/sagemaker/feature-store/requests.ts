import type * as Sdk from '@aws-sdk/client-sagemaker';
import { validationError } from '../../../errors';
import { refuse, requireName } from '../names';
import { parseS3Uri } from '../s3-files';
import { type Feature, ttlMs } from './records';

const GROUP_NAME = /^[a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63}$/;
const FEATURE_NAME = /^[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}$/;
const RESERVED = ['is_deleted', 'write_time', 'api_invocation_time'];
const MAX_FEATURES = 2500;
const MAX_ADDITIONS = 100;

export function featureOf(definition: Sdk.FeatureDefinition): Feature {
  const name = requireName(definition.FeatureName, 'featureName', FEATURE_NAME);
  if (RESERVED.includes(name)) throw validationError(`Validation Error: ${name} is a reserved feature name`);
  refuse(`feature '${name}'`, { CollectionType: definition.CollectionType !== undefined });
  const type = definition.FeatureType;
  if (type !== 'Integral' && type !== 'Fractional' && type !== 'String')
    throw validationError(
      `1 validation error detected: Value '${type}' at 'featureType' failed to satisfy constraint: Member must satisfy enum value set: [Integral, Fractional, String]`,
    );
  return { name, type };
}

export function featuresOf(definitions: readonly Sdk.FeatureDefinition[] | undefined): Feature[] {
  const features = (definitions ?? []).map(featureOf);
  if (features.length < 1 || features.length > MAX_FEATURES)
    throw validationError(`FeatureDefinitions must have 1 to ${MAX_FEATURES} entries`);
  const names = features.map(({ name }) => name.toLowerCase());
  const twice = features.find(({ name }, index) => names.indexOf(name.toLowerCase()) !== index);
  if (twice !== undefined) throw validationError(`Validation Error: duplicate feature name ${twice.name}`);
  return features;
}

/** The features after an addition; nothing is removed or retyped. */
export function withAdditions(present: readonly Feature[], additions: readonly Sdk.FeatureDefinition[]): Feature[] {
  if (additions.length > MAX_ADDITIONS) throw validationError(`FeatureAdditions may have at most ${MAX_ADDITIONS} entries`);
  return featuresOf(
    [...present, ...additions.map(featureOf)].map(({ name, type }) => ({ FeatureName: name, FeatureType: type })),
  );
}

export function checkTtl(ttl: Sdk.TtlDuration | undefined): void {
  if (ttl === undefined) return;
  if (ttlMs(ttl) === undefined || (ttl.Value ?? 0) < 1)
    throw validationError('TtlDuration must have a Unit (Seconds, Minutes, Hours, Days, Weeks) and a Value of at least 1');
}

function checkOffline(input: Sdk.CreateFeatureGroupCommandInput, features: readonly Feature[]): void {
  const config = input.OfflineStoreConfig;
  if (config === undefined) return;
  parseS3Uri(config.S3StorageConfig?.S3Uri);
  refuse('CreateFeatureGroup', { 'OfflineStoreConfig.TableFormat other than Iceberg': config.TableFormat !== 'Iceberg' });
  if (config.DisableGlueTableCreation === true)
    throw validationError('Validation Error: DisableGlueTableCreation must be false for the table format Iceberg');
  if (features.find(({ name }) => name === input.EventTimeFeatureName)?.type !== 'String')
    throw validationError('Validation Error: the event time feature must be of type String for the table format Iceberg');
  if (input.RoleArn === undefined) throw validationError('Validation Error: RoleArn is required for an offline store');
}

/** Throws for a group that could not be made. */
export function checkCreation(input: Sdk.CreateFeatureGroupCommandInput): readonly Feature[] {
  requireName(input.FeatureGroupName, 'featureGroupName', GROUP_NAME);
  const features = featuresOf(input.FeatureDefinitions);
  const type = (name: string | undefined): string | undefined => features.find((feature) => feature.name === name)?.type;
  if (type(input.RecordIdentifierFeatureName) === undefined)
    throw validationError(`Validation Error: RecordIdentifierFeatureName ${input.RecordIdentifierFeatureName} is not a feature`);
  if (!['String', 'Fractional'].includes(type(input.EventTimeFeatureName) ?? ''))
    throw validationError(
      `Validation Error: EventTimeFeatureName ${input.EventTimeFeatureName} must be a feature of type String or Fractional`,
    );
  if (input.OnlineStoreConfig?.EnableOnlineStore !== true && input.OfflineStoreConfig === undefined)
    throw validationError(
      'Validation Error: OnlineStore and OfflineStore cannot be both disabled. Please enable at least one of them and retry the request.',
    );
  if ((input.Description ?? '').length > 128) throw validationError('Description is longer than 128 characters');
  refuse('CreateFeatureGroup', {
    'OnlineStoreConfig.StorageType other than Standard': (input.OnlineStoreConfig?.StorageType ?? 'Standard') !== 'Standard',
    'ThroughputConfig other than OnDemand': (input.ThroughputConfig?.ThroughputMode ?? 'OnDemand') !== 'OnDemand',
  });
  checkTtl(input.OnlineStoreConfig?.TtlDuration);
  checkOffline(input, features);
  return features;
}
