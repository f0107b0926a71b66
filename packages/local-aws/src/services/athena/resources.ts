import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../cloud';
import { AwsError } from '../../errors';

interface Described {
  readonly WorkGroup: { readonly CreationTime: Date };
}

/** Template booleans and numbers may come as text. */
function configurationOf(given: ResourceProperties): ResourceProperties {
  const flag = (value: unknown): boolean | undefined => (value === undefined ? undefined : String(value) === 'true');
  const cutoff = given?.BytesScannedCutoffPerQuery;
  return {
    ...given,
    EnforceWorkGroupConfiguration: flag(given?.EnforceWorkGroupConfiguration),
    PublishCloudWatchMetricsEnabled: flag(given?.PublishCloudWatchMetricsEnabled),
    RequesterPaysEnabled: flag(given?.RequesterPaysEnabled),
    BytesScannedCutoffPerQuery: cutoff === undefined ? undefined : Number(cutoff),
  };
}

async function outcome(id: string, context: ResourceContext): Promise<ResourceOutcome> {
  const { WorkGroup } = await context.call<Described>('athena', 'GetWorkGroup', { WorkGroup: id });
  return { id, attributes: { CreationTime: String(WorkGroup.CreationTime.getTime() / 1000) } };
}

/** What an update must change or take away to reach `next`. */
function updatesOf(next: ResourceProperties): object {
  const { ResultConfiguration, ...plain } = configurationOf(next);
  const { OutputLocation, EncryptionConfiguration } = ResultConfiguration ?? {};
  return {
    ...plain,
    ...(plain.BytesScannedCutoffPerQuery === undefined ? { RemoveBytesScannedCutoffPerQuery: true } : {}),
    ResultConfigurationUpdates: {
      OutputLocation,
      RemoveOutputLocation: OutputLocation === undefined,
      EncryptionConfiguration,
      RemoveEncryptionConfiguration: EncryptionConfiguration === undefined,
    },
  };
}

const workgroup: ResourceType = {
  type: 'AWS::Athena::WorkGroup',
  enforced: ['Name', 'Description', 'State', 'WorkGroupConfiguration', 'RecursiveDeleteOption'],
  stored: { Tags: 'shown by no operation that is supported' },
  async create(properties, context) {
    const { Name, Description, State } = properties;
    const Configuration = configurationOf(properties.WorkGroupConfiguration);
    await context.call('athena', 'CreateWorkGroup', { Name, Description, Configuration, Tags: context.tags });
    if (State !== undefined) await context.call('athena', 'UpdateWorkGroup', { WorkGroup: Name, State });
    return outcome(Name, context);
  },
  async update(id, properties, _previous, context) {
    await context.call('athena', 'UpdateWorkGroup', {
      WorkGroup: id,
      Description: properties.Description ?? '',
      State: properties.State ?? 'ENABLED',
      ConfigurationUpdates: updatesOf(properties.WorkGroupConfiguration),
    });
    return outcome(id, context);
  },
  async delete(id, properties, context) {
    const RecursiveDeleteOption = String(properties.RecursiveDeleteOption) === 'true';
    await context.call('athena', 'DeleteWorkGroup', { WorkGroup: id, RecursiveDeleteOption }).catch((error: unknown) => {
      if (!(error instanceof AwsError) || !error.message.includes('not found')) throw error;
    });
  },
};

export const athenaResources: readonly ResourceType[] = [workgroup];
