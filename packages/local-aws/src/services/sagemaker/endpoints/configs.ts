import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Cloud, Operations } from '../../../cloud';
import { validationError } from '../../../errors';
import { checkVolumeKey } from '../instance-types';
import { refuse, requireName } from '../names';
import type { TagStore } from '../tags';
import { listPage } from './models';
import type { ConfigRecord, EndpointStore } from './records';

const MAX_VARIANTS = 10;

function checkVariant(variant: Sdk.ProductionVariant, index: number, store: EndpointStore): void {
  const member = `productionVariants.${index + 1}.member`;
  requireName(variant.VariantName, `${member}.variantName`);
  refuse(`production variant '${variant.VariantName}'`, {
    ServerlessConfig: variant.ServerlessConfig !== undefined,
    InstancePools: variant.InstancePools !== undefined,
    ManagedInstanceScaling: variant.ManagedInstanceScaling !== undefined,
    AcceleratorType: variant.AcceleratorType !== undefined,
    CapacityReservationConfig: variant.CapacityReservationConfig !== undefined,
    CoreDumpConfig: variant.CoreDumpConfig !== undefined,
    'a variant without ModelName (inference components)': variant.ModelName === undefined,
  });
  store.model(variant.ModelName);
  if (variant.InstanceType === undefined) throw validationError(`InstanceType is required in ${member}`);
  const count = variant.InitialInstanceCount ?? 0;
  if (!Number.isInteger(count) || count < 1)
    throw validationError(
      `1 validation error detected: Value '${count}' at '${member}.initialInstanceCount' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    );
  if ((variant.InitialVariantWeight ?? 1) < 0) throw validationError(`InitialVariantWeight must not be negative in ${member}`);
}

function check(input: Sdk.CreateEndpointConfigCommandInput, store: EndpointStore): void {
  refuse('CreateEndpointConfig', {
    'DataCaptureConfig with EnableCapture': input.DataCaptureConfig?.EnableCapture === true,
    AsyncInferenceConfig: input.AsyncInferenceConfig !== undefined,
    ExplainerConfig: input.ExplainerConfig !== undefined,
    ShadowProductionVariants: (input.ShadowProductionVariants ?? []).length > 0,
    'ExecutionRoleArn (inference components)': input.ExecutionRoleArn !== undefined,
    MetricsConfig: input.MetricsConfig !== undefined,
  });
  const variants = input.ProductionVariants ?? [];
  if (variants.length < 1 || variants.length > MAX_VARIANTS)
    throw validationError(`ProductionVariants must have 1 to ${MAX_VARIANTS} entries`);
  for (const { InstanceType } of variants) checkVolumeKey(InstanceType, input.KmsKeyId, 'KmsKeyId');
  for (const [index, variant] of variants.entries()) checkVariant(variant, index, store);
  if (new Set(variants.map(({ VariantName }) => VariantName)).size < variants.length)
    throw validationError('Production variant names must be unique within an endpoint configuration');
}

function describe({ name, arn, request, created }: ConfigRecord): object {
  return { ...request, EndpointConfigName: name, EndpointConfigArn: arn, CreationTime: new Date(created) };
}

export function configOperations(cloud: Cloud, store: EndpointStore, tagStore: TagStore): Operations {
  return {
    CreateEndpointConfig: async (input: Sdk.CreateEndpointConfigCommandInput) => {
      const name = requireName(input.EndpointConfigName, 'endpointConfigName');
      const { Tags, ...request } = input;
      const arn = store.arn('endpoint-config', name);
      await cloud.storage.transaction(() => {
        if (store.configs.get(name) !== undefined)
          throw validationError(`Cannot create already existing endpoint configuration "${arn}".`);
        check(input, store);
        void store.configs.put(name, { name, arn, request, created: cloud.clock.now() });
      });
      await tagStore.add(arn, Tags);
      return { EndpointConfigArn: arn };
    },
    DescribeEndpointConfig: (input: Sdk.DescribeEndpointConfigCommandInput) => describe(store.config(input.EndpointConfigName)),
    DeleteEndpointConfig: async (input: Sdk.DeleteEndpointConfigCommandInput) => {
      const { name, arn } = store.config(input.EndpointConfigName);
      await store.configs.remove(name);
      await tagStore.remove(arn);
      return {};
    },
    ListEndpointConfigs: (input: Sdk.ListEndpointConfigsCommandInput) => {
      const records = [...store.configs.entries()].map(({ value }) => value);
      const { items, next } = listPage(records, input);
      const EndpointConfigs = items.map(({ name, arn, created }) => ({
        EndpointConfigName: name,
        EndpointConfigArn: arn,
        CreationTime: new Date(created),
      }));
      return { EndpointConfigs, ...next };
    },
  };
}
