import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Caller } from '../../src/cloud';
import { CloudBench } from './cloud-bench';
import { DeployedStacks } from './deployed-stacks';

/** A local AWS with stacks. */
export class StackBench extends DeployedStacks {
  private constructor(
    readonly bench: CloudBench,
    client: CloudFormationClient,
  ) {
    super(client);
  }

  static async start(): Promise<StackBench> {
    const bench = await CloudBench.start();
    return new StackBench(bench, await bench.client(CloudFormationClient));
  }

  async restart(between?: () => void): Promise<void> {
    await this.bench.restart(between);
    this.client = await this.bench.client(CloudFormationClient);
  }

  stop(): Promise<void> {
    return this.bench.stop();
  }

  /** An operation of the cloud as its root. */
  call<Output>(service: string, operation: string, input: object): Promise<Output> {
    const root: Caller = { kind: 'root', arn: 'arn:aws:iam::000000000000:root', account: this.bench.cloud.account };
    return this.bench.cloud.call<Output>(service, operation, input, root);
  }

  async parameter(Name: string): Promise<string | undefined> {
    const answer = await this.call<{ Parameter: { Value: string } }>('ssm', 'GetParameter', { Name }).catch(() => undefined);
    return answer?.Parameter.Value;
  }
}

export function parameter(Name: string, Value: unknown, more: object = {}): object {
  return { Type: 'AWS::SSM::Parameter', Properties: { Name, Type: 'String', Value }, ...more };
}
