import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../../cloud';
import { AwsError } from '../../../errors';

interface Group {
  readonly ModelPackageGroupArn: string;
  readonly ModelPackageGroupStatus: string;
  readonly CreationTime: Date;
}

async function outcome(name: string, context: ResourceContext): Promise<ResourceOutcome> {
  const group = await context.call<Group>('sagemaker', 'DescribeModelPackageGroup', { ModelPackageGroupName: name });
  return {
    id: group.ModelPackageGroupArn,
    attributes: {
      ModelPackageGroupArn: group.ModelPackageGroupArn,
      ModelPackageGroupStatus: group.ModelPackageGroupStatus,
      CreationTime: group.CreationTime.toISOString(),
    },
  };
}

const policyText = (policy: unknown): string => (typeof policy === 'string' ? policy : JSON.stringify(policy));
const nameOf = (properties: ResourceProperties): { ModelPackageGroupName: string } => ({
  ModelPackageGroupName: properties.ModelPackageGroupName,
});

async function putPolicy(properties: ResourceProperties, context: ResourceContext): Promise<void> {
  const input = { ...nameOf(properties), ResourcePolicy: policyText(properties.ModelPackageGroupPolicy) };
  await context.call('sagemaker', 'PutModelPackageGroupPolicy', input);
}

export const modelPackageGroup: ResourceType = {
  type: 'AWS::SageMaker::ModelPackageGroup',
  enforced: ['ModelPackageGroupName', 'ModelPackageGroupDescription', 'Tags'],
  stored: { ModelPackageGroupPolicy: 'kept and shown; there is one account, so no other is let in' },
  async create(properties, context) {
    await context.call('sagemaker', 'CreateModelPackageGroup', {
      ...nameOf(properties),
      ModelPackageGroupDescription: properties.ModelPackageGroupDescription,
      Tags: context.tags,
    });
    if (properties.ModelPackageGroupPolicy !== undefined) await putPolicy(properties, context);
    return outcome(properties.ModelPackageGroupName, context);
  },
  async update(id, properties, previous, context) {
    if (properties.ModelPackageGroupPolicy !== undefined) await putPolicy(properties, context);
    else if (previous.ModelPackageGroupPolicy !== undefined)
      await context.call('sagemaker', 'DeleteModelPackageGroupPolicy', nameOf(properties));
    if (context.tags.length > 0) await context.call('sagemaker', 'AddTags', { ResourceArn: id, Tags: context.tags });
    return outcome(properties.ModelPackageGroupName, context);
  },
  async delete(id, _properties, context) {
    await context.call('sagemaker', 'DeleteModelPackageGroup', { ModelPackageGroupName: id }).catch((error: unknown) => {
      if (!(error instanceof AwsError) || !error.message.includes('does not exist')) throw error;
    });
  },
};
