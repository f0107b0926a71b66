import { GetRecordCommand, SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import type { Command } from 'commander';
import type { FeatureGroup } from '../../core/definition';
import { platform } from '../../platform';
import { Failure } from '../cli/failure';
import { type Output, table } from '../cli/output';
import { run, runOn, type TargetedOptions, withJson, withTarget } from '../cli/program';
import type { Target } from '../cli/target';

/** The definitions were read when this module was: had they a problem, no command would have begun (see `slipway.js`). */
async function validate(_: { json?: boolean }, output: Output): Promise<void> {
  const { sources, featureGroups, models, consumers, stages } = platform;
  const counts = Object.entries({ sources, featureGroups, models, consumers, stages }).map(
    ([what, list]) => [what, list.map(({ name }) => name)] as const,
  );
  output.result({ valid: true, ...Object.fromEntries(counts) }, () => [
    `the definitions of platform '${platform.name}' are valid`,
    ...table(
      ['WHAT', 'NAMES'],
      counts.map(([what, found]) => [what, found.join(', ')]),
    ),
  ]);
}

async function list(_: { json?: boolean }, output: Output): Promise<void> {
  const groups = platform.featureGroups.map(({ name, source, entity, ttl, aggregations, description }) => {
    return { name, source, entity, ttl, features: Object.keys(aggregations), description };
  });
  output.result({ featureGroups: groups }, () =>
    table(
      ['GROUP', 'SOURCE', 'ENTITY', 'TTL', 'FEATURES'],
      groups.map((it) => [it.name, it.source, it.entity.join(', '), it.ttl, it.features.join(', ')]),
    ),
  );
}

function groupNamed(name: string | undefined): FeatureGroup {
  const group = platform.featureGroups.find((it) => it.name === name);
  if (group !== undefined) return group;
  throw new Failure(`no feature group '${name ?? ''}', allowed: ${platform.featureGroups.map((it) => it.name).join(', ')}`, 2);
}

/** The online record of one entity, as the predict function would read it. */
async function show(target: Target, _: TargetedOptions, output: Output, [name, key]: readonly string[]): Promise<void> {
  const group = groupNamed(name);
  const { Record: record } = await new SageMakerFeatureStoreRuntimeClient(target.client).send(
    new GetRecordCommand({ FeatureGroupName: target.names.featureGroup(group.name), RecordIdentifierValueAsString: key ?? '' }),
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
}

/** `slipway validate|features` */
export function addDefinitions(program: Command): void {
  withJson(program.command('validate').description('check the definitions in platform/')).action(run(validate));
  const features = program.command('features').description('feature groups, and what the online store knows of an entity');
  withJson(features.command('list', { isDefault: true }).description('all feature groups')).action(run(list));
  withTarget(features.command('show <group> <entity>').description('online record of one entity, e.g. EWR or EWR#UA')).action(
    runOn(show),
  );
}
