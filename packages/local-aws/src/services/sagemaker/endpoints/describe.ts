import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { EndpointRecord, Fleet, Variant } from './records';

function deployedImages({ container }: Variant, at: number): Sdk.DeployedImage[] {
  return [{ SpecifiedImage: container.image, ResolvedImage: container.image, ResolutionTime: new Date(at) }];
}

function variantsOf(fleet: Fleet, at: number): Sdk.ProductionVariantSummary[] {
  return fleet.variants.map((variant) => ({
    VariantName: variant.name,
    DeployedImages: deployedImages(variant, at),
    CurrentWeight: variant.currentWeight,
    DesiredWeight: variant.desiredWeight,
    CurrentInstanceCount: variant.currentCount,
    DesiredInstanceCount: variant.desiredCount,
  }));
}

function pending({ deployment }: EndpointRecord): { PendingDeploymentSummary?: Sdk.PendingDeploymentSummary } {
  if (deployment === undefined) return {};
  const { green, started, stages } = deployment;
  const VariantStatus = stages.map(({ status, message, since }) => ({
    Status: status,
    StatusMessage: message,
    StartTime: new Date(since),
  }));
  return {
    PendingDeploymentSummary: {
      EndpointConfigName: green.configName,
      StartTime: new Date(started),
      ProductionVariants: variantsOf(green, started).map((variant, index) => ({
        ...variant,
        InstanceType: green.variants[index]?.instanceType as Sdk.ProductionVariantInstanceType,
        VariantStatus,
      })),
    },
  };
}

export function describeEndpoint(record: EndpointRecord): Omit<Sdk.DescribeEndpointCommandOutput, '$metadata'> {
  const running = record.status !== 'Creating' && record.status !== 'Failed';
  return {
    EndpointName: record.name,
    EndpointArn: record.arn,
    EndpointConfigName: record.blue.configName,
    ...(running ? { ProductionVariants: variantsOf(record.blue, record.created) } : {}),
    EndpointStatus: record.status,
    FailureReason: record.failureReason,
    CreationTime: new Date(record.created),
    LastModifiedTime: new Date(record.modified),
    LastDeploymentConfig: record.lastDeploymentConfig,
    ...pending(record),
  };
}

export function summarizeEndpoint(record: EndpointRecord): Sdk.EndpointSummary {
  return {
    EndpointName: record.name,
    EndpointArn: record.arn,
    CreationTime: new Date(record.created),
    LastModifiedTime: new Date(record.modified),
    EndpointStatus: record.status,
  };
}
