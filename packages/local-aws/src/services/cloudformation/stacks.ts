import type * as Sdk from '@aws-sdk/client-cloudformation';
import type { Call, Operations } from '../../cloud';
import { neededCapability } from './capabilities';
import type { ChangeSets } from './change-sets';
import { shownParameters } from './masking';
import type { Proposals } from './proposal';
import type { EventRecord, ResourceRecord, StackRecord } from './records';
import type { StackLog } from './stack-log';
import type { StackStore } from './store';
import { type Template, templateError } from './template';

const PAGE = 100;

function describeStack(stack: StackRecord): Sdk.Stack {
  return {
    StackId: stack.id,
    StackName: stack.name,
    StackStatus: stack.status as Sdk.StackStatus,
    StackStatusReason: stack.statusReason,
    Description: stack.description,
    CreationTime: new Date(stack.created),
    LastUpdatedTime: stack.updated === undefined ? undefined : new Date(stack.updated),
    DeletionTime: stack.deleted === undefined ? undefined : new Date(stack.deleted),
    Parameters: shownParameters(stack.parameters),
    Tags: [...stack.tags],
    Outputs: stack.outputs.map((output) => ({
      OutputKey: output.key,
      OutputValue: output.value,
      Description: output.description,
      ExportName: output.exportName,
    })),
    RoleARN: stack.roleArn,
    Capabilities: [...stack.capabilities] as Sdk.Capability[],
    EnableTerminationProtection: stack.terminationProtection,
    DisableRollback: false,
    NotificationARNs: [],
  };
}

function describeEvent(stack: StackRecord, event: EventRecord): Sdk.StackEvent {
  return {
    StackId: stack.id,
    StackName: stack.name,
    EventId: event.id,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    ResourceStatus: event.status as Sdk.ResourceStatus,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties,
    Timestamp: new Date(event.timestamp),
    ClientRequestToken: event.token,
  };
}

function summary(
  record: ResourceRecord,
): { LogicalResourceId: string; PhysicalResourceId: string; ResourceType: string } & object {
  return {
    LogicalResourceId: record.logicalId,
    PhysicalResourceId: record.physicalId,
    ResourceType: record.type,
    ...{ ResourceStatus: record.status },
  };
}

function parametersOf(template: Template) {
  return Object.entries(template.Parameters ?? {}).map(([ParameterKey, { Type, Default, NoEcho, Description }]) => ({
    ParameterKey,
    type: Type,
    DefaultValue: Default === undefined ? undefined : String(Default),
    NoEcho: NoEcho === true || NoEcho === 'true',
    Description,
  }));
}

function capabilitiesOf(template: Template): object {
  const needed = neededCapability(template);
  if (needed === undefined) return {};
  const CapabilitiesReason = `The following resource(s) require capabilities: [${needed.types.join(', ')}]`;
  return { Capabilities: [needed.capability], CapabilitiesReason };
}

function page<T>(all: readonly T[], token: string | undefined): { items: readonly T[]; NextToken?: string } {
  const start = Number(token ?? 0);
  const items = all.slice(start, start + PAGE);
  return start + PAGE < all.length ? { items, NextToken: String(start + PAGE) } : { items };
}

/** What clients ask about stacks. */
export class Stacks {
  constructor(
    private readonly store: StackStore,
    private readonly log: StackLog,
    private readonly proposals: Proposals,
    private readonly changeSets: ChangeSets,
  ) {}

  operations(): Operations {
    return {
      DescribeStacks: ({ StackName, NextToken }: Sdk.DescribeStacksCommandInput) => {
        const { items, ...rest } = page(StackName === undefined ? this.store.live() : [this.find(StackName)], NextToken);
        return { Stacks: items.map(describeStack), ...rest };
      },
      ListStacks: (input: Sdk.ListStacksCommandInput) => this.list(input),
      DescribeStackEvents: (input: Sdk.DescribeStackEventsCommandInput) => {
        const stack = this.find(input.StackName, (name) => `Stack [${name}] does not exist`);
        const { items, ...rest } = page(this.store.eventsOf(stack.id), input.NextToken);
        return { StackEvents: items.map((event) => describeEvent(stack, event)), ...rest };
      },
      DescribeStackResources: (input: Sdk.DescribeStackResourcesCommandInput) => this.resources(input),
      DescribeStackResource: (input: Sdk.DescribeStackResourceCommandInput) => this.resource(input),
      ListStackResources: (input: Sdk.ListStackResourcesCommandInput) => {
        const { items, ...rest } = page(this.store.resourcesOf(this.find(input.StackName).id), input.NextToken);
        return {
          StackResourceSummaries: items.map((one) => ({ ...summary(one), LastUpdatedTimestamp: new Date(one.updated) })),
          ...rest,
        };
      },
      GetTemplate: (input: Sdk.GetTemplateCommandInput) => ({
        TemplateBody: this.template(input.StackName, input.ChangeSetName),
        StagesAvailable: ['Original', 'Processed'],
      }),
      GetTemplateSummary: (input: Sdk.GetTemplateSummaryCommandInput, call: Call) => this.templateSummary(input, call),
      ValidateTemplate: (input: Sdk.ValidateTemplateCommandInput, call: Call) => this.validation(input, call),
      UpdateTerminationProtection: async (input: Sdk.UpdateTerminationProtectionCommandInput) => {
        const stack = this.find(input.StackName);
        await this.log.put(stack.id, { terminationProtection: input.EnableTerminationProtection === true });
        return { StackId: stack.id };
      },
      ListExports: () => ({
        Exports: this.store
          .live()
          .flatMap((stack) =>
            stack.outputs.flatMap(({ exportName, value }) =>
              exportName === undefined ? [] : [{ ExportingStackId: stack.id, Name: exportName, Value: value }],
            ),
          ),
      }),
    };
  }

  private find(name: string | undefined, text = (given: string): string => `Stack with id ${given} does not exist`): StackRecord {
    const stack = this.store.find(name ?? '');
    if (stack === undefined) throw templateError(text(name ?? ''));
    return stack;
  }

  private list({ StackStatusFilter, NextToken }: Sdk.ListStacksCommandInput): object {
    const filter: readonly string[] | undefined = StackStatusFilter;
    const { items, ...rest } = page(
      this.store.all().filter(({ status }) => filter === undefined || filter.includes(status)),
      NextToken,
    );
    const summaries = items.map(describeStack).map((stack) => ({
      StackId: stack.StackId,
      StackName: stack.StackName,
      StackStatus: stack.StackStatus,
      StackStatusReason: stack.StackStatusReason,
      TemplateDescription: stack.Description,
      CreationTime: stack.CreationTime,
      LastUpdatedTime: stack.LastUpdatedTime,
      DeletionTime: stack.DeletionTime,
    }));
    return { StackSummaries: summaries, ...rest };
  }

  private resources(input: Sdk.DescribeStackResourcesCommandInput): object {
    const stack = this.find(input.StackName);
    const all = this.store
      .resourcesOf(stack.id)
      .filter(({ logicalId }) => input.LogicalResourceId === undefined || input.LogicalResourceId === logicalId);
    return {
      StackResources: all.map((record) => ({
        StackId: stack.id,
        StackName: stack.name,
        ...summary(record),
        Timestamp: new Date(record.updated),
      })),
    };
  }

  private resource({ StackName, LogicalResourceId }: Sdk.DescribeStackResourceCommandInput): object {
    const stack = this.find(StackName, (name) => `Stack '${name}' does not exist`);
    const record = this.store.resourcesOf(stack.id).find(({ logicalId }) => logicalId === LogicalResourceId);
    if (record === undefined) throw templateError(`Resource ${LogicalResourceId} does not exist for stack ${stack.name}`);
    const own = { StackId: stack.id, StackName: stack.name, LastUpdatedTimestamp: new Date(record.updated) };
    return { StackResourceDetail: { ...own, ...summary(record) } };
  }

  private template(stackName: string | undefined, changeSet: string | undefined): string {
    if (changeSet === undefined) return this.find(stackName).template;
    const record = this.changeSets.seek(changeSet, this.store.find(stackName ?? ''));
    return record?.template ?? this.find(stackName).template;
  }

  private async templateSummary(input: Sdk.GetTemplateSummaryCommandInput, call: Call): Promise<object> {
    const text =
      input.StackName === undefined
        ? await this.proposals.readTemplate(input.TemplateBody, input.TemplateURL, call)
        : this.find(input.StackName).template;
    const template = this.proposals.validate(text);
    return {
      Parameters: parametersOf(template).map(({ type, ...rest }) => ({ ...rest, ParameterType: type })),
      Description: template.Description,
      ...capabilitiesOf(template),
      ResourceTypes: [...new Set(Object.values(template.Resources).map(({ Type }) => Type))],
    };
  }
  private async validation({ TemplateBody, TemplateURL }: Sdk.ValidateTemplateCommandInput, call: Call): Promise<object> {
    const template = this.proposals.validate(await this.proposals.readTemplate(TemplateBody, TemplateURL, call));
    return {
      Parameters: parametersOf(template).map(({ type, ...rest }) => rest),
      Description: template.Description,
      ...capabilitiesOf(template),
    };
  }
}
