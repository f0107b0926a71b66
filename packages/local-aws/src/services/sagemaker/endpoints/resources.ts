import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../../cloud';
import { AwsError } from '../../../errors';

const POLL_MS = 100;

async function unlessGone(deletion: Promise<unknown>): Promise<void> {
  await deletion.catch((error: unknown) => {
    if (!(error instanceof AwsError) || !error.message.startsWith('Could not find')) throw error;
  });
}

async function retag(id: string, context: ResourceContext): Promise<void> {
  if (context.tags.length > 0) await context.call('sagemaker', 'AddTags', { ResourceArn: id, Tags: context.tags });
}

/** A type whose every property but Tags replaces it. */
function immutable(kind: 'Model' | 'EndpointConfig', stored: ResourceType['stored'], enforced: readonly string[]): ResourceType {
  const nameMember = `${kind}Name`;
  const outcome = (name: string, arn: string): ResourceOutcome => ({
    id: arn,
    attributes: { [nameMember]: name, [`${kind}Arn`]: arn },
  });
  const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
  return {
    type: `AWS::SageMaker::${kind}`,
    enforced: [nameMember, 'Tags', ...enforced],
    stored,
    async create(properties, context) {
      const name: string = properties[nameMember] ?? context.generateName(63, true);
      const input = { ...properties, [nameMember]: name, Tags: context.tags };
      const answer = await context.call<Record<string, string>>('sagemaker', `Create${kind}`, input);
      return outcome(name, answer[`${kind}Arn`] ?? '');
    },
    async update(id, properties, _previous, context) {
      await retag(id, context);
      return outcome(properties[nameMember] ?? nameOf(id), id);
    },
    delete: (id, properties, context) =>
      unlessGone(context.call('sagemaker', `Delete${kind}`, { [nameMember]: properties[nameMember] ?? nameOf(id) })),
  };
}

export const model = immutable(
  'Model',
  {
    VpcConfig: 'kept and shown; a model server here has no network of its own',
    EnableNetworkIsolation: 'kept and shown; a model server here has no network of its own',
  },
  ['ExecutionRoleArn', 'PrimaryContainer', 'Containers'],
);

export const endpointConfig = immutable(
  'EndpointConfig',
  {
    KmsKeyId: 'kept and shown; instances here have no volume to encrypt',
    VpcConfig: 'kept and shown; a model server here has no network of its own',
    EnableNetworkIsolation: 'kept and shown; a model server here has no network of its own',
  },
  ['ProductionVariants'],
);

interface Described {
  readonly EndpointArn: string;
  readonly EndpointName: string;
  readonly EndpointConfigName: string;
  readonly EndpointStatus: string;
  readonly FailureReason?: string;
}

function describe(name: string, context: ResourceContext): Promise<Described> {
  return context.call<Described>('sagemaker', 'DescribeEndpoint', { EndpointName: name });
}

/** Waits until nothing is under way; an update lasts as long as its baking on the clock of the cloud. */
async function settled(name: string, context: ResourceContext): Promise<Described> {
  for (;;) {
    const found = await describe(name, context);
    if (!['Creating', 'Updating', 'Deleting'].includes(found.EndpointStatus)) return found;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function outcomeOf({ EndpointArn, EndpointName }: Described): ResourceOutcome {
  return { id: EndpointArn, attributes: { EndpointName, EndpointArn } };
}

const CONFIGURING = ['RetainAllVariantProperties', 'ExcludeRetainedVariantProperties', 'RetainDeploymentConfig'] as const;

function updateInput(name: string, properties: ResourceProperties): object {
  const picked = Object.fromEntries(CONFIGURING.map((member) => [member, properties[member]]));
  return {
    ...picked,
    EndpointName: name,
    EndpointConfigName: properties.EndpointConfigName,
    DeploymentConfig: properties.DeploymentConfig,
  };
}

export const endpoint: ResourceType = {
  type: 'AWS::SageMaker::Endpoint',
  enforced: ['EndpointName', 'EndpointConfigName', 'DeploymentConfig', 'Tags', ...CONFIGURING],
  stored: {},
  async create(properties, context) {
    const name: string = properties.EndpointName ?? context.generateName(63, true);
    await context.call('sagemaker', 'CreateEndpoint', {
      EndpointName: name,
      EndpointConfigName: properties.EndpointConfigName,
      DeploymentConfig: properties.DeploymentConfig,
      Tags: context.tags,
    });
    const found = await settled(name, context);
    // The endpoint is there, so the rollback has to delete it.
    const members = { PhysicalResourceId: found.EndpointArn };
    if (found.EndpointStatus !== 'InService')
      throw new AwsError('NotStabilized', found.FailureReason ?? found.EndpointStatus, { members });
    return outcomeOf(found);
  },
  async update(id, properties, previous, context) {
    const name = (await describe(id.slice(id.lastIndexOf('/') + 1), context)).EndpointName;
    await retag(id, context);
    const present = await settled(name, context);
    // Only a new configuration is an update; the rest says how one is done. A configuration that is served already needs none.
    const wanted: string = properties.EndpointConfigName;
    if (wanted === previous.EndpointConfigName || wanted === present.EndpointConfigName) return outcomeOf(present);
    await context.call('sagemaker', 'UpdateEndpoint', updateInput(name, properties));
    const found = await settled(name, context);
    if (found.EndpointConfigName !== wanted || found.EndpointStatus !== 'InService')
      throw new AwsError('NotStabilized', found.FailureReason ?? found.EndpointStatus);
    return outcomeOf(found);
  },
  async delete(id, properties, context) {
    const name: string = properties.EndpointName ?? id.slice(id.lastIndexOf('/') + 1);
    await unlessGone(context.call('sagemaker', 'DeleteEndpoint', { EndpointName: name }));
    await unlessGone(settled(name, context));
  },
};
