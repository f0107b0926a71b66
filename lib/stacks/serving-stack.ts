import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ModelEndpoint } from '../serving/model-endpoint';
import type { PlatformStage } from '../shared/platform-stage';
import type { FoundationStack } from './foundation-stack';
import type { ModelsStack } from './models-stack';

/** The endpoints: what serves, and the alarms that guard a roll-out. */
export class ServingStack extends Stack {
  /** By model name. */
  readonly endpoints = new Map<string, ModelEndpoint>();

  constructor(
    scope: Construct,
    id: string,
    context: PlatformStage & { readonly foundation: FoundationStack; readonly models: ModelsStack },
    props: StackProps,
  ) {
    super(scope, id, props);
    const { keys, network } = context.foundation;
    for (const model of context.platform.models) {
      const endpoint = new ModelEndpoint(this, `Endpoint-${model.name}`, {
        ...context,
        model,
        bucket: context.models.registry.bucket,
        key: keys.models,
        ...(network === undefined ? {} : { network }),
      });
      this.endpoints.set(model.name, endpoint);
    }
    // The champion pointers, which the endpoints resolve, are seeded there.
    this.addStackDependency(context.models);
  }
}
