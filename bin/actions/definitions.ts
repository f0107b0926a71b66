import { GetRecordCommand, SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import type { FeatureGroup, Platform } from '../../core/definition';
import { quotasOf } from '../../core/quotas';
import { Failure } from '../cli/failure';
import { table } from '../cli/output';
import { loadPlatform } from '../cli/platform-folder';
import type { Action, TargetedOptions } from '../cli/program';
import { openTarget, stageNamed } from '../cli/target';

/** `slipway validate`: reading the definitions checks them. */
export const validate: Action<{ platform: string }> = async ({ options, output }) => {
  const { platform } = await loadPlatform(options.platform);
  const { sources, featureGroups, models, issuers, consumers, stages } = platform;
  const counts = Object.entries({ sources, featureGroups, models, issuers, consumers, stages }).map(
    ([what, list]) => [what, list.map(({ name }) => name)] as const,
  );
  output.result({ valid: true, ...Object.fromEntries(counts) }, () => [
    `the definitions of platform '${platform.name}' are valid`,
    ...table(
      ['WHAT', 'NAMES'],
      counts.map(([what, found]) => [what, found.join(', ')]),
    ),
  ]);
};

/** `slipway quotas`: computed from the definitions; nothing is asked of an account. */
export const quotas: Action<{ platform: string; stage: string }> = async ({ options, output }) => {
  const loaded = await loadPlatform(options.platform);
  const stage = stageNamed(loaded, options.stage);
  const needed = quotasOf(loaded.platform, stage);
  output.result({ stage: stage.name, quotas: needed }, () =>
    table(
      ['SERVICE', 'QUOTA', 'NEEDED', 'WHY'],
      needed.map(({ service, name, needed: count, why }) => [service, name, String(count), why]),
    ),
  );
};

/** `slipway features list` */
export const listFeatures: Action<{ platform: string }> = async ({ options, output }) => {
  const { platform } = await loadPlatform(options.platform);
  const groups = platform.featureGroups.map(({ name, source, entity, ttl, aggregations, description }) => {
    return { name, source, entity, ttl, features: Object.keys(aggregations), description };
  });
  output.result({ featureGroups: groups }, () =>
    table(
      ['GROUP', 'SOURCE', 'ENTITY', 'TTL', 'FEATURES'],
      groups.map((it) => [it.name, it.source, it.entity.join(', '), it.ttl, it.features.join(', ')]),
    ),
  );
};

function groupNamed(platform: Platform, name: string | undefined): FeatureGroup {
  const group = platform.featureGroups.find((it) => it.name === name);
  if (group !== undefined) return group;
  throw new Failure(`no feature group '${name ?? ''}', allowed: ${platform.featureGroups.map((it) => it.name).join(', ')}`, 2);
}

/** `slipway features show`: the online record of one entity, as the predict function would read it. */
export const showFeatures: Action<TargetedOptions> = async ({ options, output, positional: [name, key = ''] }) => {
  const target = await openTarget(options);
  const group = groupNamed(target.platform, name);
  const { Record: record } = await new SageMakerFeatureStoreRuntimeClient(target.client).send(
    new GetRecordCommand({ FeatureGroupName: target.names.featureGroup(group.name), RecordIdentifierValueAsString: key }),
  );
  if (record === undefined)
    throw new Failure(`${group.name} has no record of '${key}'`, 1, `An entity is named by ${group.entity.join('#')}.`);
  const values = Object.fromEntries(record.map(({ FeatureName = '', ValueAsString = '' }) => [FeatureName, ValueAsString]));
  output.result({ featureGroup: group.name, entity: key, record: values }, () =>
    table(
      ['FEATURE', 'VALUE'],
      Object.entries(values).map(([feature, value]) => [feature, value]),
    ),
  );
};
