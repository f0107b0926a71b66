import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from '../../core/definition';
import { DataKeys } from '../foundation/data-keys';
import { Network } from '../foundation/network';
import { OnCall } from '../foundation/on-call';
import type { PlatformStage } from '../shared/platform-stage';

/** Keys, network and on-call: what every other stack builds on. */
export class FoundationStack extends Stack {
  readonly keys: DataKeys;
  readonly onCall: OnCall;
  readonly network: Network | undefined;

  constructor(scope: Construct, id: string, context: PlatformStage, props: StackProps) {
    super(scope, id, props);
    const { platform, stage, names } = context;
    this.keys = new DataKeys(this, 'Keys', { stage, names });
    this.onCall = new OnCall(this, 'OnCall', { platform, stage, names, key: this.keys.logs });
    this.network = this.createNetwork(stage);
  }

  private createNetwork(stage: Stage): Network | undefined {
    if (stage.vpc === null) return undefined;
    const { cidr, availabilityZones } = stage.vpc;
    return new Network(this, 'Network', { stage, cidr, availabilityZones, logKey: this.keys.logs });
  }
}
