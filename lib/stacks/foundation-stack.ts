import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
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
    this.keys = new DataKeys(this, 'Keys', context);
    this.onCall = new OnCall(this, 'OnCall', { ...context, key: this.keys.logs });
    const { vpc } = context.stage;
    this.network = vpc === null ? undefined : new Network(this, 'Network', { ...context, ...vpc, logKey: this.keys.logs });
  }
}
