import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';

export type Resources = Record<string, object>;

/** Stacks that are deployed by change sets, as CDK's toolkit does. */
export class DeployedStacks {
  private sets = 0;

  constructor(public client: CloudFormationClient) {}

  /** Creates a change set for `Resources` (or a whole template) and describes it. */
  async plan(StackName: string, template: object, options: Partial<CreateChangeSetCommandInput> = {}) {
    const ChangeSetName = `set-${this.sets++}`;
    const exists = await this.status(StackName);
    const ChangeSetType = exists === 'GONE' || exists === 'REVIEW_IN_PROGRESS' ? 'CREATE' : 'UPDATE';
    const TemplateBody = JSON.stringify('Resources' in template ? template : { Resources: template });
    const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
    await this.client.send(
      new CreateChangeSetCommand({ StackName, ChangeSetName, ChangeSetType, TemplateBody, Capabilities, ...options }),
    );
    return this.client.send(new DescribeChangeSetCommand({ StackName, ChangeSetName }));
  }

  /** Deploys and gives the stack's status at rest; a change set without changes gives its reason. */
  async deploy(StackName: string, template: object, options: Partial<CreateChangeSetCommandInput> = {}): Promise<string> {
    const set = await this.plan(StackName, template, options);
    if (set.Status === 'FAILED') return set.StatusReason ?? '';
    return this.execute(StackName, set.ChangeSetName);
  }

  async execute(StackName: string, ChangeSetName: string | undefined): Promise<string> {
    await this.client.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName }));
    return this.settled(StackName);
  }

  async settled(stack: string): Promise<string> {
    for (;;) {
      const status = await this.status(stack);
      if (!status.endsWith('_IN_PROGRESS')) return status;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Resolves when the stack has told an event, as `logicalId status`. */
  async until(StackName: string, event: string): Promise<void> {
    while (!(await this.events(StackName)).includes(event)) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async delete(StackName: string): Promise<string> {
    await this.client.send(new DeleteStackCommand({ StackName }));
    return this.settled(StackName);
  }

  async status(StackName: string): Promise<string> {
    const answer = await this.client.send(new DescribeStacksCommand({ StackName })).catch((error: Error) => {
      if (error.message !== `Stack with id ${StackName} does not exist`) throw error;
      return undefined;
    });
    return answer?.Stacks?.[0]?.StackStatus ?? 'GONE';
  }

  async outputs(StackName: string): Promise<Record<string, string>> {
    const { Stacks } = await this.client.send(new DescribeStacksCommand({ StackName }));
    return Object.fromEntries((Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  }

  /** Physical ids by logical id. */
  async resources(StackName: string): Promise<Record<string, string>> {
    const { StackResources } = await this.client.send(new DescribeStackResourcesCommand({ StackName }));
    return Object.fromEntries((StackResources ?? []).map((one) => [one.LogicalResourceId, one.PhysicalResourceId ?? '']));
  }

  /** The newest events as they are, newest first. */
  async rawEvents(StackName: string): Promise<StackEvent[]> {
    return (await this.client.send(new DescribeStackEventsCommand({ StackName }))).StackEvents ?? [];
  }

  /** `logicalId status` of every event, oldest first; with reasons where `reasons` says so. */
  async events(StackName: string, reasons = false): Promise<string[]> {
    const { StackEvents } = await this.client.send(new DescribeStackEventsCommand({ StackName }));
    return (StackEvents ?? [])
      .map(
        ({ LogicalResourceId, ResourceStatus, ResourceStatusReason }) =>
          `${LogicalResourceId} ${ResourceStatus}${reasons && ResourceStatusReason !== undefined ? ` ${ResourceStatusReason}` : ''}`,
      )
      .reverse();
  }

  /** As `deploy`, with the reasons of what failed behind the status. */
  async deployOrReasons(StackName: string, template: object): Promise<string> {
    const status = await this.deploy(StackName, template);
    const reasons = (await this.rawEvents(StackName)).flatMap(({ ResourceStatus, ResourceStatusReason }) =>
      ResourceStatus?.endsWith('FAILED') === true ? [ResourceStatusReason ?? ''] : [],
    );
    return reasons.length === 0 ? status : `${status}: ${reasons.join('; ')}`;
  }
}
