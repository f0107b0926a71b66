import { Stack, type StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import type { Platform, Stage } from '../../core/definition';
import type { Names } from '../../core/naming';
import { DataKeys } from '../foundation/data-keys';
import { Network } from '../foundation/network';
import { OnCall } from '../foundation/on-call';
import { StageAlarms } from '../monitoring/stage-alarms';

/** What the stack is made from. */
export interface FoundationContext {
  /** Its name, for descriptions and budgets, and its sources, for alarms. */
  readonly platform: Platform;
  /** Network, on-call, budget and removal. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
}

/** Keys, network and on-call with the alarms of the stage: what every other stack builds on. */
export class FoundationStack extends Stack {
  readonly keys: DataKeys;
  readonly onCall: OnCall;
  readonly network: Network | undefined;

  constructor(scope: Construct, id: string, context: FoundationContext, props: StackProps) {
    super(scope, id, props);
    const { platform, stage, names } = context;
    this.keys = new DataKeys(this, 'Keys', { stage, names });
    this.onCall = new OnCall(this, 'OnCall', { platform, stage, names, key: this.keys.logs });
    new StageAlarms(this, 'Alarms', { platform, names, onCall: new SnsAction(this.onCall.topic) });
    this.network = this.createNetwork(stage);
  }

  private createNetwork(stage: Stage): Network | undefined {
    if (stage.vpc === null) return undefined;
    const { cidr, availabilityZones } = stage.vpc;
    return new Network(this, 'Network', { stage, cidr, availabilityZones, logKey: this.keys.logs });
  }
}
