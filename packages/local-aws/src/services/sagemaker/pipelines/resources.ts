import { randomUUID } from 'node:crypto';
import type { ResourceProperties, ResourceType } from '../../../cloud';
import { AwsError, validationError } from '../../../errors';

/** CloudFormation writes the place of a definition in S3 with other names than the API. */
function definition(properties: ResourceProperties): object {
  const given = properties.PipelineDefinition ?? {};
  const { PipelineDefinitionBody: body, PipelineDefinitionS3Location: location } = given;
  const others = Object.keys(given).filter((key) => !['PipelineDefinitionBody', 'PipelineDefinitionS3Location'].includes(key));
  if (others.length > 0) throw validationError(`#/PipelineDefinition: extraneous key [${others.join(', ')}] is not permitted`);
  if ((body === undefined) === (location === undefined))
    throw validationError('#/PipelineDefinition: give exactly one of PipelineDefinitionBody and PipelineDefinitionS3Location');
  if (body !== undefined) return { PipelineDefinition: body };
  return { PipelineDefinitionS3Location: { Bucket: location.Bucket, ObjectKey: location.Key, VersionId: location.Version } };
}

function request(properties: ResourceProperties): object {
  return {
    PipelineName: properties.PipelineName,
    PipelineDisplayName: properties.PipelineDisplayName,
    PipelineDescription: properties.PipelineDescription,
    RoleArn: properties.RoleArn,
    ParallelismConfiguration: properties.ParallelismConfiguration,
    ...definition(properties),
  };
}

export const pipelineResource: ResourceType = {
  type: 'AWS::SageMaker::Pipeline',
  enforced: [
    'PipelineName',
    'PipelineDisplayName',
    'PipelineDescription',
    'PipelineDefinition',
    'RoleArn',
    'ParallelismConfiguration',
    'Tags',
  ],
  stored: {},
  async create(properties, context) {
    const input = { ...request(properties), ClientRequestToken: randomUUID(), Tags: context.tags };
    await context.call('sagemaker', 'CreatePipeline', input);
    return { id: properties.PipelineName };
  },
  async update(id, properties, _previous, context) {
    const { PipelineArn } = await context.call<{ PipelineArn: string }>('sagemaker', 'UpdatePipeline', request(properties));
    if (context.tags.length > 0) await context.call('sagemaker', 'AddTags', { ResourceArn: PipelineArn, Tags: context.tags });
    return { id };
  },
  async delete(id, _properties, context) {
    const input = { PipelineName: id, ClientRequestToken: randomUUID() };
    await context.call('sagemaker', 'DeletePipeline', input).catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFound') throw error;
    });
  },
};
