import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EndpointFleet } from '../serving/endpoint-fleet';
import { ModelEndpoint } from '../serving/model-endpoint';
import type { PlatformStage } from '../shared/platform-stage';
import type { FoundationStack } from './foundation-stack';
import type { ModelsStack } from './models-stack';

/** The stacks that this one builds on. */
export interface ServingContext extends PlatformStage {
  readonly foundation: FoundationStack;
  readonly models: ModelsStack;
}

/** The endpoints: what serves, and the alarms that guard a roll-out. */
export class ServingStack extends Stack {
  readonly endpoints: EndpointFleet;

  constructor(scope: Construct, id: string, context: ServingContext, props: StackProps) {
    super(scope, id, props);
    const { platform, stage, names, foundation, models } = context;
    const { keys, network } = foundation;
    const { bucket } = models.registry;
    this.endpoints = new EndpointFleet(names, keys.models);
    for (const model of platform.models) {
      const endpoint = new ModelEndpoint(this, `Endpoint-${model.name}`, {
        model,
        stage,
        names,
        bucket,
        key: keys.models,
        network,
      });
      this.endpoints.add(model.name, endpoint);
    }
    // The champion pointers, which the endpoints resolve, are seeded there.
    this.addStackDependency(models);
  }
}
