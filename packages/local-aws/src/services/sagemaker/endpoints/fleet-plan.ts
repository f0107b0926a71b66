import { randomBytes } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { EndpointStore, Fleet, Variant } from './records';

const STARTUP_S = 240;

function variantOf(variant: Sdk.ProductionVariant, store: EndpointStore): Variant {
  const { request } = store.model(variant.ModelName);
  const container = request.PrimaryContainer ?? request.Containers?.[0];
  const weight = variant.InitialVariantWeight ?? 1;
  const count = variant.InitialInstanceCount ?? 1;
  return {
    name: variant.VariantName ?? '',
    instanceType: variant.InstanceType ?? '',
    container: {
      image: container?.Image ?? '',
      modelDataUrl: container?.ModelDataUrl ?? '',
      environment: container?.Environment ?? {},
      roleArn: request.ExecutionRoleArn ?? '',
      startupTimeoutMs: (variant.ContainerStartupHealthCheckTimeoutInSeconds ?? STARTUP_S) * 1000,
    },
    currentWeight: weight,
    desiredWeight: weight,
    currentCount: count,
    desiredCount: count,
  };
}

/** The instances that an endpoint configuration asks for. Throws if it or a model of it is gone. */
export function planFleet(store: EndpointStore, configName: string | undefined): Fleet {
  const config = store.config(configName);
  return {
    id: `i-${randomBytes(9).toString('hex').slice(0, 17)}`,
    configName: config.name,
    variants: (config.request.ProductionVariants ?? []).map((variant) => variantOf(variant, store)),
  };
}

/** The fleet with counts and weights that variants of the same name have now, except what is to come from the configuration. */
export function retain(fleet: Fleet, present: Fleet, excluded: readonly string[]): Fleet {
  return {
    ...fleet,
    variants: fleet.variants.map((variant) => {
      const now = present.variants.find(({ name }) => name === variant.name);
      if (now === undefined) return variant;
      const count = excluded.includes('DesiredInstanceCount') ? variant.desiredCount : now.desiredCount;
      const weight = excluded.includes('DesiredWeight') ? variant.desiredWeight : now.desiredWeight;
      return { ...variant, currentCount: count, desiredCount: count, currentWeight: weight, desiredWeight: weight };
    }),
  };
}
