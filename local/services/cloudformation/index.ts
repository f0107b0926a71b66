import type * as Sdk from '@aws-sdk/client-cloudformation';
import type { Call, Cloud, Operations, ResourceType, Service } from '../../cloud';
import { ChangeSets, isBusy, parametersOf, readTemplate } from './change-sets';
import { CustomResources } from './custom-resource';
import { Engine } from './engine';
import { type StackRecord, StackStore } from './store';
import { templateError } from './template';

const metadata: ResourceType = {
  type: 'AWS::CDK::Metadata',
  enforced: ['Analytics'],
  stored: {},
  create: async (_properties, context) => ({ id: `${context.stackName}-metadata` }),
  update: async (id) => ({ id }),
  delete: async () => undefined,
};

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
    Parameters: parametersOf(stack.parameters),
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

function stackOperations(cloud: Cloud, store: StackStore, engine: Engine): Operations {
  const find = (name: string | undefined, text: (name: string) => string): StackRecord => {
    const stack = store.find(name ?? '');
    if (stack === undefined) throw templateError(text(name ?? ''));
    return stack;
  };
  const missing = (name: string): string => `Stack with id ${name} does not exist`;
  return {
    DescribeStacks: (input: Sdk.DescribeStacksCommandInput) => ({
      Stacks: (input.StackName === undefined
        ? store.all().filter(({ status }) => status !== 'DELETE_COMPLETE')
        : [find(input.StackName, missing)]
      ).map(describeStack),
    }),
    ListStacks: (input: Sdk.ListStacksCommandInput) => ({
      StackSummaries: store
        .all()
        .filter(({ status }) => input.StackStatusFilter === undefined || (input.StackStatusFilter as string[]).includes(status))
        .map((stack) => ({
          StackId: stack.id,
          StackName: stack.name,
          StackStatus: stack.status,
          CreationTime: new Date(stack.created),
        })),
    }),
    DescribeStackEvents: (input: Sdk.DescribeStackEventsCommandInput) => {
      const stack = find(input.StackName, (name) => `Stack [${name}] does not exist`);
      const all = store.eventsOf(stack.id);
      const start = Number(input.NextToken ?? 0);
      const page = all.slice(start, start + 100).map((event) => ({
        StackId: stack.id,
        StackName: stack.name,
        EventId: event.id,
        LogicalResourceId: event.logicalId,
        PhysicalResourceId: event.physicalId,
        ResourceType: event.type,
        ResourceStatus: event.status,
        ResourceStatusReason: event.reason,
        Timestamp: new Date(event.timestamp),
        ClientRequestToken: event.token,
      }));
      return { StackEvents: page, ...(start + 100 < all.length ? { NextToken: String(start + 100) } : {}) };
    },
    DescribeStackResources: (input: Sdk.DescribeStackResourcesCommandInput) => {
      const stack = find(input.StackName, missing);
      return {
        StackResources: store.resourcesOf(stack.id).map((record) => ({
          StackId: stack.id,
          StackName: stack.name,
          ...resourceSummary(record),
          Timestamp: new Date(record.updated),
        })),
      };
    },
    ListStackResources: (input: Sdk.ListStackResourcesCommandInput) => ({
      StackResourceSummaries: store
        .resourcesOf(find(input.StackName, missing).id)
        .map((record) => ({ ...resourceSummary(record), LastUpdatedTimestamp: new Date(record.updated) })),
    }),
    GetTemplate: (input: Sdk.GetTemplateCommandInput) => ({
      TemplateBody: find(input.StackName, missing).template,
      StagesAvailable: ['Original', 'Processed'],
    }),
    GetTemplateSummary: async (input: Sdk.GetTemplateSummaryCommandInput, call: Call) => {
      const text =
        input.StackName === undefined
          ? await readTemplate(cloud, input.TemplateBody, input.TemplateURL, call)
          : find(input.StackName, missing).template;
      const template = engine.validate(text);
      const parameters = Object.entries(template.Parameters ?? {}).map(([ParameterKey, { Type, Default }]) => ({
        ParameterKey,
        ParameterType: Type,
        DefaultValue: Default === undefined ? undefined : String(Default),
      }));
      return {
        Parameters: parameters,
        Description: template.Description,
        ResourceTypes: [...new Set(Object.values(template.Resources).map(({ Type }) => Type))],
      };
    },
    UpdateTerminationProtection: async (input: Sdk.UpdateTerminationProtectionCommandInput) => {
      const stack = find(input.StackName, missing);
      await engine.putStack(stack.id, { terminationProtection: input.EnableTerminationProtection === true });
      return { StackId: stack.id };
    },
    ListExports: () => ({
      Exports: store
        .all()
        .filter(({ status }) => status !== 'DELETE_COMPLETE')
        .flatMap((stack) =>
          stack.outputs.flatMap(({ exportName, value }) =>
            exportName === undefined ? [] : [{ ExportingStackId: stack.id, Name: exportName, Value: value }],
          ),
        ),
    }),
    DeleteStack: async (input: Sdk.DeleteStackCommandInput) => {
      const stack = store.find(input.StackName ?? '');
      if (stack === undefined || stack.status === 'DELETE_COMPLETE') return {};
      if (stack.terminationProtection)
        throw templateError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
      if (isBusy(stack)) throw templateError(`Stack:${stack.id} is in ${stack.status} state and can not be deleted.`);
      const used = engine.importer(stack);
      if (used !== undefined)
        throw templateError(`Delete canceled. Cannot delete export ${used.exportName} as it is in use by ${used.by}`);
      await engine.remove(stack.id, input.ClientRequestToken);
      return {};
    },
  };
}

function resourceSummary(record: { logicalId: string; physicalId: string; type: string; status: string }): object {
  return {
    LogicalResourceId: record.logicalId,
    PhysicalResourceId: record.physicalId,
    ResourceType: record.type,
    ResourceStatus: record.status,
  };
}

/** CloudFormation over the handlers of all services; `handlers` is asked late, since they come into being together. */
export function cloudFormation(cloud: Cloud, handlers: () => readonly ResourceType[]): Service {
  const store = new StackStore(cloud.storage);
  const custom = new CustomResources(cloud);
  let byType: Map<string, ResourceType> | undefined;
  const handlerOf = (type: string): ResourceType | undefined => {
    byType ??= new Map([metadata, ...handlers()].map((handler) => [handler.type, handler]));
    if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') return custom.handler(type);
    return byType.get(type);
  };
  const engine = new Engine(cloud, store, handlerOf);
  return {
    name: 'cloudformation',
    signingNames: ['cloudformation'],
    sdk: '@aws-sdk/client-cloudformation',
    operations: { ...stackOperations(cloud, store, engine), ...new ChangeSets(cloud, store, engine).operations() },
    routes: [custom],
    async start() {
      for (const stack of store.all().filter(isBusy)) {
        const failed = stack.status.replace(/(_COMPLETE_CLEANUP)?_IN_PROGRESS$/, '_FAILED');
        await engine.stackStatus(stack.id, failed, 'The local AWS was stopped during this operation.');
      }
    },
  };
}
