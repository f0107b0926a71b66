import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Cloud, Operations } from '../../../cloud';
import { validationError } from '../../../errors';
import { requireName } from '../names';
import type { TagStore } from '../tags';
import { checkDeploymentConfig } from './deployment-plan';
import { describeEndpoint, summarizeEndpoint } from './describe';
import { planFleet, retain } from './fleet-plan';
import { instancesOf } from './fleets';
import type { Lifecycle } from './lifecycle';
import { listPage } from './models';
import type { Deployment, EndpointRecord, EndpointStore, Fleet } from './records';

const MAX_WEIGHTED = 1_000_000;

/** The endpoint, if it may be changed now. */
function changeable(store: EndpointStore, name: string | undefined): EndpointRecord {
  const record = store.endpoint(name);
  if (record.status === 'Failed')
    throw validationError(`Cannot update endpoint "${record.arn}" in status Failed; it can only be deleted.`);
  if (record.status !== 'InService') throw validationError(`Cannot update in-progress endpoint "${record.arn}".`);
  return record;
}

function requireSameVariants(green: Fleet, blue: Fleet): void {
  const names = (fleet: Fleet): string =>
    fleet.variants
      .map(({ name }) => name)
      .sort()
      .join(', ');
  if (names(green) !== names(blue)) {
    throw validationError(
      `An update with a DeploymentConfig must keep the variant names: [${names(blue)}], given [${names(green)}]`,
    );
  }
}

function planUpdate(
  cloud: Cloud,
  store: EndpointStore,
  record: EndpointRecord,
  input: Sdk.UpdateEndpointCommandInput,
): Deployment {
  if (input.EndpointConfigName === record.blue.configName) {
    const arn = store.arn('endpoint-config', record.blue.configName);
    throw validationError(`Cannot update endpoint "${record.arn}" with the endpoint configuration "${arn}" that it already has.`);
  }
  if (input.RetainDeploymentConfig === true && input.DeploymentConfig !== undefined)
    throw validationError('DeploymentConfig must not be given with RetainDeploymentConfig');
  const fresh = planFleet(store, input.EndpointConfigName);
  const excluded = input.ExcludeRetainedVariantProperties ?? [];
  const kept = excluded.flatMap(({ VariantPropertyType }) => VariantPropertyType ?? []);
  const green = input.RetainAllVariantProperties === true ? retain(fresh, record.blue, kept) : fresh;
  const config = input.RetainDeploymentConfig === true ? record.lastDeploymentConfig : input.DeploymentConfig;
  checkDeploymentConfig(config, instancesOf(green));
  if (config !== undefined) requireSameVariants(green, record.blue);
  const now = cloud.clock.now();
  const message = `Launching ${instancesOf(green)} instance(s).`;
  return {
    green,
    config,
    started: now,
    phase: 'launching',
    step: 0,
    stepStarted: now,
    stages: [{ status: 'Creating', message, since: now }],
  };
}

/** The fleet with the weights and counts that a request wants. */
function resized(record: EndpointRecord, input: Sdk.UpdateEndpointWeightsAndCapacitiesCommandInput): Fleet {
  const wanted = new Map((input.DesiredWeightsAndCapacities ?? []).map((entry) => [entry.VariantName ?? '', entry]));
  for (const [name, entry] of wanted) {
    if (!record.blue.variants.some((variant) => variant.name === name))
      throw validationError(`Variant "${name}" does not exist in endpoint "${record.arn}".`);
    const { DesiredWeight: weight = 0, DesiredInstanceCount: count = 1 } = entry;
    if (weight < 0 || weight > MAX_WEIGHTED) throw validationError(`DesiredWeight of variant "${name}" must not be negative`);
    if (count < 1) throw validationError(`DesiredInstanceCount of variant "${name}" must be at least 1`);
    if (entry.ServerlessUpdateConfig !== undefined) throw validationError('The local AWS has no serverless variants');
  }
  return {
    ...record.blue,
    variants: record.blue.variants.map((variant) => ({
      ...variant,
      desiredWeight: wanted.get(variant.name)?.DesiredWeight ?? variant.desiredWeight,
      desiredCount: wanted.get(variant.name)?.DesiredInstanceCount ?? variant.desiredCount,
    })),
  };
}

export function endpointOperations(cloud: Cloud, store: EndpointStore, tagStore: TagStore, lifecycle: Lifecycle): Operations {
  return {
    CreateEndpoint: async (input: Sdk.CreateEndpointCommandInput) => {
      const name = requireName(input.EndpointName, 'endpointName');
      const arn = store.arn('endpoint', name);
      if (store.find(name) !== undefined) throw validationError(`Cannot create already existing endpoint "${arn}".`);
      const blue = planFleet(store, input.EndpointConfigName);
      checkDeploymentConfig(input.DeploymentConfig, instancesOf(blue));
      const now = cloud.clock.now();
      await store.save({ name, arn, status: 'Creating', created: now, modified: now, blue });
      await tagStore.add(arn, input.Tags);
      lifecycle.create(name);
      return { EndpointArn: arn };
    },
    DescribeEndpoint: (input: Sdk.DescribeEndpointCommandInput) => describeEndpoint(store.endpoint(input.EndpointName)),
    UpdateEndpoint: async (input: Sdk.UpdateEndpointCommandInput) => {
      const { failureReason: _, ...record } = changeable(store, input.EndpointName);
      const deployment = planUpdate(cloud, store, record, input);
      await lifecycle.update(await store.save({ ...record, status: 'Updating', deployment }));
      return { EndpointArn: record.arn };
    },
    UpdateEndpointWeightsAndCapacities: async (input: Sdk.UpdateEndpointWeightsAndCapacitiesCommandInput) => {
      const { failureReason: _, ...record } = changeable(store, input.EndpointName);
      await lifecycle.resize(await store.save({ ...record, status: 'Updating', blue: resized(record, input) }));
      return { EndpointArn: record.arn };
    },
    DeleteEndpoint: async (input: Sdk.DeleteEndpointCommandInput) => {
      const record = store.endpoint(input.EndpointName);
      if (record.status !== 'InService' && record.status !== 'Failed')
        throw validationError(`Cannot update in-progress endpoint "${record.arn}".`);
      await store.save({ ...record, status: 'Deleting' });
      lifecycle.delete(record.name);
      return {};
    },
    ListEndpoints: (input: Sdk.ListEndpointsCommandInput) => {
      const fits = store.all().filter(({ status }) => input.StatusEquals === undefined || status === input.StatusEquals);
      const { items, next } = listPage(fits, input);
      return { Endpoints: items.map(summarizeEndpoint), ...next };
    },
  };
}
