import {
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  type ProductionVariant,
  type SageMakerClient,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { type Model, seconds } from '../../core/definition';
import { volumeKeyOf } from '../../core/instance-types';
import { VARIANT } from '../../core/naming';

/** What an endpoint serves now. */
export interface EndpointState {
  readonly status: string;
  readonly configName: string;
  readonly failureReason: string | undefined;
  /** Instances of the champion's variant. */
  readonly instances: number;
}

/** A version to serve. */
export interface Deployable {
  /** Name of the model and of the endpoint configuration; a second call with the same name adopts what exists. */
  readonly name: string;
  /** Name of the model in the definitions. */
  readonly model: string;
  readonly version: string;
  readonly image: string;
  readonly modelDataUrl: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface EndpointFleet {
  state(endpoint: string): Promise<EndpointState>;
  /** Makes model and configuration for a version, with the variant of the endpoint's present configuration. */
  prepare(endpoint: string, deployable: Deployable): Promise<void>;
  /** Rolls a configuration out by canary; the alarms roll it back. */
  rollOut(endpoint: string, configName: string, canary: Model['serving']['canary'], alarms: readonly string[]): Promise<void>;
}

export interface SageMakerFleetOptions {
  readonly client: SageMakerClient;
  /** Role of a model's servers. */
  readonly roleArn: (model: string) => string;
  readonly kmsKeyArn: string;
  readonly vpc: { readonly subnets: readonly string[]; readonly securityGroups: readonly string[] } | null;
}

export class SageMakerFleet implements EndpointFleet {
  constructor(private readonly options: SageMakerFleetOptions) {}

  async state(endpoint: string): Promise<EndpointState> {
    const found = await this.options.client.send(new DescribeEndpointCommand({ EndpointName: endpoint }));
    const variant = found.ProductionVariants?.find(({ VariantName }) => VariantName === VARIANT);
    return {
      status: found.EndpointStatus ?? '',
      configName: found.EndpointConfigName ?? '',
      failureReason: found.FailureReason,
      instances: variant?.CurrentInstanceCount ?? 0,
    };
  }

  async prepare(endpoint: string, deployable: Deployable): Promise<void> {
    const { client, kmsKeyArn } = this.options;
    const { configName } = await this.state(endpoint);
    const present = await client.send(new DescribeEndpointConfigCommand({ EndpointConfigName: configName }));
    const variant = present.ProductionVariants?.find(({ VariantName }) => VariantName === VARIANT);
    if (variant === undefined) throw new Error(`${configName} has no variant ${VARIANT}`);
    await this.createModel(deployable);
    const next: ProductionVariant = { ...variant, ModelName: deployable.name };
    const KmsKeyId = volumeKeyOf(variant.InstanceType ?? '', kmsKeyArn);
    await once(
      client.send(
        new CreateEndpointConfigCommand({
          EndpointConfigName: deployable.name,
          ProductionVariants: [next],
          ...(KmsKeyId === undefined ? {} : { KmsKeyId }),
        }),
      ),
    );
  }

  async rollOut(
    endpoint: string,
    configName: string,
    canary: Model['serving']['canary'],
    alarms: readonly string[],
  ): Promise<void> {
    await this.options.client.send(
      new UpdateEndpointCommand({
        EndpointName: endpoint,
        EndpointConfigName: configName,
        RetainAllVariantProperties: true,
        DeploymentConfig: {
          BlueGreenUpdatePolicy: {
            TrafficRoutingConfiguration: {
              Type: 'CANARY',
              CanarySize: { Type: 'CAPACITY_PERCENT', Value: canary.sizePercent },
              WaitIntervalInSeconds: seconds(canary.bake),
            },
            TerminationWaitInSeconds: seconds(canary.terminationWait),
            MaximumExecutionTimeoutInSeconds: seconds(canary.maxDuration),
          },
          AutoRollbackConfiguration: { Alarms: alarms.map((AlarmName) => ({ AlarmName })) },
        },
      }),
    );
  }

  private async createModel({ name, model, version, image, modelDataUrl, environment }: Deployable): Promise<void> {
    const { client, roleArn, vpc } = this.options;
    const command = new CreateModelCommand({
      ModelName: name,
      ExecutionRoleArn: roleArn(model),
      PrimaryContainer: { Image: image, ModelDataUrl: modelDataUrl, Environment: { ...environment, MODEL_VERSION: version } },
      ...(vpc === null ? {} : { VpcConfig: { Subnets: [...vpc.subnets], SecurityGroupIds: [...vpc.securityGroups] } }),
    });
    await once(client.send(command));
  }
}

/** What exists already under the name was made by an earlier delivery of the same event. */
async function once(creation: Promise<unknown>): Promise<void> {
  await creation.catch((error: unknown) => {
    if (!(error instanceof Error) || !error.message.includes('already existing')) throw error;
  });
}
