import { Stack, type StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import type { Platform, Stage } from '../../core/definition';
import type { Names } from '../../core/naming';
import { EndpointFleet } from '../serving/endpoint-fleet';
import { ModelEndpoint } from '../serving/model-endpoint';
import type { FoundationStack } from './foundation-stack';
import type { ModelsStack } from './models-stack';

/** What the stack is made from, and the stacks that it builds on. */
export interface ServingContext {
  /** Models, an endpoint each. */
  readonly platform: Platform;
  /** Whose fleets are deployed. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Keys, network and on-call. */
  readonly foundation: FoundationStack;
  /** Bucket of artefacts, and the pointers that endpoints resolve. */
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
    const onCall = new SnsAction(foundation.onCall.topic);
    for (const model of platform.models)
      new ModelEndpoint(this, `Endpoint-${model.name}`, {
        model,
        stage,
        names,
        bucket,
        key: keys.models,
        onCall,
        network,
      });
    // The champion pointers, which the endpoints resolve, are seeded there.
    this.addStackDependency(models);
  }
}
