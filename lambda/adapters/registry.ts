import { DescribeModelPackageCommand, DescribePipelineExecutionCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker';

/** A registered version of a model. */
export interface ModelPackage {
  readonly arn: string;
  readonly version: string;
  readonly image: string;
  readonly modelDataUrl: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Digest that was registered with it. */
  readonly digest: string | undefined;
  /** ARN of the pipeline execution that made it. */
  readonly execution: string | undefined;
}

export interface Registry {
  package(arn: string): Promise<ModelPackage>;
  /** Why a pipeline execution failed, in the service's words. */
  failureOf(executionArn: string): Promise<string>;
}

export class SageMakerRegistry implements Registry {
  constructor(private readonly client: SageMakerClient) {}

  async package(arn: string): Promise<ModelPackage> {
    const found = await this.client.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));
    const container = found.InferenceSpecification?.Containers?.[0];
    if (container?.Image === undefined || container.ModelDataUrl === undefined)
      throw new Error(`${arn} names no image or artefact`);
    return {
      arn,
      version: String(found.ModelPackageVersion),
      image: container.Image,
      modelDataUrl: container.ModelDataUrl,
      environment: container.Environment ?? {},
      digest: found.CustomerMetadataProperties?.digest,
      execution: found.MetadataProperties?.GeneratedBy,
    };
  }

  async failureOf(executionArn: string): Promise<string> {
    const found = await this.client.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn: executionArn }));
    return found.FailureReason ?? 'no reason given';
  }
}
